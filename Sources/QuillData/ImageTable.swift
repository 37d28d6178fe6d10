import QuillArchive

/// Images as lines of numbers with commas between: the label, then the pixels row by row, as in Kaggle's digit files, or the
/// pixels, then the label, as in OpenML's; which, a line of names above tells, or else the numbers themselves (`TableLayout`).
/// Pixels are of 0...255 or of 0...1 (`PixelBytes`), labels numbers or names.
/// Plain, gzipped, in a zip archive, or in a folder of tables whose names tell the parts, such as `train.csv` and `test.csv`.
enum ImageTable {
  /// Whether a folder's files are named as tables of images.
  static func isTableFolder(names: [String]) -> Bool {
    names.contains { isTable($0) && $0.lowercased().contains("train") }
  }

  static func load(_ path: String, split: DataSource.Split, limit: Int?) throws(DataError) -> LabelledImages {
    let tables = try tables(path)
    // Kaggle's test tables have no labels, so that the training table serves as both.
    let named = tables.filter { $0.name.contains(split.rawValue) } + tables.filter { $0.name.contains("train") }
    for table in named + tables {
      let bytes = try table.read()
      if tables.count == 1 || hasLabels(bytes, path: table.path) {
        return try images(bytes, of: table, limit: limit)
      }
    }
    return try images(try tables[0].read(), of: tables[0], limit: limit)
  }

  /// The images of a table, upright: EMNIST's lie on their sides, as in its IDX files.
  private static func images(_ bytes: [UInt8], of table: Table, limit: Int?) throws(DataError) -> LabelledImages {
    let images = try decode(bytes, path: table.path, limit: limit)
    return table.path.split(separator: "/").last?.lowercased().contains("emnist") == true ? images.transposed() : images
  }

  /// Whether there is a table of labelled images to measure on beside the one to learn from.
  static func hasTestTable(_ path: String) throws(DataError) -> Bool {
    let tables = try tables(path)
    guard tables.contains(where: { $0.name.contains("train") }) else { return false }
    for table in tables where table.name.contains("test") {
      if hasLabels(try table.read(), path: table.path) { return true }
    }
    return false
  }

  /// One table of several.
  private struct Table {
    /// In small letters.
    let name: String

    /// For errors.
    let path: String

    private let file: String
    private let packed: (archive: ZipArchive, member: ZipArchive.Member)?

    init(file path: String, name: String) {
      (self.name, self.path, file, packed) = (name.lowercased(), path, path, nil)
    }

    init(_ member: ZipArchive.Member, of archive: ZipArchive, _ path: String) {
      (name, self.path) = (member.name.lowercased(), "\(path) (\(member.name))")
      (file, packed) = (path, (archive, member))
    }

    func read() throws(DataError) -> [UInt8] {
      guard let packed else { return try FileBytes.readExpanded(file) }
      return try packed.archive.contents(of: packed.member, path: file)
    }
  }

  /// The tables of a file or folder, at least one.
  private static func tables(_ path: String) throws(DataError) -> [Table] {
    guard FileBytes.isFile(path) else {
      return try FileBytes.list(path).filter(isTable).map { Table(file: FileBytes.join(path, $0), name: $0) }
    }
    guard ZipArchive.recognizes(try FileBytes.readStart(path, count: 4)) else { return [Table(file: path, name: "")] }
    let archive = try FileBytes.readArchive(path)
    let tables = archive.members.filter { isTable($0.name) }
    guard !tables.isEmpty else {
      throw DataError(
        path: path,
        .archiveLacks(
          wanted: "a table that ends in .csv, or arrays x_train.npy, ...", found: archive.members.map(\.name)))
    }
    return tables.map { Table($0, of: archive, path) }
  }

  private static func isTable(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".csv") || name.hasSuffix(".csv.gz")
  }

  /// Whether a table has labels: those without have a head that names none.
  private static func hasLabels(_ bytes: [UInt8], path: String) -> Bool {
    var rows = TableRows(bytes, path: path)
    guard rows.head != nil else { return !bytes.isEmpty }
    return (try? TableLayout(of: &rows, path: path)) != nil
  }

  /// Reads a table. Any bytes give images or an error that names the line.
  static func decode(_ bytes: [UInt8], path: String, limit: Int?) throws(DataError) -> LabelledImages {
    var rows = TableRows(bytes, path: path)
    let layout = try TableLayout(of: &rows, path: path)
    var (names, pixels): ([String], PixelBytes) = ([], PixelBytes())
    var row: [Double] = []
    var columns = 0
    while names.count < limit ?? .max, let label = try rows.next(into: &row, of: layout) {
      if columns == 0 {
        columns = rows.columnCount
        guard extents(row.count) != nil else {
          throw DataError(path: path, .tablePixels(line: rows.line, found: row.count))
        }
        pixels.reserveCapacity(bytes.count / 3)
      }
      guard rows.columnCount == columns else {
        throw DataError(path: path, .tableColumns(line: rows.line, found: rows.columnCount, expected: columns))
      }
      guard let name = className(label.text) else {
        throw DataError(
          path: path,
          .tableNumber(line: rows.line, column: label.column + 1, found: label.text, range: "0...999, or a name"))
      }
      names.append(name)
      if let place = pixels.append(row) {
        let column = layout.pixelColumn(place)
        throw DataError(
          path: path,
          .tableNumber(line: rows.line, column: column + 1, found: written(row[place]), range: pixels.range))
      }
    }
    guard let shape = extents(row.count), !names.isEmpty else {
      throw DataError(path: path, .tablePixels(line: rows.line, found: 0))
    }
    let classes = ClassNames(found: names)
    return LabelledImages(
      images: pixels.bytes, height: shape.side, width: shape.side, channels: shape.channels,
      labels: names.map(classes.label), classNames: classes.names)
  }

  /// The class that a label names: `7` for `7`, `07` and `7.0`; `nil` for numbers that are none and where nothing stands.
  private static func className(_ label: String) -> String? {
    guard let number = Double(label) else { return label.isEmpty ? nil : label }
    return number >= 0 && number < 1000 && number == number.rounded() ? String(Int(number)) : nil
  }

  /// A number as tables have it.
  private static func written(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }

  /// A square of grey pixels, or of RGB ones.
  private static func extents(_ count: Int) -> (side: Int, channels: Int)? {
    for channels in [1, 3] where count > 0 && count % channels == 0 {
      let side = Int(Double(count / channels).squareRoot().rounded())
      if side * side * channels == count { return (side, channels) }
    }
    return nil
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
