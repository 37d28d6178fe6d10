/// CRC-32C (Castagnoli): polynomial 0x1EDC6F41 reflected, initial and final complement.
/// Source: RFC 3720, appendix B.4. `crc32c("123456789") == 0xE3069283`.
public struct CRC32C: Sendable {
  private var state: UInt32 = ~0

  /// A checksum of no bytes.
  public init() {}

  /// The checksum of the bytes so far.
  public var value: UInt32 { ~state }

  /// Takes in one byte.
  @inline(__always)
  public mutating func update(_ byte: UInt8) {
    // Remainders of the sixteen nibbles: half a kilobyte less than the byte table, and fast enough for megabytes.
    let nibbles: InlineArray<16, UInt32> = [
      0x0000_0000, 0x105E_C76F, 0x20BD_8EDE, 0x30E3_49B1, 0x417B_1DBC, 0x5125_DAD3, 0x61C6_9362, 0x7198_540D,
      0x82F6_3B78, 0x92A8_FC17, 0xA24B_B5A6, 0xB215_72C9, 0xC38D_26C4, 0xD3D3_E1AB, 0xE330_A81A, 0xF36E_6F75,
    ]
    state ^= UInt32(byte)
    state = state &>> 4 ^ nibbles[Int(state & 15)]
    state = state &>> 4 ^ nibbles[Int(state & 15)]
  }

  /// Takes in a run of bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    for index in 0..<bytes.count { update(bytes[index]) }
  }

  /// Takes in a run of int8 values.
  public mutating func update(_ values: Span<Int8>) {
    for index in 0..<values.count { update(UInt8(bitPattern: values[index])) }
  }
}
