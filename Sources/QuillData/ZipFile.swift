/// Files in a zip archive (PKWARE's APPNOTE 6.3, stored or deflated, below 4 GiB), expanded by the system's zlib.
struct ZipFile {
  /// A file as the archive's directory lists it.
  struct Entry: Sendable {
    let name: String
    fileprivate let method: Int
    fileprivate let checksum: [UInt8]
    fileprivate let packedCount: Int
    fileprivate let count: Int
    fileprivate let offset: Int
  }

  /// The files, in the directory's order; folders are left out.
  let entries: [Entry]

  private let bytes: [UInt8]
  private let path: String

  /// Whether bytes begin as an archive does.
  static func recognizes(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) }

  /// Reads an archive's directory.
  /// - Throws: `zipDirectory`.
  init(_ bytes: [UInt8], path: String) throws(DataError) {
    self.bytes = bytes
    self.path = path
    // The end record has 22 bytes, and a comment of at most 65,535 behind them.
    let first = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = stride(from: bytes.count - 22, through: first, by: -1).first(where: {
        bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4b && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
      })
    else { throw DataError(path: path, .zipDirectory(offset: bytes.count)) }
    var entries: [Entry] = []
    var place = Self.number(bytes, end + 16, 4)
    for _ in 0..<Self.number(bytes, end + 10, 2) {
      guard place + 46 <= end, Self.number(bytes, place, 4) == 0x0201_4b50 else {
        throw DataError(path: path, .zipDirectory(offset: place))
      }
      let nameCount = Self.number(bytes, place + 28, 2)
      guard place + 46 + nameCount <= end else { throw DataError(path: path, .zipDirectory(offset: place)) }
      let name = String(decoding: bytes[place + 46..<place + 46 + nameCount], as: UTF8.self)
      if !name.hasSuffix("/") {
        entries.append(
          Entry(
            name: name, method: Self.number(bytes, place + 10, 2), checksum: Array(bytes[place + 16..<place + 20]),
            packedCount: Self.number(bytes, place + 20, 4), count: Self.number(bytes, place + 24, 4),
            offset: Self.number(bytes, place + 42, 4)))
      }
      place += 46 + nameCount + Self.number(bytes, place + 30, 2) + Self.number(bytes, place + 32, 2)
    }
    self.entries = entries
  }

  /// A file's bytes.
  /// - Throws: `zipEntry`, and what `Gzip.expand` throws.
  func expand(_ entry: Entry) throws(DataError) -> [UInt8] {
    let inner = "\(path) (\(entry.name))"
    let head = entry.offset
    guard head + 30 <= bytes.count, Self.number(bytes, head, 4) == 0x0403_4b50 else {
      throw DataError(path: path, .zipEntry(name: entry.name, offset: head))
    }
    let start = head + 30 + Self.number(bytes, head + 26, 2) + Self.number(bytes, head + 28, 2)
    guard start + entry.packedCount <= bytes.count else {
      throw DataError(path: path, .zipEntry(name: entry.name, offset: head))
    }
    let packed = bytes[start..<start + entry.packedCount]
    switch entry.method {
    case 0: return Array(packed)
    case 8:
      // The same deflate stream in gzip's frame, so that zlib checks the directory's CRC-32 and length too.
      let count = (0..<4).map { UInt8(truncatingIfNeeded: entry.count >> (8 * $0)) }
      return try Gzip.expand(
        [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + packed + entry.checksum + count, path: inner)
    default: throw DataError(path: path, .zipMethod(name: entry.name, method: entry.method))
    }
  }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
    guard offset >= 0, offset + count <= bytes.count else { return 0 }
    return (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}
