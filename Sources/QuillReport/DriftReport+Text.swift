import Foundation

extension DriftReport {
  /// What was lost, and which layer to look at first.
  var sentence: String {
    let noisiest = layers.filter { $0.ownSqnrDecibels != nil }
      .min { ($0.ownSqnrDecibels ?? 0) < ($1.ownSqnrDecibels ?? 0) }
    let blame =
      noisiest.map {
        "the noisiest layer is \($0.operator) \"\($0.name)\" (\(Self.decibels($0.ownSqnrDecibels)) dB by itself)"
      } ?? "no layer adds noise"
    guard let float, let quantized, let flips else {
      return flips.map { "\($0.changed) of \(images) answers change; \(blame)" } ?? blame
    }
    let net = flips.lost - flips.gained
    let points = String(format: "%.2f", abs(float.accuracy - quantized.accuracy) * 100)
    let outcome =
      net > 0
      ? "int8 loses \(points) points (\(flips.lost) lost, \(flips.gained) gained)"
      : net < 0
        ? "int8 gains \(points) points (\(flips.gained) gained, \(flips.lost) lost)"
        : "int8 is as often right as float (\(flips.lost) lost, \(flips.gained) gained)"
    return "\(outcome); \(blame)"
  }

  /// The report for a terminal: scores, flips, then a table of layers.
  package var text: String {
    var lines: [String] = []
    if let float, let quantized, let flips, let agreement {
      lines.append("samples    \(images)")
      lines.append("float      \(Self.percent(float.accuracy))  (\(float.correct) right)")
      lines.append("int8       \(Self.percent(quantized.accuracy))  (\(quantized.correct) right)")
      lines.append(
        "agreement  \(Self.percent(agreement))  (\(flips.changed) changed: \(flips.lost) lost, \(flips.gained) gained)")
    } else {
      lines.append("samples    \(images)")
      if let agreement, let flips {
        lines.append("agreement  \(Self.percent(agreement))  (\(flips.changed) changed)")
      }
    }
    lines.append(
      String(
        format: "outputs    largest difference %.4f, mean %.6f", outputs.largestDifference, outputs.meanDifference))
    lines.append("")
    lines += table
    lines.append("")
    lines.append(verdict)
    return lines.joined(separator: "\n")
  }

  private var table: [String] {
    let width = min(44, max(5, layers.map(\.name.count).max() ?? 5))
    func row(_ name: String, _ kind: String, _ all: String, _ own: String, _ cosine: String, _ ends: String) -> String {
      let short = name.count > width ? "…" + name.suffix(width - 1) : name
      return Self.left(short, width) + "  " + Self.left(kind, 15) + Self.right(all, 9) + Self.right(own, 9)
        + Self.right(cosine, 10) + Self.right(ends, 11)
    }
    var rows = [row("layer", "operator", "SQNR dB", "own dB", "cosine", "saturated")]
    for layer in layers {
      rows.append(
        row(
          layer.name, layer.operator, Self.decibels(layer.sqnrDecibels), Self.decibels(layer.ownSqnrDecibels),
          String(format: "%.5f", layer.cosine), Self.percent(layer.saturated)))
    }
    return rows
  }

  private static func decibels(_ value: Double?) -> String { value.map { String(format: "%.1f", $0) } ?? "exact" }
  private static func percent(_ value: Double) -> String { String(format: "%.2f %%", value * 100) }
  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
