/// What is known of a frame beside its pixels.
package struct FrameFacts: Equatable, Sendable {
  /// The camera's counter, or the frame's place in a stream, from 0.
  package var sequence: UInt64
  /// When it was taken, CLOCK_MONOTONIC; where nobody took it, when it was there.
  package var timestampNanoseconds: Int64
  /// From then until the program had it.
  package var captureNanoseconds: Int64
  /// Frames that the camera took, and the program did not answer, since the one before.
  package var dropped: UInt64
  /// Those of the dropped frames that never came whole: gaps in the camera's counter, flagged and short frames. The
  /// others were there, and passed over for a newer one.
  package var lost: UInt64
  /// The file it was read from, in a folder of pictures; empty otherwise.
  package var name: [UInt8] = []
  /// The digit that was drawn, in a synthetic frame.
  package var drawn: UInt8?
  /// Whether the frame comes from a recording: then everything that is measured now is left out of its answer.
  package var isReplayed = false

  package init(
    sequence: UInt64, timestampNanoseconds: Int64, captureNanoseconds: Int64 = 0, dropped: UInt64 = 0, lost: UInt64 = 0
  ) {
    self.sequence = sequence
    self.timestampNanoseconds = timestampNanoseconds
    self.captureNanoseconds = captureNanoseconds
    self.dropped = dropped
    self.lost = lost
  }
}
