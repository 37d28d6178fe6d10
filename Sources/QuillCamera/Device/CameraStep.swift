/// What a step of a camera brought.
package enum CameraStep: Equatable, Sendable {
  /// Nothing to show yet; take the next step.
  case working
  /// A frame to read with `Camera.withPixels`, until the next step.
  case frame(CapturedFrame)
  /// A change of state to log.
  case notice(CameraNotice)
}

/// A frame in the program's hands.
package struct CapturedFrame: Equatable, Sendable {
  package var layout: CameraLayout
  package var buffer: CapturedBuffer
  /// When the program got it, CLOCK_MONOTONIC.
  package var receivedNanoseconds: Int64
  package var counters: CameraCounters
}
