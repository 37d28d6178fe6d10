import QuillArchive

extension FileBytes {
  /// Reads a whole file, and unpacks it if it is a gzip stream.
  /// - Throws: what `read` throws, and `archive`.
  static func readExpanded(_ path: String) throws(DataError) -> [UInt8] {
    let bytes = try read(path)
    guard Gzip.recognizes(bytes) else { return bytes }
    do {
      return try Gzip.expand(bytes, limit: defaultLimit)
    } catch {
      throw DataError(path: path, .archive(error))
    }
  }

  /// Reads a ZIP archive.
  /// - Throws: what `read` throws, and `archive`.
  static func readArchive(_ path: String) throws(DataError) -> ZipArchive {
    let bytes = try read(path)
    do {
      return try ZipArchive(bytes)
    } catch {
      throw DataError(path: path, .archive(error))
    }
  }
}

extension ZipArchive {
  /// The bytes of a member of the archive at `path`.
  /// - Throws: `archive`.
  func contents(of member: Member, path: String) throws(DataError) -> [UInt8] {
    do {
      return try contents(of: member, limit: FileBytes.defaultLimit)
    } catch {
      throw DataError(path: path, .archive(error))
    }
  }
}
