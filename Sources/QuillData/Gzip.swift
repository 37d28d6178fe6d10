import CSystemLibraries

/// Expanding gzip with the system's zlib (`libz.so.1`, Debian's zlib1g), found at run time.
public enum Gzip {
  /// Whether bytes begin as RFC 1952 says that a gzip stream does.
  public static func isCompressed(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
  }

  /// Expands every member of a gzip stream.
  ///
  /// - Parameters:
  ///   - bytes: the stream; zlib checks its CRC-32 and length.
  ///   - limit: the most bytes to expand to.
  ///   - path: the file's name, for errors.
  /// - Throws: `libraryAbsent`, `gzipRefused`, `gzipCut`, `gzipExpandsPast` or `outOfMemory`.
  public static func expand(
    _ bytes: [UInt8], limit: Int = FileBytes.defaultLimit, path: String
  ) throws(DataError) -> [UInt8] {
    var expanded: UnsafeMutablePointer<UInt8>?
    var count = 0
    let (status, message) = SystemLibrary.call { quill_gzip_expand(bytes, bytes.count, limit, &expanded, &count, $0) }
    switch status {
    case QUILL_LIBRARY_OK: break
    case QUILL_LIBRARY_ABSENT: throw DataError(path: path, .libraryAbsent(library: "libz.so.1", package: "zlib1g"))
    case QUILL_LIBRARY_CUT: throw DataError(path: path, .gzipCut)
    case QUILL_LIBRARY_LIMIT: throw DataError(path: path, .gzipExpandsPast(limit: limit))
    case QUILL_LIBRARY_MEMORY: throw DataError(path: path, .outOfMemory)
    default: throw DataError(path: path, .gzipRefused(message: message))
    }
    defer { quill_library_free(expanded) }
    return [UInt8](UnsafeBufferPointer(start: expanded, count: count))
  }
}

/// The calling convention of `CSystemLibraries`: a status, and a message in the caller's memory.
enum SystemLibrary {
  static func call(
    _ body: (UnsafeMutablePointer<CChar>) -> quill_library_status
  ) -> (status: quill_library_status, message: String) {
    var message = [CChar](repeating: 0, count: Int(QUILL_LIBRARY_MESSAGE_BYTES))
    let status = message.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map(body) ?? QUILL_LIBRARY_MEMORY
    }
    let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (status, String(decoding: text, as: UTF8.self))
  }
}
