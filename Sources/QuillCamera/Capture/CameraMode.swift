import QuillImaging

/// One way in which a camera can send pictures.
package struct CameraMode: Equatable, Sendable {
  package var format: CaptureFormat
  /// The code that the camera lists for it.
  package var code: PixelCode
  /// Pixels.
  package var width: UInt32
  package var height: UInt32
  /// Frames a second, times 1000; nil where the camera does not say.
  package var millihertz: UInt32?

  package init(format: CaptureFormat, code: PixelCode, width: UInt32, height: UInt32, millihertz: UInt32? = nil) {
    self.format = format
    self.code = code
    self.width = width
    self.height = height
    self.millihertz = millihertz
  }
}

/// What the user would like; the nearest that the camera has is taken.
package struct CameraWish: Equatable, Sendable {
  /// Pixels.
  package var width: UInt32 = 640
  package var height: UInt32 = 480
  /// Frames a second, times 1000.
  package var millihertz: UInt32 = 30_000
  /// The only format to take; nil takes the cheapest.
  package var format: CaptureFormat?
  /// The only V4L2 code to take: one format has several, for planes that lie apart or other orders of colours.
  package var code: PixelCode?
  /// Whether the program can decode JPEG.
  package var readsJPEG = false
  package var controls = ControlWishes()

  package init() {}
}

/// A range of picture sizes (VIDIOC_ENUM_FRAMESIZES).
package struct SizeRange: Equatable, Sendable {
  package var width: ClosedRange<UInt32>
  package var height: ClosedRange<UInt32>
  /// Distance between permitted values; zero or one permits each.
  package var widthStep: UInt32
  package var heightStep: UInt32

  package init(
    width: ClosedRange<UInt32>, height: ClosedRange<UInt32>, widthStep: UInt32 = 0, heightStep: UInt32 = 0
  ) {
    self.width = width
    self.height = height
    self.widthStep = widthStep
    self.heightStep = heightStep
  }

  /// The permitted width and height nearest below (or, where there is none, above) the ones wished for.
  func nearest(to wish: CameraWish) -> (width: UInt32, height: UInt32) {
    (
      Self.nearest(to: wish.width, in: width, step: widthStep),
      Self.nearest(to: wish.height, in: height, step: heightStep)
    )
  }

  private static func nearest(to wanted: UInt32, in range: ClosedRange<UInt32>, step: UInt32) -> UInt32 {
    let clamped = min(max(wanted, range.lowerBound), range.upperBound)
    return step > 1 ? clamped - (clamped - range.lowerBound) % step : clamped
  }
}

/// Keeps the best mode of those it is shown: the size nearest to the wish (a smaller one only where no larger is near),
/// then a rate that reaches it, then the format that is cheapest to read.
package struct ModeChooser: Sendable {
  package let wish: CameraWish
  package private(set) var best: CameraMode?
  private var bestCost = (size: UInt64.max, rate: UInt32.max, format: UInt8.max)

  package init(wish: CameraWish) {
    self.wish = wish
  }

  package mutating func consider(_ mode: CameraMode) {
    guard mode.format.suits(width: mode.width, height: mode.height) else { return }
    if mode.format == .jpeg && !wish.readsJPEG { return }
    if let only = wish.code, only != mode.code { return }
    if let only = wish.format, only != mode.format { return }
    let cost = (size: sizeCost(of: mode), rate: rateCost(of: mode), format: mode.format.cost)
    if best == nil || cost < bestCost {
      best = mode
      bestCost = cost
    }
  }

  /// Pixels too many or, four times as heavy, too few in each direction; zero for the size wished for.
  private func sizeCost(of mode: CameraMode) -> UInt64 {
    func distance(_ found: UInt32, _ wanted: UInt32) -> UInt64 {
      found >= wanted ? UInt64(found - wanted) : 4 * UInt64(wanted - found)
    }
    return distance(mode.width, wish.width) + distance(mode.height, wish.height)
  }

  /// How far the rate stays below the wish; an unknown rate counts as reaching it.
  private func rateCost(of mode: CameraMode) -> UInt32 {
    guard let rate = mode.millihertz, rate < wish.millihertz else { return 0 }
    return wish.millihertz - rate
  }
}
