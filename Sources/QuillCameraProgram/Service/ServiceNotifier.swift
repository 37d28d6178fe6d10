import CVideo4Linux
import QuillCamera

/// Tells the system's service manager how the program fares: systemd's protocol (sd_notify(3)), a datagram a message,
/// on the socket that NOTIFY_SOCKET names. Where none is named, every call does nothing.
///
/// A manager that does not listen is no reason to stop answering frames, so failures are passed over.
struct ServiceNotifier: ~Copyable {
  private let descriptor: Int32
  /// A quarter of the time after which the manager takes a silent program for stuck; zero where it does not watch.
  private let feedingNanoseconds: Int64
  private var fedNanoseconds: Int64?

  init() {
    descriptor = quill_notify_open()
    feedingNanoseconds = quill_watchdog_microseconds() * 250
  }

  deinit {
    if descriptor >= 0 { _ = quill_close(descriptor) }
  }

  /// Frames are waited for from now on.
  func ready() { send("READY=1\nSTATUS=answering frames") }

  /// The program ends by its own will.
  func stopping() { send("STOPPING=1") }

  /// Files are read anew; `ready` or `kept` follows.
  func reloading() {
    var message = TextLine(capacity: 64)
    message.append("RELOADING=1\nMONOTONIC_USEC=")
    message.append(Clock.nanoseconds / 1_000)
    send(message)
  }

  /// The new file is no good, and the old model goes on.
  func kept() { send("READY=1\nSTATUS=answering frames with the old model: the new file is no good, see the log") }

  /// Feeds the watchdog: a step of the source is done, be it a frame, a wait or a pause before the next attempt.
  mutating func stepIsDone() {
    guard feedingNanoseconds > 0 else { return }
    let now = Clock.nanoseconds
    if let fedNanoseconds, now - fedNanoseconds < feedingNanoseconds { return }
    fedNanoseconds = now
    send("WATCHDOG=1")
  }

  private func send(_ text: StaticString) {
    guard descriptor >= 0 else { return }
    text.withUTF8Buffer { bytes in
      // The buffer's own count is handed over.
      _ = unsafe quill_notify_send(descriptor, bytes.baseAddress, bytes.count)
    }
  }

  private func send(_ message: TextLine) {
    guard descriptor >= 0 else { return }
    unsafe message.bytes.withUnsafeBufferPointer { bytes in
      // The buffer's own count is handed over.
      _ = unsafe quill_notify_send(descriptor, bytes.baseAddress, bytes.count)
    }
  }
}

/// The wish of the system or the user that files be read anew: SIGHUP.
enum ReloadSignal {
  static func install() throws(ProgramError) {
    let result = quill_reload_install()
    if result < 0 { throw .signals(SystemError(number: -result)) }
  }

  /// Whether it came since this was last asked.
  static func take() -> Bool { quill_reload_take() }
}
