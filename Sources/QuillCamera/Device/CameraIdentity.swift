import CVideo4Linux

/// What tells one camera from another: a number such as `/dev/video0` may be another camera's after a replug.
struct CameraIdentity: Equatable, Sendable {
  /// Names as the driver gives them (VIDIOC_QUERYCAP), filled up with zeros.
  var driver: [UInt8]
  var card: [UInt8]
  /// Where it is plugged in.
  var bus: [UInt8]

  init(_ device: quill_video_device) {
    var device = device
    // Each copy takes the whole of a byte array within the structure.
    driver = unsafe withUnsafeBytes(of: &device.driver) { unsafe Array($0) }
    card = unsafe withUnsafeBytes(of: &device.card) { unsafe Array($0) }
    bus = unsafe withUnsafeBytes(of: &device.bus) { unsafe Array($0) }
  }

  /// Whether both are the same make, perhaps in another socket.
  func isSameMake(as other: CameraIdentity) -> Bool {
    driver == other.driver && card == other.card
  }
}
