/// Reads or writes one fixed-size record, field by field, in the order in which the fields lie in the file.
///
/// A record's layout is written once, as a function that takes a coder through its fields; the reader and the writer
/// both call that function, so they cannot disagree. Each field is checked against its permitted range both ways.
/// Fields are little-endian and unpadded.
package struct RecordCoder {
  /// The record's bytes; the largest record has 128.
  package private(set) var bytes: InlineArray<128, UInt8> = .init(repeating: 0)

  private var position = 0
  private let isWriting: Bool
  private let fileOffset: UInt64
  private let subject: ModelError.Subject

  /// A coder that writes a record of the given subject.
  package init(writing subject: ModelError.Subject) {
    isWriting = true
    fileOffset = 0
    self.subject = subject
  }

  /// A coder that reads the record at `offset`, which the caller has proved to lie wholly within `file`.
  package init(reading file: Span<UInt8>, at offset: UInt64, byteCount: Int, subject: ModelError.Subject) {
    isWriting = false
    fileOffset = offset
    self.subject = subject
    for index in 0..<byteCount { bytes[index] = file[Int(offset) + index] }
  }

  /// The place of the next field.
  package var offset: UInt64 { fileOffset + UInt64(position) }

  /// Reads or writes one integer.
  package mutating func field<Value: FixedWidthInteger>(
    _ value: inout Value, _ name: FieldName, _ permitted: ClosedRange<Value>
  ) throws(ModelError) {
    // Every field fits 64 bits with its sign but UInt64, whose fields lie below 2^31.
    let bounds = Int64(clamping: permitted.lowerBound)...Int64(clamping: permitted.upperBound)
    let moved = try transfer(
      Int64(clamping: value), byteCount: Value.bitWidth / 8, isSigned: Value.isSigned, name, bounds)
    if !isWriting { value = Value(truncatingIfNeeded: moved) }
  }

  /// One copy of the code for integers of every width: a board's program is small.
  @inline(never) private mutating func transfer(
    _ value: Int64, byteCount: Int, isSigned: Bool, _ name: FieldName, _ permitted: ClosedRange<Int64>
  ) throws(ModelError) -> Int64 {
    var moved = value
    if !isWriting {
      var bits: UInt64 = 0
      for index in 0..<byteCount { bits |= UInt64(bytes[position + index]) << UInt64(8 * index) }
      let unused = UInt64(64 - 8 * byteCount)
      moved = isSigned ? Int64(bitPattern: bits << unused) >> Int64(unused) : Int64(clamping: bits)
    }
    if !permitted.contains(moved) {
      throw ModelError(
        offset: offset, subject: subject,
        fault: .field(name, found: moved, low: permitted.lowerBound, high: permitted.upperBound))
    }
    if isWriting {
      for index in 0..<byteCount { bytes[position + index] = UInt8(truncatingIfNeeded: moved >> Int64(8 * index)) }
    }
    position += byteCount
    return moved
  }

  /// Reads or writes one integer that may have any value.
  package mutating func field<Value: FixedWidthInteger>(_ value: inout Value, _ name: FieldName) throws(ModelError) {
    try field(&value, name, Value.min...Value.max)
  }

  /// Bytes that are zero in this version of the format.
  package mutating func reserved(_ byteCount: Int) throws(ModelError) {
    for _ in 0..<byteCount {
      var zero: UInt8 = 0
      try field(&zero, "reserved byte", 0...0)
    }
  }
}
