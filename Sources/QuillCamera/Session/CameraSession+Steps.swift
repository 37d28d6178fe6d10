/// What a session wants done next. The answer is a `CameraEvent`.
package enum CameraAction: Equatable, Sendable {
  /// Find the camera and open it: `.opened` or `.failed`.
  case open
  /// List its formats and choose: `.chosen` or `.failed`.
  case chooseMode
  /// Set the mode: `.negotiated` or `.failed`.
  case negotiate(CameraMode)
  /// Reserve and map buffers: `.buffersReady` or `.failed`.
  case requestBuffers(count: UInt32)
  /// Give a buffer to the driver: `.done` or `.failed`.
  case queue(index: UInt32)
  /// Begin streaming: `.done` or `.failed`.
  case start
  /// Wait for a frame: `.readable`, `.timedOut`, `.interrupted`, `.sourceChanged` or `.failed`.
  case wait(milliseconds: Int32)
  /// Take a filled buffer: `.dequeued`, `.empty` or `.failed`.
  case dequeue
  /// Show the program this buffer; it stays the program's until the answer, `.done`.
  case deliver(CapturedBuffer)
  /// Stop, unmap, free and close whatever is open; it cannot fail: `.done`.
  case close
  /// Let time pass: `.done`, also when the pause is cut short because the program is asked to stop.
  case pause(milliseconds: Int32)
}

/// What came of an action.
package enum CameraEvent: Equatable, Sendable {
  case opened
  case chosen(CameraMode)
  case negotiated(CameraLayout)
  case buffersReady(count: UInt32)
  case done
  case readable
  case timedOut
  case interrupted
  case sourceChanged
  case dequeued(CapturedBuffer)
  case empty
  case failed(CameraFault)
}

/// A change of state, worth one line in a log.
package enum CameraNotice: Equatable, Sendable {
  /// Frames arrive, in this layout.
  case streaming(CameraLayout)
  /// A control does not stand as wished.
  case control(CameraControl, ControlFault)
  /// No frames, and why; the session goes on looking.
  case lost(CameraFault)
}
