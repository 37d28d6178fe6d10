/// Images as lines of comma-separated numbers, in the layout of Kaggle's digit files: the label, then the pixels 0...255 row
/// by row, below a line of names that begins with `label` or none. Plain, gzipped, or in a zip archive.
enum ImageTable {
  static func load(_ path: String, split: DataSource.Split, limit: Int?) throws(DataError) -> LabelledImages {
    let bytes = try FileBytes.read(path)
    if ZipFile.recognizes(bytes) {
      let archive = try ZipFile(bytes, path: path)
      let tables = archive.entries.filter { $0.name.lowercased().hasSuffix(".csv") }
      guard !tables.isEmpty else {
        throw DataError(
          path: path,
          .archiveLacks(
            wanted: "a table that ends in .csv, or arrays x_train.npy, ...", found: archive.entries.map(\.name)))
      }
      // Kaggle's test tables have no labels, so that the training table serves as both.
      let named = tables.filter { $0.name.contains(split.rawValue) } + tables.filter { $0.name.contains("train") }
      for entry in named + tables {
        let table = try archive.expand(entry)
        if hasLabels(table) { return try decode(table, path: "\(path) (\(entry.name))", limit: limit) }
      }
      return try decode(try archive.expand(tables[0]), path: "\(path) (\(tables[0].name))", limit: limit)
    }
    let table = Gzip.isCompressed(bytes) ? try Gzip.expand(bytes, path: path) : bytes
    return try decode(table, path: path, limit: limit)
  }

  private static func hasLabels(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: "label".utf8) || bytes.starts(with: "\"label".utf8) || bytes.first.map { isDigit($0) } == true
  }

  /// Reads a table. Any bytes give images or an error that names the line.
  static func decode(_ bytes: [UInt8], path: String, limit: Int?) throws(DataError) -> LabelledImages {
    var rows = TableRows(bytes, path: path)
    if let head = rows.head {
      guard head.hasPrefix("label,") || head.hasPrefix("\"label\",") else {
        throw DataError(path: path, .tableHead(found: String(head.prefix(40))))
      }
      rows.skipLine()
    }
    var (labels, pixels): ([Int], [UInt8]) = ([], [])
    var row: [Int] = []
    var columns = 0
    while labels.count < limit ?? .max, try rows.next(into: &row) {
      if columns == 0 {
        columns = row.count
        guard extents(columns - 1) != nil else {
          throw DataError(path: path, .tablePixels(line: rows.line, found: columns - 1))
        }
        pixels.reserveCapacity(bytes.count / 3)
      }
      guard row.count == columns else {
        throw DataError(path: path, .tableColumns(line: rows.line, found: row.count, expected: columns))
      }
      guard row[0] < 1000 else {
        throw DataError(path: path, .tableNumber(line: rows.line, column: 1, found: String(row[0]), range: "0...999"))
      }
      if let odd = row.dropFirst().firstIndex(where: { $0 > 255 }) {
        throw DataError(
          path: path, .tableNumber(line: rows.line, column: odd + 1, found: String(row[odd]), range: "0...255"))
      }
      labels.append(row[0])
      for value in row.dropFirst() { pixels.append(UInt8(value)) }
    }
    guard let shape = extents(columns - 1), !labels.isEmpty else {
      throw DataError(path: path, .tablePixels(line: rows.line, found: 0))
    }
    return LabelledImages(
      images: pixels, height: shape.side, width: shape.side, channels: shape.channels, labels: labels,
      classNames: (0...(labels.max() ?? 0)).map(String.init))
  }

  /// A square of grey pixels, or of RGB ones.
  private static func extents(_ count: Int) -> (side: Int, channels: Int)? {
    for channels in [1, 3] where count > 0 && count % channels == 0 {
      let side = Int(Double(count / channels).squareRoot().rounded())
      if side * side * channels == count { return (side, channels) }
    }
    return nil
  }

  fileprivate static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

/// Lines of whole numbers with commas between.
private struct TableRows {
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
    return String(decoding: bytes[position...].prefix(200).prefix { $0 != 0x0a && $0 != 0x0d }, as: UTF8.self)
  }

  mutating func skipLine() {
    while position < bytes.count, bytes[position] != 0x0a { position += 1 }
    position += 1
    line += 1
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
