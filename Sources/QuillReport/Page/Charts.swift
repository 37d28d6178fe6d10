import Foundation

/// Drawings of reports as elements of SVG; their colours come from `HTMLPage`'s style.
package enum Charts {
  /// A matrix of counts, a row for each true class: hits in one colour, the stronger the greater their share of the row, mistakes
  /// in another, the strongest the one with the greatest share. Of more than 60 classes it would be no drawing: `nil`.
  package static func confusion(_ counts: [[Int]], names: [String]) -> String? {
    guard names.count <= 60, !names.isEmpty else { return nil }
    let cell = names.count <= 12 ? 46 : names.count <= 26 ? 30 : 18
    let margin = 24 + 8 * min(12, names.map(\.count).max() ?? 1)
    let side = margin + cell * names.count
    var parts: [String] = []
    let worst =
      counts.enumerated().map { row, counts in
        let total = max(counts.reduce(0, +), 1)
        return (counts.enumerated().filter { $0.offset != row }.map(\.element).max() ?? 0, total)
      }.map { Double($0) / Double($1) }.max() ?? 0
    for (row, counts) in counts.enumerated() {
      let total = max(counts.reduce(0, +), 1)
      let y = margin + row * cell
      parts.append(label(short(names[row]), x: margin - 6, y: y + cell / 2 + 4, anchor: "end"))
      for (column, count) in counts.enumerated() {
        let x = margin + column * cell
        if count > 0 {
          // The root keeps rare mistakes visible.
          let share = Double(count) / Double(total) / (row == column ? 1 : worst)
          let strength = decimal(0.08 + 0.5 * share.squareRoot())
          parts.append(
            "<rect class=\"\(row == column ? "hit" : "miss")\" fill-opacity=\"\(strength)\" x=\"\(x)\" y=\"\(y)\" "
              + "width=\"\(cell)\" height=\"\(cell)\"/>")
          if cell >= 18 { parts.append(label(String(count), x: x + cell / 2, y: y + cell / 2 + 4, anchor: "middle")) }
        }
      }
    }
    for (column, name) in names.enumerated() {
      parts.append(label(short(name), x: margin + column * cell + cell / 2, y: margin - 6, anchor: "middle"))
    }
    for line in 0...names.count {
      let place = margin + line * cell
      parts.append("<line class=\"rule\" x1=\"\(margin)\" x2=\"\(side)\" y1=\"\(place)\" y2=\"\(place)\"/>")
      parts.append("<line class=\"rule\" y1=\"\(margin)\" y2=\"\(side)\" x1=\"\(place)\" x2=\"\(place)\"/>")
    }
    return svg("confusion matrix", width: side + 2, height: side + 2, parts)
  }

  /// The accuracy of each bin of confidence against the line on which a calibrated network lies, and below it how many answers
  /// fall into each.
  package static func reliability(_ calibration: Calibration) -> String {
    let (left, top, side, countHeight) = (44, 10, 300, 70)
    let bottom = top + side
    var parts = [
      "<line class=\"dashed\" x1=\"\(left)\" y1=\"\(bottom)\" x2=\"\(left + side)\" y2=\"\(top)\"/>",
      "<rect class=\"rule\" x=\"\(left)\" y=\"\(top)\" width=\"\(side)\" height=\"\(side)\"/>",
    ]
    let most = Double(max(calibration.bins.map(\.images).max() ?? 1, 1))
    for (index, bin) in calibration.bins.enumerated() where bin.images > 0 {
      let x = left + index * side / 10 + 2
      let height = bin.accuracy * Double(side)
      parts.append(bar("hit", x: x, bottom: Double(bottom), width: side / 10 - 4, height: height, opacity: 0.75))
      let share = max(1, Double(bin.images) / most * Double(countHeight))
      parts.append(
        bar("dim", x: x, bottom: Double(bottom + 34 + countHeight), width: side / 10 - 4, height: share, opacity: 0.6))
      parts.append(label(String(bin.images), x: x + side / 20 - 2, y: bottom + 48 + countHeight, anchor: "middle"))
    }
    for step in [0, 5, 10] {
      let place = step * side / 10
      parts.append(label(decimal(Double(step) / 10), x: left + place, y: bottom + 16, anchor: "middle"))
      parts.append(label(decimal(Double(step) / 10), x: left - 6, y: bottom - place + 4, anchor: "end"))
    }
    parts.append(
      label("accuracy by confidence; below, answers", x: left, y: bottom + 30, anchor: "start"))
    return svg("reliability diagram", width: left + side + 20, height: bottom + 60 + countHeight, parts)
  }

  /// A bar for each name, with its number.
  package static func bars(_ title: String, _ values: [(name: String, value: Int)]) -> String {
    let most = max(values.map(\.value).max() ?? 1, 1)
    let margin = 20 + 8 * min(14, values.map(\.name.count).max() ?? 1)
    let rows = values.enumerated().map { index, value in
      let y = 4 + index * 22
      let width = value.value * 420 / most
      return label(short(value.name), x: margin - 8, y: y + 14, anchor: "end")
        + "<rect class=\"hit\" fill-opacity=\"0.75\" x=\"\(margin)\" y=\"\(y)\" width=\"\(width)\" height=\"18\"/>"
        + label(String(value.value), x: margin + width + 6, y: y + 14, anchor: "start")
    }
    return svg(title, width: margin + 500, height: 8 + values.count * 22, rows)
  }

  private static func bar(_ kind: String, x: Int, bottom: Double, width: Int, height: Double, opacity: Double) -> String
  {
    "<rect class=\"\(kind)\" fill-opacity=\"\(decimal(opacity))\" x=\"\(x)\" y=\"\(decimal(bottom - height))\" "
      + "width=\"\(width)\" height=\"\(decimal(height))\"/>"
  }

  private static func label(_ text: String, x: Int, y: Int, anchor: String) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(HTMLPage.escaped(text))</text>"
  }

  private static func short(_ name: String) -> String { name.count > 14 ? name.prefix(13) + "…" : name }

  private static func svg(_ name: String, width: Int, height: Int, _ parts: [String]) -> String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"\(HTMLPage.escaped(name))\" width=\"\(width)\" "
      + "height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\">\n\(parts.joined(separator: "\n"))\n</svg>"
  }

  private static func decimal(_ value: Double) -> String { String(format: "%g", (value * 100).rounded() / 100) }
}
