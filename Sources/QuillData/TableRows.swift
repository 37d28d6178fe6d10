/// Lines of numbers with commas, semicolons or tabs between.
struct TableRows {
  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  /// The line that was read last, counted from 1.
  private(set) var line = 0

  /// The columns of that line.
  private(set) var columnCount = 0

  /// What stands between columns: a comma, unless another comes first.
  let separator: UInt8

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
    // A mark of the byte order, which spreadsheets write.
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    separator = bytes.first { separators.contains($0) || $0 == 0x0a }.flatMap { $0 == 0x0a ? nil : $0 } ?? separators[0]
  }

  /// The first line, where it is no line of numbers.
  var head: String? {
    guard position < bytes.count, !ImageTable.isDigit(bytes[position]) else { return nil }
    return String(decoding: bytes[position...].prefix(1 << 20).prefix { $0 != 0x0a && $0 != 0x0d }, as: UTF8.self)
  }

  mutating func skipLine() {
    while position < bytes.count, bytes[position] != 0x0a { position += 1 }
    position += 1
    line += 1
  }

  /// The first and the last number of each line from here on, as far as both are numbers, in whole; nothing is checked.
  func ends() -> (first: [Int], last: [Int]) {
    var (first, last): ([Int], [Int]) = ([], [])
    for line in bytes[min(position, bytes.count)...].split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
      let start = line.prefix { $0 != separator }
      let end = line.suffix(from: line.lastIndex(of: separator).map { $0 + 1 } ?? line.startIndex)
      if let start = Self.wholeNumber(start), let end = Self.wholeNumber(end) {
        first.append(start)
        last.append(end)
      }
    }
    return (first, last)
  }

  private static func wholeNumber(_ text: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: text.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))
  }

  /// A line's label, as it is written, and where it stands.
  struct Label {
    let text: String

    /// Counted from 0.
    let column: Int
  }

  /// Reads a line, its label and its pixels; answers `nil` at the end.
  /// - Throws: `tableNumber` where a pixel is no number.
  mutating func next(into pixels: inout [Double], of layout: TableLayout) throws(DataError) -> Label? {
    while position < bytes.count, bytes[position] == 0x0a || bytes[position] == 0x0d { skipLineEnd() }
    guard position < bytes.count else { return nil }
    line += 1
    pixels.removeAll(keepingCapacity: true)
    var label = position..<position
    columnCount = 0
    while true {
      let start = position
      let number = digits()
      let isWhole = position > start && isAtEndOfCell
      while !isAtEndOfCell { position += 1 }
      let cell = start..<position
      let isLast = position >= bytes.count || bytes[position] != separator
      if layout.isLabel(column: columnCount, isLast: isLast) {
        label = cell
      } else if layout.isPixel(column: columnCount) {
        pixels.append(isWhole ? Double(number) : try decimal(cell))
      }
      columnCount += 1
      if isLast { break }
      position += 1
    }
    skipLineEnd()
    return Label(text: text(label), column: layout.labelColumn(ofColumns: columnCount))
  }

  /// Passes over digits; answers their number, which is right where no more than nine stand there.
  private mutating func digits() -> Int {
    var value = 0
    while position < bytes.count, ImageTable.isDigit(bytes[position]), value < 100_000_000 {
      value = value * 10 + Int(bytes[position]) - 0x30
      position += 1
    }
    return value
  }

  private var isAtEndOfCell: Bool {
    position >= bytes.count || bytes[position] == separator || bytes[position] == 0x0a || bytes[position] == 0x0d
  }

  /// A cell's number that is more than digits: with a fraction, an exponent, quotes or spaces.
  private func decimal(_ cell: Range<Int>) throws(DataError) -> Double {
    guard let number = Double(text(cell)) else {
      let found = String(decoding: bytes[cell].prefix(20), as: UTF8.self)
      throw DataError(
        path: path, .tableNumber(line: line, column: columnCount + 1, found: found, range: "a number"))
    }
    return number
  }

  /// A cell's text without the quotes and spaces around it.
  private func text(_ cell: Range<Int>) -> String {
    let frame: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: " ")]
    var cell = bytes[cell]
    while let first = cell.first, frame.contains(first) { cell = cell.dropFirst() }
    while let last = cell.last, frame.contains(last) { cell = cell.dropLast() }
    return String(decoding: cell, as: UTF8.self)
  }

  private mutating func skipLineEnd() {
    if position < bytes.count, bytes[position] == 0x0d { position += 1 }
    if position < bytes.count, bytes[position] == 0x0a { position += 1 }
  }
}
