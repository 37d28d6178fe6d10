/// What a step of a source brought.
package enum SourceStep: Equatable {
  /// The picture holds a new frame.
  case frame(FrameFacts)
  /// No frame yet: time to feed a watchdog or to look for signals. At most about a second passes in a step, or a camera's
  /// longest pause.
  case idle
  /// There are no more frames, or the program is asked to stop.
  case end
}

/// Where frames come from, one after the other.
protocol FrameSource: ~Copyable {
  /// Goes one step towards the next frame, and takes it over into `picture` when it is there.
  mutating func step(into picture: inout Picture) throws(ProgramError) -> SourceStep
}
