/// Unpacks deflated streams (RFC 1951), raw or in the zlib wrapper (RFC 1950), into a bounded amount of memory.
///
/// Our own, because readers of untrusted files need a hard bound on the output, typed errors and the address
/// sanitizer's eye, and because `.keras`, `.npz` and `.gz` files should open on a machine without zlib.
package enum Inflate {
  /// Unpacks a zlib stream and checks its Adler-32.
  package static func zlib(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
    guard bytes.count >= 6, bytes[0] & 0x0F == 8, bytes[1] & 0x20 == 0, (Int(bytes[0]) << 8 + Int(bytes[1])) % 31 == 0
    else { throw ArchiveError(offset: 0, .badStream(.zlibHeader)) }
    let (content, end) = try raw(bytes, in: 2..<bytes.count, limit: limit)
    guard end + 4 <= bytes.count else { throw ArchiveError(offset: end, .cut) }
    let stored = bytes[end..<(end + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    guard stored == adler32(content) else { throw ArchiveError(offset: 0, .wrongChecksum("")) }
    return content
  }

  /// Unpacks the raw deflated stream that begins with a range of bytes, and gives the offset of the byte after it.
  package static func raw(
    _ bytes: [UInt8], in range: Range<Int>, limit: Int
  ) throws(ArchiveError) -> (content: [UInt8], end: Int) {
    var stream = Stream(BitReader(range), limit: limit)
    return try stream.run(bytes.span.bytes)
  }

  /// The checksum that closes a zlib stream.
  package static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    var position = 0
    while position < bytes.count {
      let end = min(bytes.count, position + 5552)  // the longest run whose sums stay below 2^32 (RFC 1950's NMAX)
      for index in position..<end {
        low += UInt32(bytes[index])
        high += low
      }
      low %= 65521
      high %= 65521
      position = end
    }
    return high << 16 | low
  }
}
