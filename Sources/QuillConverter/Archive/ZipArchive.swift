/// Reads members of a ZIP archive (PKWARE's APPNOTE 6.3): stored or deflated, with ZIP64 lengths where they are given.
///
/// The central directory alone is believed; encrypted and multi-volume archives are refused.
package struct ZipArchive {
  /// One member as the directory describes it.
  package struct Member: Equatable {
    package let name: String
    package let method: Int
    package let isEncrypted: Bool
    package let checksum: UInt32
    package let storedByteCount: Int
    package let byteCount: Int
    package let headerOffset: Int
  }

  /// The most bytes that one member may unpack to.
  package static let permittedByteCount = 1 << 30

  private let bytes: [UInt8]

  /// The members in directory order.
  package let members: [Member]

  /// Whether bytes begin like a ZIP archive with at least one member.
  package static func isZip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

  /// Reads the directory.
  package init(_ bytes: [UInt8]) throws(ImportError) {
    self.bytes = bytes
    guard let end = Self.directoryEnd(bytes) else { throw .archive(offset: bytes.count, .noDirectory) }
    var reader = try ByteReader(bytes, .zip, at: end + 10)
    var count = try reader.count(2)
    _ = try reader.count(4)
    var start = try reader.count(4)
    if count == 0xFFFF || start == 0xFFFF_FFFF, end >= 20 {
      var locator = try ByteReader(bytes, .zip, at: end - 20)
      if locator.skips("PK\u{06}\u{07}") {
        try locator.skip(4)
        var record = try ByteReader(bytes, .zip, at: try locator.count(8))
        guard record.skips("PK\u{06}\u{06}") else { throw .archive(offset: record.offset, .badSignature) }
        try record.skip(28)
        count = try record.count(8)
        try record.skip(8)
        start = try record.count(8)
      }
    }
    var members: [Member] = []
    var directory = try ByteReader(bytes, .zip, at: start)
    for _ in 0..<count { members.append(try Self.member(&directory)) }
    self.members = members
  }

  /// The offset of the last end-of-directory record.
  private static func directoryEnd(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 22 else { return nil }
    let lowest = max(0, bytes.count - 22 - 65_535)
    return (lowest...(bytes.count - 22)).last { offset in
      bytes[offset] == 0x50 && bytes[offset + 1] == 0x4B && bytes[offset + 2] == 5 && bytes[offset + 3] == 6
    }
  }

  private static func member(_ reader: inout ByteReader) throws(ImportError) -> Member {
    let place = reader.offset
    guard reader.skips("PK\u{01}\u{02}") else { throw .archive(offset: place, .badSignature) }
    try reader.skip(4)
    let flags = try reader.count(2)
    let method = try reader.count(2)
    try reader.skip(4)
    let checksum = UInt32(truncatingIfNeeded: try reader.unsigned(4))
    var stored = try reader.count(4)
    var unpacked = try reader.count(4)
    let nameLength = try reader.count(2)
    let extraLength = try reader.count(2)
    let commentLength = try reader.count(2)
    try reader.skip(8)
    var header = try reader.count(4)
    let name = String(decoding: try reader.take(nameLength), as: UTF8.self)
    var extras = try ByteReader(reader.bytes, .zip, at: reader.offset, count: extraLength)
    while extras.remaining >= 4 {
      let identifier = try extras.count(2)
      let length = min(try extras.count(2), extras.remaining)
      var field = try ByteReader(reader.bytes, .zip, at: extras.offset, count: length)
      try extras.skip(length)
      guard identifier == 1 else { continue }
      if unpacked == 0xFFFF_FFFF { unpacked = try field.count(8) }
      if stored == 0xFFFF_FFFF { stored = try field.count(8) }
      if header == 0xFFFF_FFFF { header = try field.count(8) }
    }
    try reader.skip(extraLength)
    try reader.skip(commentLength)
    return Member(
      name: name, method: method, isEncrypted: flags & 1 != 0, checksum: checksum, storedByteCount: stored,
      byteCount: unpacked, headerOffset: header)
  }

  /// The bytes of the member of that name, checked against its length and CRC-32; a missing one throws.
  package func contents(of name: String) throws(ImportError) -> [UInt8] {
    guard let member = members.first(where: { $0.name == name }) else {
      throw .archive(offset: 0, .missingMember(name))
    }
    guard !member.isEncrypted else { throw .archive(offset: member.headerOffset, .encrypted(name)) }
    guard member.byteCount <= Self.permittedByteCount else {
      throw .archive(offset: member.headerOffset, .tooLarge(permitted: Self.permittedByteCount))
    }
    var reader = try ByteReader(bytes, .zip, at: member.headerOffset)
    guard reader.skips("PK\u{03}\u{04}") else { throw .archive(offset: member.headerOffset, .badSignature) }
    try reader.skip(22)
    let nameLength = try reader.count(2)
    let extraLength = try reader.count(2)
    try reader.skip(nameLength)
    try reader.skip(extraLength)
    let place = reader.offset
    let stored = try reader.take(member.storedByteCount)
    let unpacked: [UInt8]
    switch member.method {
    case 0: unpacked = Array(stored)
    case 8: unpacked = try Inflate.raw(stored, limit: member.byteCount, place: place)
    default: throw .archive(offset: member.headerOffset, .unknownMethod(name, member.method))
    }
    guard unpacked.count == member.byteCount else {
      throw .archive(offset: place, .wrongLength(name, found: unpacked.count, expected: member.byteCount))
    }
    guard CRC32.checksum(unpacked) == member.checksum else { throw .archive(offset: place, .wrongChecksum(name)) }
    return unpacked
  }
}
