import CVideo4Linux
import Quill

/// An open camera and what it is.
struct FoundCamera: Sendable {
  var descriptor: Int32
  var path: SystemPath
  var identity: CameraIdentity
  var isMultiPlanar: Bool
}

/// Looks for a camera among the nodes of the system.
enum CameraFinder {
  /// V4L2 numbers its nodes /dev/video0 to /dev/video255; this many are tried.
  static let nodeCount = 64

  /// Opens the camera at `path`. Where `identity` is known, a node that is another camera is passed over: the same
  /// camera in the same socket is looked for under every number, and failing that the same make in another.
  static func find(at path: SystemPath, identity: CameraIdentity?) -> Result<FoundCamera, CameraFault> {
    let first = open(path)
    guard let identity else { return first }
    if case .success(let found) = first {
      if found.identity == identity { return first }
      _ = quill_close(found.descriptor)
    }
    var sameMake: FoundCamera?
    for number in 0..<nodeCount {
      guard case .success(let found) = open(node(number)) else { continue }
      if found.identity == identity {
        if let sameMake { _ = quill_close(sameMake.descriptor) }
        return .success(found)
      }
      if sameMake == nil && found.identity.isSameMake(as: identity) {
        sameMake = found
      } else {
        _ = quill_close(found.descriptor)
      }
    }
    if let sameMake { return .success(sameMake) }
    // The node that was named says most about why: gone, forbidden, or busy.
    if case .failure(let fault) = first { return .failure(fault) }
    return .failure(.absent)
  }

  static func node(_ number: Int) -> SystemPath {
    SystemPath(("/dev/video\(number)" as Sentence).bytes)
  }

  private static func open(_ path: SystemPath) -> Result<FoundCamera, CameraFault> {
    let descriptor = unsafe path.withCString { unsafe quill_open($0, Int32(QUILL_OPEN_DEVICE.rawValue)) }
    guard descriptor >= 0 else { return .failure(.failed(.open, errno: -descriptor)) }
    var device = quill_video_device()
    let result = unsafe quill_video_query(descriptor, &device)
    guard result >= 0, device.captures else {
      _ = quill_close(descriptor)
      let isOtherDevice = result >= 0 || result == -QUILL_ENOTTY || result == -QUILL_EINVAL
      return .failure(isOtherDevice ? .notACamera : .failed(.query, errno: -result))
    }
    return .success(
      FoundCamera(
        descriptor: descriptor, path: path, identity: CameraIdentity(device), isMultiPlanar: device.multi_planar))
  }
}
