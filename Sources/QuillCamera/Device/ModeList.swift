import CVideo4Linux
import QuillImaging

/// The modes that an open camera lists.
struct ModeList {
  /// Bounds on what a driver may list before it is taken for a fault.
  private static let formatLimit: UInt32 = 256
  private static let sizeLimit: UInt32 = 256
  private static let intervalLimit: UInt32 = 64

  let descriptor: Int32
  let isMultiPlanar: Bool

  /// The first format of any kind, to name in an error.
  var firstCode: PixelCode? { code(at: 0) }

  /// The format at this place of the list (VIDIOC_ENUM_FMT), nil past its end.
  func code(at index: UInt32) -> PixelCode? {
    var code: UInt32 = 0
    guard index < Self.formatLimit, unsafe quill_video_format(descriptor, isMultiPlanar, index, &code) >= 0 else {
      return nil
    }
    return PixelCode(rawValue: code)
  }

  /// The mode nearest to the wish among those this program reads.
  func best(for wish: CameraWish) -> CameraMode? {
    var chooser = ModeChooser(wish: wish)
    var index: UInt32 = 0
    while let code = code(at: index) {
      if let format = CaptureFormat(code: code) {
        considerSizes(format, code, &chooser)
      }
      index += 1
    }
    return chooser.best
  }

  private func considerSizes(_ format: CaptureFormat, _ code: PixelCode, _ chooser: inout ModeChooser) {
    var index: UInt32 = 0
    var size = quill_video_size()
    while index < Self.sizeLimit, unsafe quill_video_frame_size(descriptor, code.rawValue, index, &size) >= 0 {
      index += 1
      guard size.minimum_width <= size.maximum_width, size.minimum_height <= size.maximum_height else { continue }
      let range = SizeRange(
        width: size.minimum_width...size.maximum_width, height: size.minimum_height...size.maximum_height,
        widthStep: size.step_width, heightStep: size.step_height)
      let nearest = range.nearest(to: chooser.wish)
      considerRates(
        CameraMode(format: format, code: code, width: nearest.width, height: nearest.height), &chooser)
    }
    if index == 0 {
      // A driver without a list of sizes: it answers VIDIOC_S_FMT with the nearest it has.
      chooser.consider(
        CameraMode(format: format, code: code, width: chooser.wish.width, height: chooser.wish.height))
    }
  }

  private func considerRates(_ mode: CameraMode, _ chooser: inout ModeChooser) {
    var index: UInt32 = 0
    var interval = quill_video_interval()
    while index < Self.intervalLimit,
      unsafe quill_video_frame_interval(descriptor, mode.code.rawValue, mode.width, mode.height, index, &interval) >= 0
    {
      index += 1
      guard interval.numerator > 0 else { continue }
      var rated = mode
      rated.millihertz = UInt32(clamping: UInt64(interval.denominator) * 1_000 / UInt64(interval.numerator))
      chooser.consider(rated)
    }
    if index == 0 { chooser.consider(mode) }
  }
}
