import Foundation

extension Exploration {
  /// Everything for people.
  package var text: String {
    var parts = self.parts.map(Self.text)
    parts.append(
      warnings.isEmpty
        ? "nothing odd: no empty images, no duplicates, no class without images or with a third of another's"
        : warnings.map { "warning: \(Evaluation.oneLine($0))" }.joined(separator: "\n"))
    return parts.joined(separator: "\n\n")
  }

  /// One line on a part.
  static func line(_ part: Part) -> String {
    "\(part.images) images of \(part.shape.map(String.init).joined(separator: " x ")), samples \(part.least)...\(part.greatest); as 0...1, "
      + "mean \(String(format: "%.4f", part.mean)) and deviation \(String(format: "%.4f", part.deviation))"
  }

  private static func text(_ part: Part) -> String {
    let names = part.classes.map { String(Evaluation.oneLine($0.name).prefix(24)) }
    let width = names.map(\.count).max() ?? 0
    let most = max(part.classes.map(\.images).max() ?? 1, 1)
    let countWidth = String(most).count
    let lines = zip(names, part.classes).map { name, count in
      let bar = String(repeating: "#", count: (count.images * 40 + most - 1) / most)
      let space = String(repeating: " ", count: width - name.count)
      let number = String(repeating: " ", count: countWidth - String(count.images).count) + String(count.images)
      return "  \(name)\(space)  \(number)\(bar.isEmpty ? "" : "  " + bar)"
    }
    return "\(part.split): \(line(part))\n" + lines.joined(separator: "\n")
  }

  /// Adds the exploration to a page.
  package func write(to page: inout HTMLPage) {
    for warning in warnings { page.paragraph("Warning: \(warning)") }
    if warnings.isEmpty { page.paragraph("Nothing odd was found.") }
    for part in parts {
      page.heading(part.split)
      page.paragraph(Self.line(part))
      page.drawing(Charts.bars("images by class", part.classes.map { ($0.name, $0.images) }))
    }
  }
}
