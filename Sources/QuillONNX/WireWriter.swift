/// Appends the fields of a protobuf message.
struct WireWriter {
  /// What has been written.
  private(set) var bytes: [UInt8] = []

  /// A base-128 number.
  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// An integer field.
  mutating func field(_ number: Int, _ value: Int64) {
    append(varint: UInt64(number) << 3)
    append(varint: UInt64(bitPattern: value))
  }

  /// A float field.
  mutating func field(_ number: Int, _ value: Float) {
    append(varint: UInt64(number) << 3 | 5)
    append(littleEndian: value.bitPattern)
  }

  /// A text field.
  mutating func field(_ number: Int, _ text: String) { field(number, Array(text.utf8)) }

  /// A field of bytes.
  mutating func field(_ number: Int, _ content: [UInt8]) {
    append(varint: UInt64(number) << 3 | 2)
    append(varint: UInt64(content.count))
    bytes += content
  }

  /// A message in a field.
  mutating func message(_ number: Int, _ body: (inout WireWriter) -> Void) {
    var inner = WireWriter()
    body(&inner)
    field(number, inner.bytes)
  }

  /// A field of packed integers.
  mutating func packed(_ number: Int, _ values: [Int64]) {
    var inner = WireWriter()
    for value in values { inner.append(varint: UInt64(bitPattern: value)) }
    field(number, inner.bytes)
  }

  /// A field of the little-endian bytes of numbers.
  mutating func raw(_ number: Int, _ values: some Sequence<some FixedWidthInteger>) {
    var inner = WireWriter()
    for value in values { inner.append(littleEndian: value) }
    field(number, inner.bytes)
  }

  private mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
