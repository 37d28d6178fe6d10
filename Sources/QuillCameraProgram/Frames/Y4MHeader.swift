import QuillCamera
import QuillImaging

/// Why bytes are not a Y4M video that this program reads.
package enum Y4MFault: Error, Equatable, Sendable {
  /// The first line does not begin with `YUV4MPEG2`, or is longer than any such line.
  case notY4M
  /// A width or height is missing, or not 1...8192.
  case badSize
  /// `C` names more than 8 bits, or nothing known.
  case colourSpace([UInt8])
  /// A frame does not begin with `FRAME`.
  case notAFrame(index: UInt64)
  case cut(index: UInt64, byteCount: Int, expected: Int)
}

/// The first line of a Y4M video (yuv4mpeg(5) of the mjpegtools): `YUV4MPEG2 W640 H480 F30:1 C420jpeg`.
package struct Y4MHeader: Equatable, Sendable {
  /// Pixels.
  package let width: Int
  package let height: Int
  package let range: LumaRange
  /// Bytes of a frame's planes; brightness comes first.
  package let frameByteCount: Int
  /// How the frame is read: with colour where it is halved both ways, as brightness alone otherwise.
  package let format: PixelFormat

  /// Reads the line, without its line feed.
  package init(_ line: ArraySlice<UInt8>) throws(Y4MFault) {
    var words = line.split(separator: 0x20).map { Array($0) }
    guard !words.isEmpty, words.removeFirst().isText("YUV4MPEG2") else { throw .notY4M }
    var width: UInt32?
    var height: UInt32?
    var space: [UInt8] = []
    // Videos keep brightness to 16...235 unless they say otherwise.
    var range = LumaRange.limited
    for word in words {
      let value = Array(word.dropFirst())
      switch word.first {
      case 0x57: width = value.decimalNumber
      case 0x48: height = value.decimalNumber
      case 0x43: space = value
      case 0x58: if value.isText("COLORRANGE=FULL") { range = .full }
      default: break
      }
    }
    let sides: ClosedRange<UInt32> = 1...UInt32(FrameShape.longestSide)
    guard let width, let height, sides.contains(width), sides.contains(height) else { throw .badSize }
    let layout = try PlaneLayout(space)
    self.width = Int(width)
    self.height = Int(height)
    self.range = range
    frameByteCount = layout.byteCount(width: self.width, height: self.height)
    format = layout == .quarter ? .yu12 : .grey
  }
}

/// How large the colour planes are that follow the plane of brightness.
private enum PlaneLayout: Equatable {
  case none, quarter, half, fourth, whole, wholeWithAlpha

  init(_ name: [UInt8]) throws(Y4MFault) {
    // Without a name, and whatever the place of the colour samples: 4:2:0.
    if name.isEmpty || name.isText("420") || name.isText("420jpeg") || name.isText("420mpeg2")
      || name.isText("420paldv")
    {
      self = .quarter
    } else if name.isText("mono") {
      self = .none
    } else if name.isText("422") {
      self = .half
    } else if name.isText("411") {
      self = .fourth
    } else if name.isText("444") {
      self = .whole
    } else if name.isText("444alpha") {
      self = .wholeWithAlpha
    } else {
      throw .colourSpace(name)
    }
  }

  /// Bytes of a frame; sides are at most 8192.
  func byteCount(width: Int, height: Int) -> Int {
    let plane = width * height
    switch self {
    case .none: return plane
    case .quarter: return plane + (width + 1) / 2 * ((height + 1) / 2) * 2
    case .half: return plane + (width + 1) / 2 * height * 2
    case .fourth: return plane + (width + 3) / 4 * height * 2
    case .whole: return plane * 3
    case .wholeWithAlpha: return plane * 4
    }
  }
}
