/// The system call that failed, as the log names it.
package enum CameraCall: Equatable, Sendable {
  case open, query, setFormat, requestBuffers, mapBuffer, queueBuffer, startStreaming, wait, dequeueBuffer
}

/// Why the camera gives no frames.
package enum CameraFault: Error, Equatable, Sendable {
  /// A system call failed with this errno.
  case failed(CameraCall, errno: Int32)
  /// The node is no capture device (a UVC camera shows a second node, for metadata).
  case notACamera
  /// No capture device was found that is the camera this session began with.
  case absent
  /// The camera offers nothing this program reads; `offered` is its first format, where it has one.
  case noUsableFormat(offered: PixelCode?)
  /// The camera does not offer the only format that is wanted.
  case formatNotOffered(CaptureFormat)
  /// The driver answered with a layout that contradicts itself or the format asked for.
  case badLayout(CameraLayout)
  /// No frame came for this long.
  case stalled(milliseconds: Int32)
  /// Frames came, so many in a row, and none was whole.
  case onlyBadFrames(count: UInt32)
  /// The source changed its size or format.
  case sourceChanged
}
