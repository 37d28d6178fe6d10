/// How a camera lays pixels out in memory. The names are those of `<linux/videodev2.h>`, which defines each.
public enum PixelFormat: UInt8, CaseIterable, Sendable {
  /// `V4L2_PIX_FMT_GREY`: a byte a pixel.
  case grey
  /// `V4L2_PIX_FMT_YUYV`: Y U Y V, two pixels in four bytes.
  case yuyv
  /// `V4L2_PIX_FMT_UYVY`: U Y V Y.
  case uyvy
  /// `V4L2_PIX_FMT_NV12`: a plane of Y, then U and V in turn for every 2 x 2 pixels.
  case nv12
  /// `V4L2_PIX_FMT_NV21`: a plane of Y, then V and U in turn.
  case nv21
  /// `V4L2_PIX_FMT_YUV420`: planes of Y, U and V, the last two with half the sides.
  case yu12
  /// `V4L2_PIX_FMT_RGB24`: red, green, blue.
  case rgb24
  /// `V4L2_PIX_FMT_BGR24`: blue, green, red.
  case bgr24
  /// `V4L2_PIX_FMT_SRGGB8` and its three siblings: one colour a pixel, a byte each.
  case bayer8
  /// `V4L2_PIX_FMT_SRGGB10` and siblings: the low 10 bits of two bytes, the low byte first.
  case bayer10
  /// `V4L2_PIX_FMT_SRGGB10P` and siblings: the high bytes of four pixels, then a byte with their low bits, first lowest.
  case bayer10Packed

  /// Whether 2 x 2 sensor pixels become one pixel of the result.
  public var isBinned: Bool {
    switch self {
    case .bayer8, .bayer10, .bayer10Packed: true
    case .grey, .yuyv, .uyvy, .nv12, .nv21, .yu12, .rgb24, .bgr24: false
    }
  }

  /// Bytes that one row of (luma) pixels needs.
  ///
  /// `width` is 1...`FrameShape.longestSide`.
  public func rowBytes(width: Int) -> Int {
    switch self {
    case .grey, .nv12, .nv21, .yu12, .bayer8: width
    case .yuyv, .uyvy: (width + 1) / 2 * 4
    case .rgb24, .bgr24: width * 3
    case .bayer10: width * 2
    case .bayer10Packed: width / 4 * 5
    }
  }
}

/// Which values of Y stand for black and white.
public enum LumaRange: UInt8, Sendable {
  /// `V4L2_QUANTIZATION_FULL_RANGE`: 0 is black, 255 white.
  case full
  /// `V4L2_QUANTIZATION_LIM_RANGE`: 16 is black, 235 white (ITU-R BT.601-7, section 2.5.3).
  case limited
}
