import QuillArchive
import TestSupport
import Testing

/// Archives of stored members; those that Python's zipfile deflated stand in the tests of their readers.
struct ZipArchiveTests {
  private static let members = [("a.txt", Array("first".utf8)), ("folder/b.txt", [])]

  private static func contents(_ bytes: [UInt8], limit: Int = 100) throws(ArchiveError) -> [[UInt8]] {
    let archive = try ZipArchive(bytes)
    var contents: [[UInt8]] = []
    for member in archive.members { contents.append(try archive.contents(of: member, limit: limit)) }
    return contents
  }

  private static func error(_ bytes: [UInt8], limit: Int = 100) -> ArchiveError? {
    do {
      _ = try contents(bytes, limit: limit)
      return nil
    } catch {
      return error
    }
  }

  @Test func membersAreRead() throws {
    let bytes = StoredZip.archive(Self.members)
    #expect(ZipArchive.recognizes(bytes))
    #expect(try ZipArchive(bytes).members.map(\.name) == ["a.txt", "folder/b.txt"])
    #expect(try Self.contents(bytes) == Self.members.map(\.1))
    #expect(Self.error(bytes, limit: 4)?.fault == .tooLarge(permitted: 4))
  }

  @Test func damageIsNamed() throws {
    let bytes = StoredZip.archive(Self.members)
    let directory = bytes.count - 22 - (46 + 5) - (46 + 12)
    func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
      var bytes = bytes
      bytes[offset] = value
      return bytes
    }
    #expect(Self.error(Array(bytes.dropLast())) == ArchiveError(offset: bytes.count - 1, .noDirectory))
    #expect(Self.error(changed(directory, 0)) == ArchiveError(offset: directory, .badSignature))
    #expect(Self.error(changed(directory + 8, 1)) == ArchiveError(offset: 0, .encrypted("a.txt")))
    #expect(Self.error(changed(directory + 10, 12)) == ArchiveError(offset: 0, .unknownMethod("a.txt", 12)))
    #expect(
      Self.error(changed(directory + 24, 6)) == ArchiveError(offset: 0, .wrongLength("a.txt", found: 5, expected: 6)))
    #expect(Self.error(changed(directory + 16, 0)) == ArchiveError(offset: 0, .wrongChecksum("a.txt")))
    #expect(Self.error(changed(30 + 5, 0)) == ArchiveError(offset: 0, .wrongChecksum("a.txt")))
    #expect(Self.error(changed(directory + 23, 0x7F))?.fault == .cut)
  }

  /// Whatever an archive says, reading ends in bytes or in an error.
  @Test func damagedArchivesAreReadOrRefused() {
    let bytes = StoredZip.archive(Self.members)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<fuzzCases(3000) {
      var bytes = bytes
      for _ in 0...random.integer(0...3) {
        bytes[random.integer(0...bytes.count - 1)] = random.element(of: [0, 1, 0x7F, 0x80, 0xFF])
      }
      if let error = Self.error(bytes) { #expect(error.offset <= bytes.count) }
    }
  }

  /// ISO 3309's check value, and lengths around eight bytes.
  @Test func sumsAreThoseOfTheStandard() {
    #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.checksum([]) == 0)
    #expect(CRC32.checksum(Array("The quick brown fox jumps over the lazy dog".utf8)) == 0x414F_A339)
  }
}
