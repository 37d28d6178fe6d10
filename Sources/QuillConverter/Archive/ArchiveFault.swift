/// What is wrong with a ZIP archive or a deflated stream.
public enum ArchiveFault: Sendable, Equatable {
  /// No end-of-directory record: not a ZIP archive, or one that was cut.
  case noDirectory

  /// A record does not begin with its signature.
  case badSignature

  /// A member is encrypted.
  case encrypted(String)

  /// A member is compressed by a method other than stored (0) and deflated (8).
  case unknownMethod(String, Int)

  /// A member does not have the length that the directory gives.
  case wrongLength(String, found: Int, expected: Int)

  /// A member's CRC-32, or a zlib stream's Adler-32, does not match its bytes.
  case wrongChecksum(String)

  /// The archive lacks a member that the network needs.
  case missingMember(String)

  /// A deflated stream breaks a rule of its format.
  case badDeflate(DeflateRule)

  /// The content would unpack to more bytes than are permitted.
  case tooLarge(permitted: Int)
}

/// The rule of RFC 1950 or RFC 1951 that a deflated stream breaks.
public enum DeflateRule: Sendable, Equatable {
  case endOfInput, blockType, storedLength, codeLengths, code, distance, header
}
