import Foundation
import QuillArchive
import Testing

/// Streams that zlib 1.3 made, and streams that break the format.
struct InflateTests {
  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0..<($0 + 2)]), radix: 16) ?? 0 }
  }

  @Test func storedFixedAndDynamicBlocksUnpack() throws {
    let hello = Array("hello hello hello hello\n".utf8)
    // zlib.compress(text, 0), (text, 9), and a raw stream with a dynamic block.
    let stored = [0x78, 0x01, 0x01, 0x18, 0x00, 0xE7, 0xFF] + hello + Self.checksum(hello)
    #expect(try Inflate.zlib(stored, limit: 24) == hello)
    let fixed = Self.bytes("78dacb48cdc9c957c84027b90070be08bb")
    #expect(try Inflate.zlib(fixed, limit: 24) == hello)
    let dynamic = Self.bytes(
      "458fc91104310c02634522ff18b641aed99fcc6d59a3dd1d6935637105ea3354c8bcc167156ca74a3cae2708aa4860406c374e4121"
        + "1d8b636f140017d8c486160ea9dbf1153bc952bb10a73a86ae7099e65f684a4b16ce750b2caa7c81b86eef3e35c296dc97d2a057"
        + "cfc057f6b7a3ff01")
    let (text, end) = try Inflate.raw(dynamic, in: 0..<dynamic.count, limit: 300)
    #expect(end == dynamic.count)
    #expect(text.count == 300)
    #expect(text.starts(with: "adabacccbaacabbdacbadabaaacababacacccab".utf8))
    #expect(Inflate.adler32(text) == 0x935B72E2)
  }

  static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    let value = Inflate.adler32(bytes)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  @Test func limitIsKept() {
    let text = [UInt8](repeating: 65, count: 24)
    let stored = [0x78, 0x01, 0x01, 0x18, 0x00, 0xE7, 0xFF] + text + Self.checksum(text)
    #expect(throws: ArchiveError(offset: 7, .tooLarge(permitted: 23))) {
      try Inflate.zlib(stored, limit: 23)
    }
  }

  @Test(arguments: [
    ("0000", ArchiveError(offset: 0, .badStream(.zlibHeader))),
    ("789c07000000000000", ArchiveError(offset: 3, .badStream(.blockType))),
    ("780101180000000000", ArchiveError(offset: 7, .badStream(.storedLength))),
    ("78dacb48cdc9c957c84027b90070be08bc", ArchiveError(offset: 0, .wrongChecksum(""))),
  ])
  func brokenStreamsAreRefused(_ stream: String, _ expected: ArchiveError) {
    let bytes = Self.bytes(stream)
    #expect(throws: expected) { try Inflate.zlib(bytes, limit: 100) }
  }
}
