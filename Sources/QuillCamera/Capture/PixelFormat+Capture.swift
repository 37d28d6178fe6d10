import QuillImaging

// The pixel formats of the imaging room as V4L2 and the command line know them.

extension PixelFormat {
  /// The format with this V4L2 code, nil where this program reads none. The multi-planar twins of the planar formats
  /// hold the same first plane; of Bayer formats, every order of colours gives the same grey.
  package init?(code: PixelCode) {
    switch code {
    case PixelCode("GREY"): self = .grey
    case PixelCode("YUYV"): self = .yuyv
    case PixelCode("UYVY"): self = .uyvy
    case PixelCode("NV12"), PixelCode("NM12"): self = .nv12
    case PixelCode("NV21"), PixelCode("NM21"): self = .nv21
    case PixelCode("YU12"), PixelCode("YM12"): self = .yu12
    case PixelCode("RGB3"): self = .rgb24
    case PixelCode("BGR3"): self = .bgr24
    case PixelCode("BA81"), PixelCode("GBRG"), PixelCode("GRBG"), PixelCode("RGGB"): self = .bayer8
    case PixelCode("BG10"), PixelCode("GB10"), PixelCode("BA10"), PixelCode("RG10"): self = .bayer10
    case PixelCode("pBAA"), PixelCode("pGAA"), PixelCode("pgAA"), PixelCode("pRAA"): self = .bayer10Packed
    default: return nil
    }
  }

  /// The V4L2 code that a raw stream's layout carries: the first of those that `init(code:)` takes.
  package var code: PixelCode {
    switch self {
    case .grey: PixelCode("GREY")
    case .yuyv: PixelCode("YUYV")
    case .uyvy: PixelCode("UYVY")
    case .nv12: PixelCode("NV12")
    case .nv21: PixelCode("NV21")
    case .yu12: PixelCode("YU12")
    case .rgb24: PixelCode("RGB3")
    case .bgr24: PixelCode("BGR3")
    case .bayer8: PixelCode("RGGB")
    case .bayer10: PixelCode("RG10")
    case .bayer10Packed: PixelCode("pRAA")
    }
  }

  /// The name on the command line.
  package var name: StaticString {
    switch self {
    case .grey: "grey"
    case .yuyv: "yuyv"
    case .uyvy: "uyvy"
    case .nv12: "nv12"
    case .nv21: "nv21"
    case .yu12: "yu12"
    case .rgb24: "rgb24"
    case .bgr24: "bgr24"
    case .bayer8: "bayer8"
    case .bayer10: "bayer10"
    case .bayer10Packed: "bayer10p"
    }
  }

  /// What a grey pixel costs to make, the cheapest 0: brightness in a plane of its own, in every second byte, weighed
  /// from three colours, or binned from a sensor's raw colours.
  var cost: UInt8 {
    switch self {
    case .grey: 0
    case .yu12, .nv12, .nv21: 1
    case .yuyv, .uyvy: 2
    case .rgb24, .bgr24: 3
    case .bayer8, .bayer10, .bayer10Packed: 4
    }
  }

  /// Whether a picture of this size can be turned into grey.
  func suits(width: UInt32, height: UInt32) -> Bool {
    guard 1...CameraLayout.maximumSide ~= width, 1...CameraLayout.maximumSide ~= height else { return false }
    if isBinned && (width < 2 || height < 2) { return false }
    return self != .bayer10Packed || width % 4 == 0
  }

  /// Bytes of a whole picture without gaps between its rows, every plane counted: a raw frame in a stream.
  ///
  /// Sides are at most `FrameShape.longestSide`.
  package func frameByteCount(width: UInt32, height: UInt32) -> Int {
    let rows = rowBytes(width: Int(width)) * Int(height)
    switch self {
    case .yu12, .nv12, .nv21: return rows + (Int(width) + 1) / 2 * ((Int(height) + 1) / 2) * 2
    case .grey, .yuyv, .uyvy, .rgb24, .bgr24, .bayer8, .bayer10, .bayer10Packed: return rows
    }
  }
}
