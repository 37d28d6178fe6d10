import CSystemLibraries
import Foundation

/// Writing a file so that its name holds either what was there before or all of the new bytes, never a part.
public enum AtomicFile {
  /// Writes bytes beside the target, makes them durable, and renames them onto it. `-` is standard output; a device, a
  /// pipe or a socket is written to directly. A symbolic link stays, and the file that it names is replaced.
  ///
  /// An interrupted program leaves no part behind: `CSystemLibraries` removes it on SIGINT, SIGTERM and SIGHUP.
  /// - Throws: `isDirectory`, `folderMissing` or `systemCall`.
  public static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
    guard path != "-" else { return try writeAll(bytes, to: STDOUT_FILENO, name: "standard output") }
    var status = stat()
    var mode: mode_t?
    var target = path
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw DataError(path: path, .isDirectory)
      case S_IFREG:
        mode = status.st_mode & 0o777
        target = resolved(path)
      default: return try writeDirectly(bytes, to: path)
      }
    }
    try replace(target, with: bytes, mode: mode, name: path)
  }

  /// Finds out whether `write` may succeed, and changes nothing: for work that would be lost otherwise.
  /// - Throws: `isDirectory`, `folderMissing` or `systemCall`.
  public static func check(_ path: String) throws(DataError) {
    guard path != "-" else { return }
    var status = stat()
    var target = path
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { throw DataError(path: path, .isDirectory) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        guard access(path, W_OK) == 0 else { throw DataError(path: path, .systemCall(.open, errorNumber: errno)) }
        return
      }
      target = resolved(path)
    } else if errno != ENOENT {
      throw DataError(path: path, .systemCall(.create, errorNumber: errno))
    } else if path.hasSuffix("/") {
      throw DataError(path: path, .folderMissing(folder: path))
    }
    let folder = folder(of: target)
    guard access(folder, W_OK | X_OK) != 0 else { return }
    throw uncreated(path, in: folder, errorNumber: errno)
  }

  /// Why a file could not be created in a folder.
  private static func uncreated(_ path: String, in folder: String, errorNumber: Int32) -> DataError {
    let lacksFolder = errorNumber == ENOENT && !FileBytes.isDirectory(folder)
    return DataError(
      path: path, lacksFolder ? .folderMissing(folder: folder) : .systemCall(.create, errorNumber: errorNumber))
  }

  /// Makes a folder where there is none; its parent must exist.
  /// - Throws: `folderMissing`, `isNotDirectory` or `systemCall`.
  public static func createFolder(_ path: String) throws(DataError) {
    if mkdir(path, 0o777) == 0 { return }
    let number = errno
    switch number {
    case EEXIST:
      if FileBytes.isDirectory(path) { return }
      throw DataError(path: path, .isNotDirectory)
    case ENOENT: throw DataError(path: path, .folderMissing(folder: folder(of: path)))
    default: throw DataError(path: path, .systemCall(.create, errorNumber: number))
    }
  }

  private static func replace(_ target: String, with bytes: [UInt8], mode: mode_t?, name: String) throws(DataError) {
    let folder = folder(of: target)
    let partial = FileBytes.join(folder, ".quill-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial")
    let slot = quill_pending_remember(partial)
    defer { quill_pending_forget(slot) }
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw uncreated(name, in: folder, errorNumber: errno) }
    do throws(DataError) {
      try fill(descriptor, with: bytes, mode: mode, name: name)
      guard rename(partial, target) == 0 else {
        throw DataError(path: name, .systemCall(.rename, errorNumber: errno))
      }
    } catch {
      unlink(partial)
      throw error
    }
    synchronise(folder: folder)
  }

  /// Writes a new file's bytes, makes them durable, and closes it.
  private static func fill(
    _ descriptor: Int32, with bytes: [UInt8], mode: mode_t?, name: String
  ) throws(DataError) {
    defer { close(descriptor) }
    if let mode { fchmod(descriptor, mode) }
    try writeAll(bytes, to: descriptor, name: name)
    guard fsync(descriptor) == 0 else {
      throw DataError(path: name, .systemCall(.synchronise, errorNumber: errno))
    }
  }

  /// Makes the new name durable. A file system that cannot do so has still written the file, so nothing is thrown.
  private static func synchronise(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func writeDirectly(_ bytes: [UInt8], to path: String) throws(DataError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DataError(path: path, .systemCall(.open, errorNumber: errno)) }
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor, name: path)
  }

  /// Writes every byte to a descriptor, however many calls that takes.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(DataError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw DataError(path: name, .systemCall(.write, errorNumber: errno))
      }
      written += count
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.dropLast(path.hasSuffix("/") ? 1 : 0).lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
