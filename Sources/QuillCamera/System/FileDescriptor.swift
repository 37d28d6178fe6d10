import CVideo4Linux

/// An open file, closed with its owner; the standard streams are left open.
///
/// Public because Embedded Swift does not see the `deinit` of a package type from another module.
public struct FileDescriptor: ~Copyable {
  let number: Int32

  private init(number: Int32) {
    self.number = number
  }

  package static var standardInput: FileDescriptor { FileDescriptor(number: 0) }
  package static var standardOutput: FileDescriptor { FileDescriptor(number: 1) }
  package static var standardError: FileDescriptor { FileDescriptor(number: 2) }

  /// Opens a file that exists, to read it.
  package init(reading path: SystemPath) throws(SystemError) {
    let result = unsafe path.withCString { unsafe quill_open($0, Int32(QUILL_OPEN_READ.rawValue)) }
    number = try SystemError.check(result)
  }

  /// Creates a file that does not exist yet.
  package init(creating path: SystemPath) throws(SystemError) {
    let result = unsafe path.withCString { unsafe quill_open($0, Int32(QUILL_OPEN_CREATE_NEW.rawValue)) }
    number = try SystemError.check(result)
  }

  /// Opens what is there already (a pipe, a terminal), to write to it.
  package init(writing path: SystemPath) throws(SystemError) {
    let result = unsafe path.withCString { unsafe quill_open($0, Int32(QUILL_OPEN_WRITE.rawValue)) }
    number = try SystemError.check(result)
  }

  /// Opens a file to read and to append to it, and creates it where it is not there.
  package init(updating path: SystemPath) throws(SystemError) {
    let result = unsafe path.withCString { unsafe quill_open($0, Int32(QUILL_OPEN_APPEND.rawValue)) }
    number = try SystemError.check(result)
  }

  deinit {
    if number > 2 { _ = quill_close(number) }
  }

  /// Reads once, into the free part of `bytes` from `start` on, at most so many; gives the number of bytes, zero at the
  /// end.
  package func read(
    into bytes: inout [UInt8], from start: Int, atMost most: Int = .max
  ) throws(SystemError) -> Int {
    precondition(0...bytes.count ~= start && most >= 0, "a read begins within the buffer")
    // `start` was just checked; the call writes at most the count it is given.
    let moved = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe quill_read(number, buffer.baseAddress.map { unsafe $0 + start }, min(buffer.count - start, most))
    }
    return Int(try SystemError.check(moved))
  }

  /// Writes all of `bytes`.
  package func write(_ bytes: Span<UInt8>) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      // `written` stays below the count, so what is read lies within the span.
      let moved = unsafe bytes.withUnsafeBytes { buffer in
        unsafe quill_write(number, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
      }
      written += Int(try SystemError.check(moved))
    }
  }

  /// The bytes of a plain file; 0 for a pipe or a device.
  package func byteCount() throws(SystemError) -> Int64 {
    try SystemError.check(quill_byte_count(number))
  }

  /// Cuts the file off behind so many bytes.
  package func cut(to byteCount: Int64) throws(SystemError) {
    _ = try SystemError.check(quill_cut(number, byteCount))
  }

  /// Flushes what was written to the disk.
  package func sync() throws(SystemError) {
    _ = try SystemError.check(quill_sync(number))
  }

  /// Waits until there is something to read, the time is over, or the program is asked to stop.
  package func wait(milliseconds: Int32) throws(SystemError) -> Readiness {
    let ready = try SystemError.check(quill_wait(number, milliseconds))
    if ready & Int32(QUILL_READY_STOP.rawValue) != 0 { return .stopRequested }
    return ready == 0 || ready == Int32(QUILL_READY_SIGNAL.rawValue) ? .timedOut : .readable
  }
}

/// What ended a wait for something to read.
package enum Readiness: Equatable, Sendable {
  /// Bytes, the end, or an error: a read says which.
  case readable
  case timedOut
  case stopRequested
}
