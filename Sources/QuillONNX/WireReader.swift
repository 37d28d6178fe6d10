/// A cursor over one protobuf message: it hands out fields and never leaves its range.
///
/// Source: the protocol buffers encoding specification (protobuf.dev, "Encoding"). Nothing is copied until a caller asks
/// for a field's bytes; errors carry the offset in the file.
struct WireReader {
  /// One field of a message: its number and what it holds.
  struct Field {
    /// The field's number, at least 1.
    let number: Int

    /// The offset in the file of the field's tag.
    let offset: Int

    /// What the field holds.
    let payload: Payload

    /// The range in the file of the value: of the bytes themselves, without their length, or of the number.
    let valueRange: Range<Int>
  }

  /// What a field holds, by wire type.
  enum Payload: Equatable {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(Range<Int>)
    case fixed32(UInt32)
  }

  /// The whole file.
  let bytes: [UInt8]

  /// The offset of the next byte.
  private(set) var position: Int

  /// The offset after the message's last byte.
  let end: Int

  /// A cursor at the start of a range, which must lie within the bytes.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Whether the message has been read to its end.
  var isAtEnd: Bool { position >= end }

  /// The next field, or `nil` at the end of the message.
  mutating func nextField() throws(ONNXError) -> Field? {
    if isAtEnd { return nil }
    let offset = position
    let tag = try readVarint()
    guard let number = Int(exactly: tag >> 3), number >= 1, number < 1 << 29 else {
      throw ONNXError(at: .offset(offset), .fieldNumber(tag >> 3))
    }
    let valueStart = position
    let payload: Payload
    switch tag & 7 {
    case 0: payload = .varint(try readVarint())
    case 1: payload = .fixed64(try readFixed64())
    case 2: payload = .bytes(try readLengthPrefixedRange())
    case 5: payload = .fixed32(try readFixed32())
    default: throw ONNXError(at: .offset(offset), .wireType(Int(tag & 7), field: number))
    }
    let valueRange: Range<Int>
    if case .bytes(let range) = payload { valueRange = range } else { valueRange = valueStart..<position }
    return Field(number: number, offset: offset, payload: payload, valueRange: valueRange)
  }

  /// A base-128 number of at most ten bytes.
  mutating func readVarint() throws(ONNXError) -> UInt64 {
    let offset = position
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard position < end else {
        throw ONNXError(at: .offset(offset), .truncated(needed: position - offset + 1, available: end - offset))
      }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << UInt64(shift)
      if byte < 0x80 {
        if shift == 63, byte > 1 { break }
        return value
      }
    }
    throw ONNXError(at: .offset(offset), .varintTooLong)
  }

  /// Four bytes, little-endian.
  mutating func readFixed32() throws(ONNXError) -> UInt32 {
    let range = try take(4)
    return bytes.littleEndian(at: range.lowerBound)
  }

  /// Eight bytes, little-endian.
  mutating func readFixed64() throws(ONNXError) -> UInt64 {
    let range = try take(8)
    return bytes.littleEndian(at: range.lowerBound)
  }

  private mutating func readLengthPrefixedRange() throws(ONNXError) -> Range<Int> {
    let offset = position
    let length = try readVarint()
    guard let count = Int(exactly: length), count <= end - position else {
      throw ONNXError(at: .offset(offset), .lengthPastEnd(length, available: end - position))
    }
    return try take(count)
  }

  private mutating func take(_ count: Int) throws(ONNXError) -> Range<Int> {
    guard count <= end - position else {
      throw ONNXError(at: .offset(position), .truncated(needed: count, available: end - position))
    }
    defer { position += count }
    return position..<(position + count)
  }
}

extension WireReader.Field {
  /// The number in a varint field.
  func varint() throws(ONNXError) -> UInt64 {
    if case .varint(let value) = payload { return value }
    throw mismatch(expected: .varint)
  }

  /// The signed number in a varint field.
  func int64() throws(ONNXError) -> Int64 { Int64(bitPattern: try varint()) }

  /// The float in a four-byte field.
  func float() throws(ONNXError) -> Float {
    if case .fixed32(let value) = payload { return Float(bitPattern: value) }
    throw mismatch(expected: .fixed32)
  }

  /// The range in the file of a length-delimited field.
  func range() throws(ONNXError) -> Range<Int> {
    if case .bytes(let range) = payload { return range }
    throw mismatch(expected: .bytes)
  }

  /// The text of a length-delimited field, which must be UTF-8.
  func text(in bytes: [UInt8]) throws(ONNXError) -> String {
    let range = try range()
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw ONNXError(at: .offset(range.lowerBound), .notUTF8(field: number))
    }
    return text
  }

  /// How the field is encoded.
  var kind: ONNXError.WireKind {
    switch payload {
    case .varint: .varint
    case .fixed64: .fixed64
    case .bytes: .bytes
    case .fixed32: .fixed32
    }
  }

  /// The error of a field that has another wire type than its message gives it.
  func mismatch(expected: ONNXError.WireKind) -> ONNXError {
    ONNXError(at: .offset(offset), .wireKind(field: number, found: kind, expected: expected))
  }
}

extension [UInt8] {
  /// The little-endian integer that starts at an offset; the bytes must reach far enough.
  func littleEndian<T: FixedWidthInteger>(at offset: Int, as type: T.Type = T.self) -> T {
    withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
  }
}
