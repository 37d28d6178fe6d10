/// What is wrong with an archive or a compressed file.
public struct ArchiveError: Error, Sendable, Equatable {
  /// Bytes from the beginning of the file.
  public var offset: Int

  /// What was found there.
  public var fault: Fault

  /// A fault at a place.
  public init(offset: Int, _ fault: Fault) {
    self.offset = offset
    self.fault = fault
  }

  /// What can be wrong; the names are those of the archive's members.
  public enum Fault: Sendable, Equatable {
    /// The bytes end within a record or a packed stream.
    case cut

    /// No end-of-directory record: not a ZIP archive, or one that was cut.
    case noDirectory

    /// A record does not begin with its signature.
    case badSignature

    /// A member is encrypted.
    case encrypted(String)

    /// A member is packed by a method other than stored (0) and deflated (8).
    case unknownMethod(String, Int)

    /// A member, or a gzip stream (whose name is empty), does not have the length that was noted for it.
    case wrongLength(String, found: Int, expected: Int)

    /// The CRC-32 of a member or of a gzip stream, or a zlib stream's Adler-32, does not match its bytes; the name is
    /// empty for streams.
    case wrongChecksum(String)

    /// A packed stream breaks a rule of its format.
    case badStream(StreamRule)

    /// The content would unpack to more bytes than are permitted.
    case tooLarge(permitted: Int)
  }

  /// The rule of RFC 1950, 1951 or 1952 that a packed stream breaks.
  public enum StreamRule: String, Sendable, Equatable {
    case zlibHeader = "zlib header"
    case gzipHeader = "gzip header"
    case blockType = "block type"
    case storedLength = "stored block's length"
    case codeLengths = "code lengths"
    case codes
    case distance
  }
}

extension ArchiveError: CustomStringConvertible {
  /// The place, what was found there, and what to do.
  public var description: String { "byte \(offset): \(fault)" }
}

extension ArchiveError.Fault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .cut: "packed data end too early; the file is cut or damaged"
    case .noDirectory: "no directory at the end of the ZIP archive; it is cut or damaged"
    case .badSignature: "a record of the ZIP archive without its signature; it is damaged"
    case .encrypted(let name): "\"\(name)\" is encrypted; pack it without a password"
    case .unknownMethod(let name, let method):
      "\"\(name)\" is packed by method \(method); expected 0 (stored) or 8 (deflated)"
    case .wrongLength("", let found, let expected):
      "\(found) bytes were unpacked; expected \(expected); the file is damaged"
    case .wrongLength(let name, let found, let expected): "\"\(name)\" has \(found) bytes; expected \(expected)"
    case .wrongChecksum(""): "packed data do not match their checksum; the file is damaged"
    case .wrongChecksum(let name): "\"\(name)\" does not match its checksum; the archive is damaged"
    case .badStream(let rule): "packed data break the rule of the \(rule.rawValue); the file is damaged"
    case .tooLarge(let permitted): "packed data hold more than \(permitted) bytes, the most that is read"
    }
  }
}
