/// CRC-32C of long runs, four bytes a step: the sum of `Quill.CRC32C` at several times its speed, for 4 KiB of tables.
///
/// Source: Kounavis, Berry, "A Systematic Approach to Building High Performance, Software-based, CRC Generators" (2005),
/// slicing by 4. The polynomial is 0x1EDC6F41 reflected.
package struct LongCRC32C: Sendable {
  /// Four tables of 256: what a byte leaves behind after 0, 1, 2 and 3 more bytes.
  private var tables = [UInt32](repeating: 0, count: 1_024)

  /// Makes the tables.
  package init() {
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
      tables[byte] = value
    }
    for entry in 256..<1_024 {
      let before = tables[entry - 256]
      tables[entry] = before >> 8 ^ tables[Int(before & 255)]
    }
  }

  /// The sum of what `sum` stands for (zero: nothing) followed by `bytes`.
  package func sum(of bytes: Span<UInt8>, after sum: UInt32 = 0) -> UInt32 {
    var state = ~sum
    var place = 0
    let tables = tables.span
    while place + 4 <= bytes.count {
      let word =
        UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
        | UInt32(bytes[place + 3]) << 24
      let mixed = state ^ word
      state =
        tables[768 + Int(mixed & 255)] ^ tables[512 + Int(mixed >> 8 & 255)] ^ tables[256 + Int(mixed >> 16 & 255)]
        ^ tables[Int(mixed >> 24)]
      place += 4
    }
    while place < bytes.count {
      state = state >> 8 ^ tables[Int((state ^ UInt32(bytes[place])) & 255)]
      place += 1
    }
    return ~state
  }
}
