/// Reads members of a ZIP archive (PKWARE's APPNOTE 6.3): stored or deflated, with ZIP64 lengths where they are given.
///
/// The central directory alone is believed; encrypted and multi-volume archives are refused.
package struct ZipArchive {
  /// One member as the directory describes it; folders have names that end in a slash.
  package struct Member: Equatable, Sendable {
    package let name: String
    fileprivate let method: Int
    fileprivate let isEncrypted: Bool
    fileprivate let checksum: UInt32
    fileprivate let storedByteCount: Int
    fileprivate let byteCount: Int
    fileprivate let headerOffset: Int
  }

  private let bytes: [UInt8]

  /// The members in directory order.
  package let members: [Member]

  /// Whether bytes begin like a ZIP archive with at least one member.
  package static func recognizes(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

  /// Reads the directory.
  package init(_ bytes: [UInt8]) throws(ArchiveError) {
    self.bytes = bytes
    guard let end = Self.directoryEnd(bytes) else { throw ArchiveError(offset: bytes.count, .noDirectory) }
    var reader = FieldReader(bytes, at: end + 10)
    var count = try reader.number(2)
    try reader.skip(4)
    var start = try reader.number(4)
    if count == 0xFFFF || start == 0xFFFF_FFFF, end >= 20 {
      var locator = FieldReader(bytes, at: end - 20)
      if try locator.number(4) == 0x0706_4B50 {
        try locator.skip(4)
        var record = FieldReader(bytes, at: try locator.number(8))
        try record.expect(0x0606_4B50)
        try record.skip(28)
        count = try record.number(8)
        try record.skip(8)
        start = try record.number(8)
      }
    }
    var members: [Member] = []
    var directory = FieldReader(bytes, at: start)
    for _ in 0..<count { members.append(try Self.member(&directory)) }
    self.members = members
  }

  /// The offset of the last end-of-directory record: 22 bytes, and a comment of at most 65,535 behind them.
  private static func directoryEnd(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 22 else { return nil }
    let lowest = max(0, bytes.count - 22 - 65_535)
    return (lowest...(bytes.count - 22)).last { bytes[$0...].starts(with: [0x50, 0x4B, 0x05, 0x06]) }
  }

  private static func member(_ reader: inout FieldReader) throws(ArchiveError) -> Member {
    try reader.expect(0x0201_4B50)
    try reader.skip(4)
    let flags = try reader.number(2)
    let method = try reader.number(2)
    try reader.skip(4)
    let checksum = UInt32(truncatingIfNeeded: try reader.number(4))
    var stored = try reader.number(4)
    var unpacked = try reader.number(4)
    let nameLength = try reader.number(2)
    let extraLength = try reader.number(2)
    let commentLength = try reader.number(2)
    try reader.skip(8)
    var header = try reader.number(4)
    let name = String(decoding: try reader.take(nameLength), as: UTF8.self)
    var extras = FieldReader(reader.bytes, at: reader.offset, count: extraLength)
    try reader.skip(extraLength + commentLength)
    while extras.remaining >= 4 {
      let identifier = try extras.number(2)
      let length = min(try extras.number(2), extras.remaining)
      var field = FieldReader(reader.bytes, at: extras.offset, count: length)
      try extras.skip(length)
      guard identifier == 1 else { continue }
      if unpacked == 0xFFFF_FFFF { unpacked = try field.number(8) }
      if stored == 0xFFFF_FFFF { stored = try field.number(8) }
      if header == 0xFFFF_FFFF { header = try field.number(8) }
    }
    return Member(
      name: name, method: method, isEncrypted: flags & 1 != 0, checksum: checksum, storedByteCount: stored,
      byteCount: unpacked, headerOffset: header)
  }

  /// The bytes of a member, at most `limit`, checked against its length and CRC-32.
  package func contents(of member: Member, limit: Int) throws(ArchiveError) -> [UInt8] {
    let place = min(member.headerOffset, bytes.count)
    guard !member.isEncrypted else { throw ArchiveError(offset: place, .encrypted(member.name)) }
    guard member.byteCount <= limit else { throw ArchiveError(offset: place, .tooLarge(permitted: limit)) }
    var reader = FieldReader(bytes, at: place)
    try reader.expect(0x0403_4B50)
    try reader.skip(22)
    let nameLength = try reader.number(2)
    try reader.skip(nameLength + (try reader.number(2)))
    let stored = try reader.take(member.storedByteCount)
    let unpacked: [UInt8]
    switch member.method {
    case 0: unpacked = Array(stored)
    case 8: unpacked = try Inflate.raw(bytes, in: stored.indices, limit: member.byteCount).content
    default: throw ArchiveError(offset: place, .unknownMethod(member.name, member.method))
    }
    guard unpacked.count == member.byteCount else {
      throw ArchiveError(
        offset: place, .wrongLength(member.name, found: unpacked.count, expected: member.byteCount))
    }
    guard CRC32.checksum(unpacked) == member.checksum else {
      throw ArchiveError(offset: place, .wrongChecksum(member.name))
    }
    return unpacked
  }
}

/// Reads little-endian fields of an archive front to back; every read is checked against the end.
private struct FieldReader {
  let bytes: [UInt8]
  private(set) var offset: Int
  private let end: Int

  init(_ bytes: [UInt8], at offset: Int, count: Int? = nil) {
    self.bytes = bytes
    self.offset = min(max(offset, 0), bytes.count)
    end = min(count.map { offset + $0 } ?? bytes.count, bytes.count)
  }

  var remaining: Int { end - offset }

  mutating func take(_ count: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw ArchiveError(offset: offset, .cut) }
    defer { offset += count }
    return bytes[offset..<(offset + count)]
  }

  mutating func skip(_ count: Int) throws(ArchiveError) { _ = try take(count) }

  /// A number of up to 8 bytes; what exceeds `Int.max` becomes `Int.max`, which every check refuses.
  mutating func number(_ width: Int) throws(ArchiveError) -> Int {
    Int(clamping: try take(width).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
  }

  mutating func expect(_ signature: Int) throws(ArchiveError) {
    let place = offset
    guard try number(4) == signature else { throw ArchiveError(offset: place, .badSignature) }
  }
}
