import CVideo4Linux
import QuillImaging

/// What one V4L2 node is, looked at without changing it: for a user who wonders why there are no frames.
package struct CameraSurvey: Equatable, Sendable {
  /// What the node said when it was opened and asked what it is.
  package enum Access: Equatable, Sendable {
    /// A camera; `isBusy`: another program holds its buffers.
    case camera(isBusy: Bool)
    /// Something else: metadata of a USB camera, an encoder, a radio.
    case otherDevice
    case failed(CameraCall, errno: Int32)
  }

  package var path: SystemPath
  package var access: Access
  /// Names as the driver gives them, the zeros behind left out.
  package var driver: [UInt8] = []
  package var card: [UInt8] = []
  package var bus: [UInt8] = []
  /// Every pixel format that it lists.
  package var codes: [PixelCode] = []
  /// The mode that would be chosen for the wish.
  package var mode: CameraMode?

  /// A node by what is known of it.
  package init(
    path: SystemPath, access: Access, driver: [UInt8], card: [UInt8], bus: [UInt8], codes: [PixelCode],
    mode: CameraMode?
  ) {
    self.path = path
    self.access = access
    self.driver = driver
    self.card = card
    self.bus = bus
    self.codes = codes
    self.mode = mode
  }

  /// Looks at every node from /dev/video0 on; those that are not there are left out.
  package static func all(for wish: CameraWish) -> [CameraSurvey] {
    var found: [CameraSurvey] = []
    for number in 0..<CameraFinder.nodeCount {
      if let survey = CameraSurvey(CameraFinder.node(number), wish) { found.append(survey) }
    }
    return found
  }

  /// Looks at one node; nil where there is none.
  private init?(_ path: SystemPath, _ wish: CameraWish) {
    self.path = path
    let descriptor = unsafe path.withCString { unsafe quill_open($0, Int32(QUILL_OPEN_DEVICE.rawValue)) }
    if descriptor < 0 {
      if -descriptor == Int32(QUILL_ENOENT) { return nil }
      access = .failed(.open, errno: -descriptor)
      return
    }
    defer { _ = quill_close(descriptor) }
    var device = quill_video_device()
    let result = unsafe quill_video_query(descriptor, &device)
    guard result >= 0 else {
      access = .failed(.query, errno: -result)
      return
    }
    let identity = CameraIdentity(device)
    driver = identity.driver.filter { $0 != 0 }
    card = identity.card.filter { $0 != 0 }
    bus = identity.bus.filter { $0 != 0 }
    guard device.captures else {
      access = .otherDevice
      return
    }
    // Freeing no buffers changes nothing, and is refused where another program holds some.
    access = .camera(isBusy: quill_video_request(descriptor, device.multi_planar, 0) == -QUILL_EBUSY)
    let modes = ModeList(descriptor: descriptor, isMultiPlanar: device.multi_planar)
    var index: UInt32 = 0
    while let code = modes.code(at: index) {
      codes.append(code)
      index += 1
    }
    mode = modes.best(for: wish)
  }
}

extension CameraSurvey {
  /// The node that is taken where the user names none: the first camera that can be used; failing that the first raw
  /// sensor; failing that one that says best what is in the way.
  package static func preferred(_ nodes: [CameraSurvey]) -> SystemPath? {
    var best: (rank: Int, path: SystemPath)?
    for node in nodes {
      guard let rank = node.rank, rank < best?.rank ?? .max else { continue }
      best = (rank, node.path)
    }
    return best?.path
  }

  /// The lower, the rather; nil for what is no camera.
  private var rank: Int? {
    switch access {
    case .otherDevice: nil
    case .failed: 4
    case .camera(let isBusy):
      switch CameraKind(driver: driver) {
      case .processor: nil
      case .camera where mode != nil && !isBusy: 0
      case .sensor where mode != nil && !isBusy: 1
      case .camera, .sensor: isBusy ? 2 : 3
      }
    }
  }
}
