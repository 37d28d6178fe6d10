/// CRC-32C (Castagnoli): polynomial 0x1EDC6F41 reflected, initial and final complement.
/// Source: RFC 3720, appendix B.4. `crc32c("123456789") == 0xE3069283`.
public struct CRC32C: Sendable {
  private var state: UInt32 = ~0

  /// A checksum of no bytes.
  public init() {}

  /// The checksum of the bytes so far.
  public var value: UInt32 { ~state }

  /// Remainders of the sixteen nibbles.
  private static let nibbles: InlineArray<16, UInt32> = [
    0x0000_0000, 0x105E_C76F, 0x20BD_8EDE, 0x30E3_49B1, 0x417B_1DBC, 0x5125_DAD3, 0x61C6_9362, 0x7198_540D,
    0x82F6_3B78, 0x92A8_FC17, 0xA24B_B5A6, 0xB215_72C9, 0xC38D_26C4, 0xD3D3_E1AB, 0xE330_A81A, 0xF36E_6F75,
  ]

  /// Takes in one byte.
  @inline(__always)
  public mutating func update(_ byte: UInt8) {
    state ^= UInt32(byte)
    state = state &>> 4 ^ Self.nibbles[Int(state & 15)]
    state = state &>> 4 ^ Self.nibbles[Int(state & 15)]
  }

  /// Takes in a run of bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    let wholeWords = bytes.count < Self.fewestTabledBytes ? 0 : bytes.count / 4 * 4
    if wholeWords > 0 { updateWords(bytes.extracting(0..<wholeWords)) }
    for index in wholeWords..<bytes.count { update(bytes[index]) }
  }

  /// Takes in a run of int8 values.
  public mutating func update(_ values: Span<Int8>) {
    for index in 0..<values.count { update(UInt8(bitPattern: values[index])) }
  }

  /// Below this, making the tables takes longer than it saves.
  private static let fewestTabledBytes = 4096

  /// Four bytes at a time (slicing, M. Kounavis and F. Berry, 2005): table k holds the remainders of a byte that k others
  /// follow. The tables live on the stack, 4 KiB, for the length of a call.
  private mutating func updateWords(_ bytes: Span<UInt8>) {
    var tables = InlineArray<1024, UInt32>(repeating: 0)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      remainder = remainder &>> 4 ^ Self.nibbles[Int(remainder & 15)]
      tables[byte] = remainder &>> 4 ^ Self.nibbles[Int(remainder & 15)]
    }
    for entry in 256..<1024 {
      let shorter = tables[entry - 256]
      tables[entry] = shorter &>> 8 ^ tables[Int(shorter & 255)]
    }
    let raw = unsafe bytes.bytes
    var word = 0
    while word < bytes.count {
      // `bytes` has whole words, and the file is little-endian, as is every processor here.
      let next = unsafe raw.unsafeLoadUnaligned(fromByteOffset: word, as: UInt32.self)
      let mixed = state ^ next
      let low = tables[768 + Int(mixed & 255)] ^ tables[512 + Int(mixed &>> 8 & 255)]
      state = low ^ tables[256 + Int(mixed &>> 16 & 255)] ^ tables[Int(mixed &>> 24)]
      word += 4
    }
  }
}
