/// The checksum of ZIP, gzip and PNG: CRC-32 with the reflected polynomial 0xEDB88320 (RFC 1952, section 8).
package enum CRC32 {
  /// What the lowest byte leaves behind in the sum, then what it leaves after one, two, ... seven further bytes.
  private static let tables: [UInt32] = {
    var tables = (0..<256 as Range<UInt32>).map { index in
      (0..<8).reduce(index) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    for index in 256..<2048 {
      let before = tables[index - 256]
      tables.append(tables[Int(before & 0xFF)] ^ before >> 8)
    }
    return tables
  }()

  /// The checksum of bytes, eight at a time.
  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let tables = tables.span
    let bytes = bytes.span.bytes
    var value = ~UInt32(0)
    var offset = 0
    while bytes.byteCount - offset >= 8 {
      let low = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian ^ value
      let high = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 4, as: UInt32.self).littleEndian
      value = 0
      for place in 0..<4 {
        value ^= tables[(7 - place) << 8 | Int(low >> UInt32(8 * place) & 0xFF)]
        value ^= tables[(3 - place) << 8 | Int(high >> UInt32(8 * place) & 0xFF)]
      }
      offset += 8
    }
    while offset < bytes.byteCount {
      let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      value = tables[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8
      offset += 1
    }
    return ~value
  }
}
