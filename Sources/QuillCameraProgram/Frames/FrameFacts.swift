/// What is known of a frame beside its pixels.
package struct FrameFacts: Equatable, Sendable {
  /// The camera's counter, or the frame's place in a stream, from 0.
  package var sequence: UInt64
  /// When it was taken, CLOCK_MONOTONIC; for a stream, when its last byte came.
  package var timestampNanoseconds: Int64
  /// From then until the program had it.
  package var captureNanoseconds: Int64
  /// Frames that the camera took, and the program did not see, since the one before.
  package var dropped: UInt64

  package init(sequence: UInt64, timestampNanoseconds: Int64, captureNanoseconds: Int64, dropped: UInt64) {
    self.sequence = sequence
    self.timestampNanoseconds = timestampNanoseconds
    self.captureNanoseconds = captureNanoseconds
    self.dropped = dropped
  }
}

/// Where frames come from, one after the other.
protocol FrameSource: ~Copyable {
  /// Waits for the next frame and takes it over into `frame`; nil when there are no more or the program is asked to stop.
  mutating func next(into frame: inout GreyFrame) throws(ProgramError) -> FrameFacts?
}
