import CVideo4Linux

/// Why a file could not be read whole.
package enum FileReadError: Error, Equatable, Sendable {
  case system(SystemError)
  /// More bytes than the caller permits.
  case tooLong(limit: Int)
}

/// Files read and written in one piece.
package enum WholeFile {
  /// Every byte of a file (or pipe, or device), at most `limit`.
  package static func read(_ path: SystemPath, limit: Int) throws(FileReadError) -> [UInt8] {
    let file: FileDescriptor
    do throws(SystemError) {
      file = try FileDescriptor(reading: path)
    } catch {
      throw .system(error)
    }
    return try read(file, limit: limit)
  }

  /// Every byte up to the end of an open file, at most `limit`.
  package static func read(_ file: borrowing FileDescriptor, limit: Int) throws(FileReadError) -> [UInt8] {
    // One byte more than a plain file has, so that the last read finds its end; pipes start small and grow.
    let byteCount: Int64
    do throws(SystemError) {
      byteCount = try file.byteCount()
    } catch {
      throw .system(error)
    }
    let expected = max(Int(clamping: byteCount), 1 << 12)
    var bytes = [UInt8](repeating: 0, count: min(limit, expected) + 1)
    var count = 0
    while true {
      let moved: Int
      do throws(SystemError) {
        moved = try file.read(into: &bytes, from: count)
      } catch {
        throw .system(error)
      }
      if moved == 0 { break }
      count += moved
      if count > limit { throw .tooLong(limit: limit) }
      if count == bytes.count {
        bytes.append(contentsOf: repeatElement(0, count: min(bytes.count, limit - bytes.count + 1)))
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Writes a file that is there whole or not at all: beside its place first, flushed, then moved over it. What is no
  /// plain file (a pipe, a terminal, a device) is written to as it is, and never replaced; a folder is refused.
  package static func write(_ bytes: [UInt8], to path: SystemPath) throws(SystemError) {
    switch kind(path) {
    case Int32(QUILL_KIND_FOLDER.rawValue): throw SystemError(number: Int32(QUILL_EISDIR))
    case Int32(QUILL_KIND_OTHER.rawValue):
      let target = try FileDescriptor(writing: path)
      try target.write(bytes.span)
    default: try writeBeside(bytes, path)
    }
  }

  private static func writeBeside(_ bytes: [UInt8], _ path: SystemPath) throws(SystemError) {
    let beside = path.appending(".part")
    remove(beside)
    do throws(SystemError) {
      let file = try FileDescriptor(creating: beside)
      try file.write(bytes.span)
      try file.sync()
    } catch {
      remove(beside)
      throw error
    }
    let moved = unsafe beside.withCString { from in unsafe path.withCString { to in unsafe quill_rename(from, to) } }
    if moved < 0 { remove(beside) }
    _ = try SystemError.check(moved)
    _ = unsafe path.withCString { unsafe quill_sync_folder($0) }
  }

  /// Whether the path leads to a folder.
  package static func isFolder(_ path: SystemPath) -> Bool {
    kind(path) == Int32(QUILL_KIND_FOLDER.rawValue)
  }

  /// Whether the path leads to anything.
  package static func isThere(_ path: SystemPath) -> Bool { kind(path) >= 0 }

  private static func kind(_ path: SystemPath) -> Int32 {
    unsafe path.withCString { unsafe quill_kind($0) }
  }

  private static func remove(_ path: SystemPath) {
    _ = unsafe path.withCString { unsafe quill_remove($0) }
  }
}
