/// A filled buffer as the driver hands it out (VIDIOC_DQBUF); sizes are of the first plane.
package struct CapturedBuffer: Equatable, Sendable {
  /// Which of the mapped buffers.
  package var index: UInt32
  /// The driver's frame counter; a gap is a frame that never reached this program.
  package var sequence: UInt32
  package var bytesUsed: UInt32
  /// Where the picture begins within `bytesUsed`.
  package var dataOffset: UInt32
  /// Bytes that were mapped; `bytesUsed` beyond them is a driver's mistake.
  package var byteCount: UInt32
  /// When the frame was taken, CLOCK_MONOTONIC; zero where the driver keeps another clock.
  package var timestampNanoseconds: Int64
  /// When it was handed out, CLOCK_MONOTONIC.
  package var receivedNanoseconds: Int64
  /// V4L2_BUF_FLAG_ERROR: the picture may be damaged.
  package var isDamaged: Bool

  package init(
    index: UInt32, sequence: UInt32, bytesUsed: UInt32, byteCount: UInt32, dataOffset: UInt32 = 0,
    timestampNanoseconds: Int64 = 0, receivedNanoseconds: Int64 = 0, isDamaged: Bool = false
  ) {
    self.index = index
    self.sequence = sequence
    self.bytesUsed = bytesUsed
    self.byteCount = byteCount
    self.dataOffset = dataOffset
    self.timestampNanoseconds = timestampNanoseconds
    self.receivedNanoseconds = receivedNanoseconds
    self.isDamaged = isDamaged
  }
}

/// What became of the frames of a session, from its beginning and over every restart.
package struct CameraCounters: Equatable, Sendable {
  /// Handed to the program.
  package var delivered: UInt64 = 0
  /// Given back unread because a newer frame was there, or about to come.
  package var drained: UInt64 = 0
  /// Never came because the program was busy until every buffer was full.
  package var outrun: UInt64 = 0
  /// Given back because the driver flagged them.
  package var damaged: UInt64 = 0
  /// Given back because they held fewer bytes than a picture.
  package var short: UInt64 = 0
  /// Never came: other gaps in the driver's counter.
  package var missed: UInt64 = 0
  /// Times that streaming began.
  package var starts: UInt64 = 0

  package init() {}

  /// Frames that the camera took and the program did not see.
  package var dropped: UInt64 { drained &+ outrun &+ lost }

  /// Those of them that never came whole.
  package var lost: UInt64 { damaged &+ short &+ missed }
}
