import CVideo4Linux

/// The clock of camera timestamps.
package enum Clock {
  /// CLOCK_MONOTONIC, in nanoseconds.
  package static var nanoseconds: Int64 { quill_monotonic_nanoseconds() }
}

/// The wish of the system or the user that the program end.
package enum StopSignal {
  /// From now on SIGTERM and SIGINT set `isRequested` and end every wait; a closed pipe is an error, not a signal.
  package static func install() throws(SystemError) {
    _ = try SystemError.check(quill_stop_install())
  }

  package static var isRequested: Bool { quill_stop_requested() }

  /// Lets time pass, or less when the program is asked to stop.
  package static func pause(milliseconds: Int32) {
    _ = quill_wait(-1, milliseconds)
  }
}
