/// Unpacks gzip (RFC 1952).
public enum Gzip {
  /// Whether bytes begin as a gzip stream does.
  public static func recognizes(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Unpacks every member of a gzip stream, one after the other; zeros that pad the end are passed over.
  ///
  /// - Parameters:
  ///   - bytes: the stream; each member's CRC-32 and length are checked.
  ///   - limit: the most bytes to unpack to.
  public static func expand(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
    var content: [UInt8] = []
    var position = 0
    repeat {
      let next: (content: [UInt8], end: Int)
      do {
        next = try member(bytes, at: position, limit: limit - content.count)
      } catch {
        guard case .tooLarge = error.fault else { throw error }
        throw ArchiveError(offset: error.offset, .tooLarge(permitted: limit))
      }
      content = content.isEmpty ? next.content : content + next.content
      position = next.end
    } while bytes[position...].contains { $0 != 0 }
    return content
  }

  /// Unpacks the member at an offset, and gives the offset of the byte after it.
  private static func member(
    _ bytes: [UInt8], at start: Int, limit: Int
  ) throws(ArchiveError) -> (content: [UInt8], end: Int) {
    let packed = try headerEnd(bytes, at: start)..<bytes.count
    let (content, end) = try Inflate.raw(bytes, in: packed, limit: limit)
    guard bytes.count - end >= 8 else { throw ArchiveError(offset: bytes.count, .cut) }
    func word(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) } }
    guard CRC32.checksum(content) == word(end) else { throw ArchiveError(offset: end, .wrongChecksum("")) }
    let length = UInt32(truncatingIfNeeded: content.count)
    guard length == word(end + 4) else {
      throw ArchiveError(offset: end + 4, .wrongLength("", found: content.count, expected: Int(word(end + 4))))
    }
    return (content, end + 8)
  }

  /// The offset of a member's packed bytes: after its header of 10 bytes, and the parts that its flags announce.
  private static func headerEnd(_ bytes: [UInt8], at start: Int) throws(ArchiveError) -> Int {
    guard bytes.count - start >= 10 else { throw ArchiveError(offset: bytes.count, .cut) }
    let flags = bytes[start + 3]
    guard bytes[start] == 0x1F, bytes[start + 1] == 0x8B, bytes[start + 2] == 8, flags & 0xE0 == 0 else {
      throw ArchiveError(offset: start, .badStream(.gzipHeader))
    }
    var position = start + 10
    if flags & 4 != 0 {
      guard bytes.count - position >= 2 else { throw ArchiveError(offset: bytes.count, .cut) }
      position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8
    }
    // The file's name and a comment, each closed by a zero.
    for flag in [8, 16] as [UInt8] where flags & flag != 0 {
      guard position < bytes.count, let end = bytes[position...].firstIndex(of: 0) else {
        throw ArchiveError(offset: bytes.count, .cut)
      }
      position = end + 1
    }
    if flags & 2 != 0 { position += 2 }
    guard position <= bytes.count else { throw ArchiveError(offset: bytes.count, .cut) }
    return position
  }
}
