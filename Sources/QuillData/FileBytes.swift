import Foundation

/// Reading whole files with a limit, and errors that say what is there instead.
public enum FileBytes {
  /// The size past which a file is refused unless the caller says otherwise: 2 GiB less one byte, the flat file's limit.
  public static let defaultLimit = Int(Int32.max)

  /// The name of a file in messages: the path, or `standard input` for `-`.
  public static func displayName(_ path: String) -> String { path == "-" ? "standard input" : path }

  /// Reads a file to its end, or standard input where the path is `-`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes to accept.
  ///   - acceptsEmpty: whether a file without bytes is an answer.
  /// - Throws: `missing`, `isDirectory`, `isEmpty`, `tooLarge` or `systemCall`.
  public static func read(
    _ path: String, limit: Int = defaultLimit, acceptsEmpty: Bool = false
  ) throws(DataError) -> [UInt8] {
    let name = displayName(path)
    guard path != "-" else {
      return try drain(STDIN_FILENO, name: name, expected: 0, limit: limit, acceptsEmpty: acceptsEmpty)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let number = errno
      switch number {
      case ENOENT: throw DataError(path: name, absence(of: path))
      default: throw DataError(path: name, .systemCall(.open, errorNumber: number))
      }
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw DataError(path: name, .systemCall(.read, errorNumber: errno))
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw DataError(path: name, .isDirectory) }
    let expected = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    return try drain(descriptor, name: name, expected: expected, limit: limit, acceptsEmpty: acceptsEmpty)
  }

  /// Reads a descriptor to its end in pieces, so that what a pipe or a lying size says never decides the memory.
  private static func drain(
    _ descriptor: Int32, name: String, expected: Int, limit: Int, acceptsEmpty: Bool
  ) throws(DataError) -> [UInt8] {
    guard expected <= limit else { throw DataError(path: name, .tooLarge(limit: limit)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected)
    var piece = [UInt8](repeating: 0, count: min(max(expected, 1 << 16), 1 << 20))
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw DataError(path: name, .systemCall(.read, errorNumber: errno))
      }
      if count == 0 { break }
      guard count <= limit - bytes.count else { throw DataError(path: name, .tooLarge(limit: limit)) }
      bytes.append(contentsOf: piece[..<count])
    }
    guard acceptsEmpty || !bytes.isEmpty else { throw DataError(path: name, .isEmpty) }
    return bytes
  }

  /// The first bytes of a file, for finding out its kind.
  package static func readStart(_ path: String, count: Int) throws(DataError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let number = errno
      throw DataError(path: path, number == ENOENT ? absence(of: path) : .systemCall(.open, errorNumber: number))
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let found = Glibc.read(descriptor, &bytes, count)
    guard found >= 0 else { throw DataError(path: path, .systemCall(.read, errorNumber: errno)) }
    return [UInt8](bytes.prefix(found))
  }

  /// Why a path leads to no file: bytes that are no UTF-8 come as replacement characters, which name another file.
  private static func absence(of path: String) -> DataError.Problem {
    path.unicodeScalars.contains("\u{FFFD}") ? .nameNotUTF8 : .missing
  }

  /// Whether a path names a folder.
  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a path names a regular file.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether two paths name one regular file, or are one name for a file that is not there yet.
  package static func isOneFile(_ path: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(path, &first) == 0 else { return path == other && path != "-" }
    guard first.st_mode & S_IFMT == S_IFREG, stat(other, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// The names in a folder, sorted, without those that begin with a dot.
  package static func list(_ folder: String) throws(DataError) -> [String] {
    var status = stat()
    guard stat(folder, &status) == 0 else {
      let number = errno
      throw DataError(path: folder, number == ENOENT ? .missing : .systemCall(.open, errorNumber: number))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw DataError(path: folder, .isNotDirectory) }
    guard let directory = opendir(folder) else {
      throw DataError(path: folder, .systemCall(.list, errorNumber: errno))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// A name inside a folder.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
