/// Lines of whole numbers with commas between; `7.0` is one too.
struct TableRows {
  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  /// The line that was read last, counted from 1.
  private(set) var line = 0

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
    // A mark of the byte order, which spreadsheets write.
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
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

  /// The first and the last number of each line from here on, as far as they are whole numbers; nothing is checked.
  func ends() -> (first: [Int], last: [Int]) {
    var (first, last): ([Int], [Int]) = ([], [])
    for line in bytes[min(position, bytes.count)...].split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
      let start = line.prefix { $0 != 0x2c }
      let end = line.suffix(from: line.lastIndex(of: 0x2c).map { $0 + 1 } ?? line.startIndex)
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

  /// Reads a line of numbers; answers `false` at the end.
  mutating func next(into row: inout [Int]) throws(DataError) -> Bool {
    while position < bytes.count, bytes[position] == 0x0a || bytes[position] == 0x0d { skipLineEnd() }
    guard position < bytes.count else { return false }
    line += 1
    row.removeAll(keepingCapacity: true)
    while true {
      let start = position
      var value = 0
      while position < bytes.count, ImageTable.isDigit(bytes[position]), value < 1_000_000 {
        value = value * 10 + Int(bytes[position]) - 0x30
        position += 1
      }
      if position > start, position < bytes.count, bytes[position] == UInt8(ascii: ".") {
        position += 1
        while position < bytes.count, bytes[position] == UInt8(ascii: "0") { position += 1 }
      }
      let isEnd = position >= bytes.count || bytes[position] == 0x0a || bytes[position] == 0x0d
      guard position > start, isEnd || bytes[position] == UInt8(ascii: ",") else {
        let text = bytes[start...].prefix(20).prefix { $0 != 0x2c && $0 != 0x0a && $0 != 0x0d }
        throw DataError(
          path: path,
          .tableNumber(
            line: line, column: row.count + 1, found: String(decoding: text, as: UTF8.self), range: "a whole number"))
      }
      row.append(value)
      if isEnd {
        skipLineEnd()
        return true
      }
      position += 1
    }
  }

  private mutating func skipLineEnd() {
    if position < bytes.count, bytes[position] == 0x0d { position += 1 }
    if position < bytes.count, bytes[position] == 0x0a { position += 1 }
  }
}
