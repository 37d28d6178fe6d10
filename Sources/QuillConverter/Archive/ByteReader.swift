/// Reads little-endian fields of a byte array, front to back; every read is checked against the end.
struct ByteReader {
  /// The whole file.
  let bytes: [UInt8]

  /// Named in errors.
  let format: ImportFormat

  /// Where the next field begins.
  private(set) var offset: Int

  /// Past the last byte that may be read.
  let end: Int

  /// A reader of `bytes[range]`; a range that leaves the file throws `ImportError.truncated`.
  init(_ bytes: [UInt8], _ format: ImportFormat, at offset: Int = 0, count: Int? = nil) throws(ImportError) {
    guard offset >= 0, offset <= bytes.count, count ?? 0 >= 0, count ?? 0 <= bytes.count - offset else {
      throw .truncated(format, offset: offset, byteCount: max(0, count ?? 1), available: bytes.count)
    }
    self.bytes = bytes
    self.format = format
    self.offset = offset
    end = count.map { offset + $0 } ?? bytes.count
  }

  /// The bytes that are left.
  var remaining: Int { end - offset }

  /// Throws unless that many bytes are left.
  func need(_ count: Int) throws(ImportError) {
    guard count >= 0, count <= remaining else {
      throw .truncated(format, offset: offset, byteCount: max(0, count), available: end)
    }
  }

  /// Passes over bytes.
  mutating func skip(_ count: Int) throws(ImportError) {
    try need(count)
    offset += count
  }

  /// Passes over bytes until the distance from `start` is a multiple of 8, or to the end.
  mutating func align8(from start: Int) {
    offset = min(end, start + (offset - start + 7) / 8 * 8)
  }

  /// An unsigned number of 0 to 8 bytes.
  mutating func unsigned(_ width: Int) throws(ImportError) -> UInt64 {
    try need(width)
    var value: UInt64 = 0
    for position in 0..<min(width, 8) {
      value |= UInt64(bytes[offset + position]) << UInt64(8 * position)
    }
    offset += width
    return value
  }

  /// An unsigned number of up to 8 bytes; what exceeds `Int.max` becomes `Int.max`, which every check refuses.
  mutating func count(_ width: Int) throws(ImportError) -> Int {
    Int(clamping: try unsigned(width))
  }

  /// One byte.
  mutating func byte() throws(ImportError) -> Int {
    try count(1)
  }

  /// The next bytes, and moves past them.
  mutating func take(_ count: Int) throws(ImportError) -> ArraySlice<UInt8> {
    try need(count)
    defer { offset += count }
    return bytes[offset..<(offset + count)]
  }

  /// Whether the next bytes are the signature; moves past it if so.
  mutating func skips(_ signature: String) -> Bool {
    let expected = Array(signature.utf8)
    guard remaining >= expected.count, bytes[offset..<(offset + expected.count)].elementsEqual(expected) else {
      return false
    }
    offset += expected.count
    return true
  }
}
