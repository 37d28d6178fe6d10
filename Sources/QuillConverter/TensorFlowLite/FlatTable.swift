/// A table of a FlatBuffer (the format's internals document): fields by number, each checked against the file.
struct FlatTable {
  private let bytes: [UInt8]

  /// Where the table begins.
  let offset: Int

  private let vtable: Int
  private let vtableByteCount: Int

  /// The table at an offset.
  init(_ bytes: [UInt8], at offset: Int) throws(ImportError) {
    self.bytes = bytes
    self.offset = offset
    let distance = Int(Int32(truncatingIfNeeded: try Self.number(bytes, at: offset, width: 4)))
    vtable = offset - distance
    vtableByteCount = Int(try Self.number(bytes, at: vtable, width: 2))
    guard vtableByteCount >= 4, vtable <= bytes.count - vtableByteCount else {
      throw .tensorFlowLite(.byte(offset), .outside)
    }
  }

  /// The table that the file begins with.
  static func root(_ bytes: [UInt8]) throws(ImportError) -> FlatTable {
    try FlatTable(bytes, at: Int(try number(bytes, at: 0, width: 4)))
  }

  /// A little-endian number of that many bytes.
  private static func number(_ bytes: [UInt8], at offset: Int, width: Int) throws(ImportError) -> UInt64 {
    guard offset >= 0, offset <= bytes.count - width else {
      throw .truncated(.tensorFlowLite, offset: max(0, offset), byteCount: width, available: bytes.count)
    }
    var value: UInt64 = 0
    for position in 0..<width { value |= UInt64(bytes[offset + position]) << UInt64(8 * position) }
    return value
  }

  /// Where a field's value lies; nil where the writer left the field out.
  private func place(_ field: Int) throws(ImportError) -> Int? {
    guard 4 + 2 * field + 2 <= vtableByteCount else { return nil }
    let distance = Int(try Self.number(bytes, at: vtable + 4 + 2 * field, width: 2))
    return distance == 0 ? nil : offset + distance
  }

  private func number(_ field: Int, width: Int) throws(ImportError) -> UInt64? {
    guard let place = try place(field) else { return nil }
    return try Self.number(bytes, at: place, width: width)
  }

  func int8(_ field: Int, default fallback: Int = 0) throws(ImportError) -> Int {
    guard let value = try number(field, width: 1) else { return fallback }
    return Int(Int8(truncatingIfNeeded: value))
  }

  func uint8(_ field: Int) throws(ImportError) -> Int { Int(try number(field, width: 1) ?? 0) }

  func flag(_ field: Int) throws(ImportError) -> Bool { try number(field, width: 1) ?? 0 != 0 }

  func int32(_ field: Int, default fallback: Int = 0) throws(ImportError) -> Int {
    guard let value = try number(field, width: 4) else { return fallback }
    return Int(Int32(truncatingIfNeeded: value))
  }

  func uint32(_ field: Int) throws(ImportError) -> Int { Int(try number(field, width: 4) ?? 0) }

  func uint64(_ field: Int) throws(ImportError) -> UInt64 { try number(field, width: 8) ?? 0 }

  func float(_ field: Int) throws(ImportError) -> Float {
    Float(bitPattern: UInt32(truncatingIfNeeded: try number(field, width: 4) ?? 0))
  }

  /// Where the elements of a vector lie, and how many there are; nil where the writer left it out.
  private func elements(_ field: Int, width: Int) throws(ImportError) -> Range<Int>? {
    guard let place = try place(field) else { return nil }
    let start = place + Int(try Self.number(bytes, at: place, width: 4))
    let count = Int(try Self.number(bytes, at: start, width: 4))
    guard count <= (bytes.count - start - 4) / width else { throw .tensorFlowLite(.byte(start), .outside) }
    return (start + 4)..<(start + 4 + count * width)
  }

  /// The bytes of a vector of bytes.
  func byteRange(_ field: Int) throws(ImportError) -> Range<Int>? { try elements(field, width: 1) }

  func string(_ field: Int) throws(ImportError) -> String? {
    try elements(field, width: 1).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// The number of elements of a vector.
  func count(_ field: Int, width: Int) throws(ImportError) -> Int {
    (try elements(field, width: width)?.count ?? 0) / width
  }

  private func numbers(_ field: Int, width: Int) throws(ImportError) -> [UInt64] {
    guard let range = try elements(field, width: width) else { return [] }
    return try stride(from: range.lowerBound, to: range.upperBound, by: width).map { place throws(ImportError) in
      try Self.number(bytes, at: place, width: width)
    }
  }

  func uint8s(_ field: Int) throws(ImportError) -> [Int] { try numbers(field, width: 1).map { Int($0) } }

  func uint16s(_ field: Int) throws(ImportError) -> [Int] { try numbers(field, width: 2).map { Int($0) } }

  func int32s(_ field: Int) throws(ImportError) -> [Int] {
    try numbers(field, width: 4).map { Int(Int32(truncatingIfNeeded: $0)) }
  }

  func int64s(_ field: Int) throws(ImportError) -> [Int] {
    try numbers(field, width: 8).map { Int(Int64(bitPattern: $0)) }
  }

  func floats(_ field: Int) throws(ImportError) -> [Float] {
    try numbers(field, width: 4).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
  }

  func table(_ field: Int) throws(ImportError) -> FlatTable? {
    guard let place = try place(field) else { return nil }
    return try FlatTable(bytes, at: place + Int(try Self.number(bytes, at: place, width: 4)))
  }

  /// One table of a vector of tables.
  func table(_ field: Int, _ index: Int) throws(ImportError) -> FlatTable {
    guard let range = try elements(field, width: 4), index >= 0, index < range.count / 4 else {
      throw .tensorFlowLite(.byte(offset), .outside)
    }
    let place = range.lowerBound + 4 * index
    return try FlatTable(bytes, at: place + Int(try Self.number(bytes, at: place, width: 4)))
  }
}
