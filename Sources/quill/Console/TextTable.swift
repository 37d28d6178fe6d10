/// Columns of text, each as wide as its longest entry.
struct TextTable {
  /// A column's heading, and on which side its entries stand.
  enum Heading {
    case left(String), right(String)

    var text: String {
      switch self {
      case .left(let text), .right(let text): text
      }
    }
  }

  private let headings: [Heading]
  private var rows: [[String]] = []

  init(headings: [Heading]) { self.headings = headings }

  /// Adds a row with one entry a heading.
  mutating func append(_ row: [String]) {
    precondition(row.count == headings.count, "\(row.count) entries for \(headings.count) columns")
    rows.append(row)
  }

  /// The table, headings first.
  func text(_ console: Console) -> String {
    let all = [headings.map(\.text)] + rows
    let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.map { row in
      headings.indices.map { column in
        let filler = String(repeating: " ", count: widths[column] - row[column].count)
        switch headings[column] {
        case .left: return row[column] + filler
        case .right: return filler + row[column]
        }
      }.joined(separator: "  ").trimmedAtEnd
    }
    return ([console.bold(lines[0])] + lines.dropFirst()).joined(separator: "\n")
  }
}

extension String {
  /// The text without spaces at its end.
  var trimmedAtEnd: String {
    String(prefix(count - reversed().prefix { $0 == " " }.count))
  }
}

/// A share of a whole as per cent with two digits, rounded to nearest.
func percent(_ share: Double) -> String {
  let hundredths = Int((share * 10_000).rounded())
  let fraction = hundredths % 100
  return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
}
