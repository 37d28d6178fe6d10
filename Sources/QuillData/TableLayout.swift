/// Which column of a table of images holds the labels.
struct TableLayout: Equatable {
  private enum Place {
    case first, last
  }

  private let place: Place

  /// Whether a column without a name, the row's number as pandas writes it, stands before all.
  private let isIndexed: Bool

  /// The layout that a line of names tells; `nil` where neither its first nor its last name speaks of labels.
  init?(head: String, separator: UInt8) {
    var names = head.split(separator: Character(Unicode.Scalar(separator)), omittingEmptySubsequences: false)
      .map(Self.plain)
    isIndexed = names.count > 2 && names[0].isEmpty
    if isIndexed { names.removeFirst() }
    if Self.labelNames.contains(names[0]) {
      place = .first
    } else if names.count > 1, Self.labelNames.contains(names[names.count - 1]) {
      place = .last
    } else {
      return nil
    }
  }

  /// The layout of a table, whose head, where there is one, is passed over.
  ///
  /// Without a head, labels stand in the first column or in the last. Labels are several, leave none of a range of numbers out,
  /// and none of them is most of the column; a corner's pixels are mostly all the same, or spread over many numbers.
  /// - Throws: `tableHead`, or `tableLabels` where both columns may be either.
  init(of rows: inout TableRows, path: String) throws(DataError) {
    if let head = rows.head {
      if let layout = TableLayout(head: head, separator: rows.separator) {
        self = layout
        rows.skipLine()
        return
      }
      // A line of numbers after a word is no head: the word is its label.
      let second = head.utf8.split(separator: rows.separator, maxSplits: 2, omittingEmptySubsequences: false)
        .dropFirst()
      guard let number = second.first, Double(String(decoding: number, as: UTF8.self)) != nil else {
        throw DataError(path: path, .tableHead(found: String(head.prefix(40))))
      }
      (place, isIndexed) = (.first, false)
      return
    }
    let ends = rows.ends()
    // Lines that begin with a number and never end with one end with the name of a class.
    if ends.first.isEmpty {
      (place, isIndexed) = (.last, false)
      return
    }
    guard let place = Self.place(first: ColumnSpread(ends.first), last: ColumnSpread(ends.last)) else {
      throw DataError(path: path, .tableLabels)
    }
    self.place = place
    isIndexed = false
  }

  /// Which of two columns holds labels; `nil` where that cannot be told.
  private static func place(first: ColumnSpread, last: ColumnSpread) -> Place? {
    if first.isLabels != last.isLabels { return first.isLabels ? .first : .last }
    if first.varies != last.varies { return first.varies ? .first : .last }
    if first.isLabels, first.largestShare * 1.5 < last.largestShare { return .first }
    if first.isLabels, last.largestShare * 1.5 < first.largestShare { return .last }
    // A few lines tell nothing: as most tables are.
    return first.count < 30 ? .first : nil
  }

  /// Where the label stands in a line of so many columns.
  func labelColumn(ofColumns count: Int) -> Int { place == .first ? (isIndexed ? 1 : 0) : count - 1 }

  /// Whether a column, counted from 0, holds the label; `isLast` where its line ends with it.
  func isLabel(column: Int, isLast: Bool) -> Bool { place == .first ? column == (isIndexed ? 1 : 0) : isLast }

  /// Where the pixel at a position stands.
  func pixelColumn(_ position: Int) -> Int { position + (isIndexed ? 1 : 0) + (place == .first ? 1 : 0) }

  /// Whether a column that holds no label holds a pixel.
  func isPixel(column: Int) -> Bool { !isIndexed || column > 0 }

  private static let labelNames: Set<String> = ["label", "labels", "class", "target", "digit", "y"]

  /// A name without quotes and spaces, in small letters.
  private static func plain(_ name: Substring) -> String {
    String(name.filter { $0 != "\"" && $0 != "'" && $0 != " " }).lowercased()
  }
}

/// How the numbers of a column lie.
private struct ColumnSpread {
  let count: Int

  /// How much of the column its most frequent number is, 0...1.
  let largestShare: Double

  /// Whether there are several numbers.
  let varies: Bool

  /// Whether they are as labels are: from 0 or 1 on, each used, and fewer than pixels have.
  let isLabels: Bool

  init(_ column: [Int]) {
    count = column.count
    let counts = Dictionary(column.map { ($0, 1) }, uniquingKeysWith: +)
    let (least, most) = (counts.keys.min() ?? 0, counts.keys.max() ?? 0)
    largestShare = Double(counts.values.max() ?? 0) / Double(max(1, count))
    varies = counts.count > 1
    isLabels = varies && (0...1).contains(least) && most < 200 && counts.count == most - least + 1
  }
}
