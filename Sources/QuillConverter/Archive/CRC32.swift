/// The checksum of ZIP members: CRC-32 with the reflected polynomial 0xEDB88320 (ISO 3309).
package enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    var value = UInt32(index)
    for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    return value
  }

  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value = ~UInt32(0)
    let table = table
    for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8 }
    return ~value
  }
}
