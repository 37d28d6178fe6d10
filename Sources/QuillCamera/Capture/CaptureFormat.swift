/// The pixel formats that this program takes from a camera, the cheapest to turn into grey first.
package enum CaptureFormat: UInt8, CaseIterable, Sendable {
  /// One byte a pixel, brightness.
  case grey
  /// Brightness in a plane of its own, at half size in each direction U and V in two planes, or interleaved in one.
  case yu12, nv12, nv21
  /// Brightness in every second byte: the first, or the second.
  case yuyv, uyvy
  /// Three bytes a pixel.
  case rgb24, bgr24

  /// The codes that V4L2 has for it; the multi-planar twins hold the same first plane.
  package var codes: [PixelCode] {
    switch self {
    case .grey: [PixelCode("G", "R", "E", "Y")]
    case .yu12: [PixelCode("Y", "U", "1", "2"), PixelCode("Y", "M", "1", "2")]
    case .nv12: [PixelCode("N", "V", "1", "2"), PixelCode("N", "M", "1", "2")]
    case .nv21: [PixelCode("N", "V", "2", "1"), PixelCode("N", "M", "2", "1")]
    case .yuyv: [PixelCode("Y", "U", "Y", "V")]
    case .uyvy: [PixelCode("U", "Y", "V", "Y")]
    case .rgb24: [PixelCode("R", "G", "B", "3")]
    case .bgr24: [PixelCode("B", "G", "R", "3")]
    }
  }

  /// The format with this code, nil where this program reads none.
  package init?(code: PixelCode) {
    for format in Self.allCases where format.codes.contains(code) {
      self = format
      return
    }
    return nil
  }

  /// The name on the command line.
  package var name: StaticString {
    switch self {
    case .grey: "grey"
    case .yu12: "yu12"
    case .nv12: "nv12"
    case .nv21: "nv21"
    case .yuyv: "yuyv"
    case .uyvy: "uyvy"
    case .rgb24: "rgb24"
    case .bgr24: "bgr24"
    }
  }

  /// Bytes of one row of the first plane (of brightness, or of all there is).
  package func rowByteCount(width: UInt32) -> UInt64 {
    switch self {
    case .grey, .yu12, .nv12, .nv21: UInt64(width)
    // Two pixels share four bytes; an odd last pixel has its own four.
    case .yuyv, .uyvy: (UInt64(width) + 1) / 2 * 4
    case .rgb24, .bgr24: UInt64(width) * 3
    }
  }

  /// Bytes of a whole picture without gaps between its rows, every plane counted: a raw frame in a stream.
  package func frameByteCount(width: UInt32, height: UInt32) -> UInt64 {
    let rows = rowByteCount(width: width) * UInt64(height)
    switch self {
    case .yu12, .nv12, .nv21: return rows + (UInt64(width) + 1) / 2 * ((UInt64(height) + 1) / 2) * 2
    case .grey, .yuyv, .uyvy, .rgb24, .bgr24: return rows
    }
  }
}
