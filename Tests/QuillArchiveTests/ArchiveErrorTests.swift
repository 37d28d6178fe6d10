import QuillArchive
import Testing

/// The sentences, word for word.
struct ArchiveErrorTests {
  static let sentences: [(ArchiveError.Fault, String)] = [
    (.cut, "packed data end too early; the file is cut or damaged"),
    (.noDirectory, "no directory at the end of the ZIP archive; it is cut or damaged"),
    (.badSignature, "a record of the ZIP archive without its signature; it is damaged"),
    (.encrypted("a.csv"), "\"a.csv\" is encrypted; pack it without a password"),
    (.unknownMethod("a.csv", 12), "\"a.csv\" is packed by method 12; expected 0 (stored) or 8 (deflated)"),
    (.wrongLength("a.csv", found: 5, expected: 6), "\"a.csv\" has 5 bytes; expected 6"),
    (.wrongLength("", found: 5, expected: 6), "5 bytes were unpacked; expected 6; the file is damaged"),
    (.wrongChecksum("a.csv"), "\"a.csv\" does not match its checksum; the archive is damaged"),
    (.wrongChecksum(""), "packed data do not match their checksum; the file is damaged"),
    (.badStream(.storedLength), "packed data break the rule of the stored block's length; the file is damaged"),
    (.badStream(.gzipHeader), "packed data break the rule of the gzip header; the file is damaged"),
    (.tooLarge(permitted: 9), "packed data hold more than 9 bytes, the most that is read"),
  ]

  @Test(arguments: sentences) func sentence(_ fault: ArchiveError.Fault, _ expected: String) {
    #expect(ArchiveError(offset: 3, fault).description == "byte 3: " + expected)
  }
}
