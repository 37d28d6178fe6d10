import Foundation
import QuillArchive
import TestSupport
import Testing

/// Streams that gzip 1.12 and Python's gzip made, and what is wrong with damaged ones.
struct GzipTests {
  private static func decoded(_ text: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: text))) }

  private static func error(_ bytes: [UInt8], limit: Int = 1 << 20) -> ArchiveError? {
    do {
      _ = try Gzip.expand(bytes, limit: limit)
      return nil
    } catch {
      return error
    }
  }

  @Test func membersFollowEachOther() throws {
    let two = try Self.decoded("H4sIAAAAAAACAysszczJUQAA1p5LtQYAAAAfiwgAAAAAAAIDKynPTE4FACt0lggFAAAA")
    #expect(Gzip.recognizes(two))
    #expect(try Gzip.expand(two, limit: 11) == Array("quill twice".utf8))
    #expect(try Gzip.expand(two + [0, 0, 0], limit: 11) == Array("quill twice".utf8))
    #expect(Self.error(two, limit: 10)?.fault == .tooLarge(permitted: 10))
    #expect(Self.error(two + [1])?.fault == .cut)
    #expect(
      Self.error(two + [UInt8](repeating: 1, count: 12)) == ArchiveError(offset: two.count, .badStream(.gzipHeader)))
  }

  /// The header's optional parts: an extra field, a name, a comment and a sum of the header.
  @Test func headersMayHoldMore() throws {
    let plain = try Self.decoded("H4sIAAAAAAACAysszczJUShEkACybDXQEQAAAA==")
    #expect(try Gzip.expand(plain, limit: 17) == Array("quill quill quill".utf8))
    var full = plain
    full[3] = 2 | 4 | 8 | 16
    full.insert(contentsOf: [3, 0, 7, 7, 7] + Array("name".utf8) + [0] + Array("said".utf8) + [0, 9, 9], at: 10)
    #expect(try Gzip.expand(full, limit: 17) == Array("quill quill quill".utf8))
    for count in 0..<full.count { #expect(Self.error(Array(full.prefix(count)))?.fault == .cut) }
  }

  @Test func damageIsFound() throws {
    let plain = try Self.decoded("H4sIAAAAAAACAysszczJUShEkACybDXQEQAAAA==")
    var random = SeededGenerator(seed: 8)
    for _ in 0..<fuzzCases(2000) {
      var bytes = plain
      let place = random.integer(0...bytes.count - 1)
      bytes[place] ^= 1 << UInt8(random.integer(0...7))
      // Time, system and level tell nothing of the content.
      if let content = try? Gzip.expand(bytes, limit: 100) {
        #expect(content == Array("quill quill quill".utf8), "byte \(place)")
      }
    }
    var long = plain
    long[long.count - 4] += 1
    #expect(
      Self.error(long)?.description
        == "byte \(long.count - 4): 17 bytes were unpacked; expected 18; the file is damaged")
  }
}
