/// Curves over epochs as SVG; each takes its colour from the class of its name in the page's style.
struct CurveChart {
  /// A value for each epoch.
  struct Curve {
    let name: String
    let values: [Double]
  }

  let title: String

  /// Whether values are shares, written in percent.
  let isShare: Bool

  let curves: [Curve]

  private static let (width, height) = (720.0, 300.0)
  private static let (left, right, top, bottom) = (64.0, 16.0, 34.0, 40.0)

  /// The image as an element of HTML.
  var svg: String {
    let (low, high) = range
    let lines = (0...4).map { step in
      let value = low + (high - low) * Double(step) / 4
      let y = Self.text(place(value, low, high))
      return "<line class=\"rule\" x1=\"\(Self.left)\" x2=\"\(Self.width - Self.right)\" y1=\"\(y)\" y2=\"\(y)\"/>"
        + "<text x=\"\(Self.left - 6)\" y=\"\(y)\" text-anchor=\"end\" dominant-baseline=\"middle\">\(label(value))</text>"
    }
    let names = curves.enumerated().map { index, curve in
      "<text class=\"\(curve.name)\" x=\"\(Self.left + 120 + Double(index) * 100)\" y=\"18\">"
        + "\(curve.name)</text>"
    }
    return """
      <svg role="img" aria-label="\(title)" viewBox="0 0 \(Self.width) \(Self.height)" width="\(Self.width)">
      <text x="\(Self.left)" y="18" font-weight="bold">\(title)</text>\(names.joined())
      \(lines.joined(separator: "\n"))
      \(epochLabels)
      \(curves.map { drawn($0, low, high) }.joined(separator: "\n"))
      </svg>
      """
  }

  private var epochCount: Int { curves.map(\.values.count).max() ?? 0 }

  /// The smallest and the largest finite value, never the same.
  private var range: (low: Double, high: Double) {
    let values = curves.flatMap(\.values).filter(\.isFinite)
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    return high > low ? (low, high) : (low - 0.5, high + 0.5)
  }

  private func drawn(_ curve: Curve, _ low: Double, _ high: Double) -> String {
    let points = curve.values.enumerated().filter { $0.element.isFinite }.map { epoch, value in
      (x: Self.text(place(epoch: epoch)), y: Self.text(place(value, low, high)))
    }
    let line = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
    let dots = points.map { "<circle class=\"\(curve.name)\" cx=\"\($0.x)\" cy=\"\($0.y)\" r=\"3\"/>" }
    return "<polyline class=\"line \(curve.name)\" style=\"fill:none\" points=\"\(line)\"/>" + dots.joined()
  }

  private var epochLabels: String {
    let step = max((epochCount + 9) / 10, 1)
    return stride(from: 0, to: epochCount, by: step).map { epoch in
      "<text x=\"\(Self.text(place(epoch: epoch)))\" y=\"\(Self.height - 14)\" text-anchor=\"middle\">\(epoch + 1)</text>"
    }.joined()
  }

  private func place(_ value: Double, _ low: Double, _ high: Double) -> Double {
    Self.height - Self.bottom - (value - low) / (high - low) * (Self.height - Self.top - Self.bottom)
  }

  private func place(epoch: Int) -> Double {
    let room = Self.width - Self.left - Self.right - 16
    return Self.left + 8 + (epochCount > 1 ? Double(epoch) / Double(epochCount - 1) * room : room / 2)
  }

  private func label(_ value: Double) -> String {
    isShare ? TrainProgress.number(value * 100, 2) + " %" : TrainProgress.number(value, 4)
  }

  private static func text(_ place: Double) -> String { TrainProgress.number(place, 1) }
}
