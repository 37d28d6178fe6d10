import Glibc

/// A process that starts with no signal blocked. `Foundation.Process` passes on the mask of the thread that starts it,
/// and the threads that tests run on block SIGTERM.
struct SignallableProcess {
  struct CannotStart: Error { let errorNumber: Int32 }

  private let identifier: pid_t

  init(_ path: String, _ arguments: [String]) throws {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var identifier: pid_t = 0
    let result = posix_spawn(&identifier, path, nil, &attributes, &words, environ)
    guard result == 0 else { throw CannotStart(errorNumber: result) }
    self.identifier = identifier
  }

  /// Sends a signal, waits for the end, and answers the signal that ended the process; 0 where none did.
  func endingSignal(after signal: Int32) -> Int32 {
    kill(identifier, signal)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f
  }
}
