import Quill
import QuillImaging

/// What a camera's buffers hold.
package enum CaptureFormat: Equatable, Sendable {
  /// Pixels as they are.
  case raw(PixelFormat)
  /// A plane of brightness, and colours in a way that nothing here reads: 4:2:2 in two planes.
  case luma
  /// A JPEG picture a frame, as most USB cameras send their larger sizes.
  case jpeg

  /// The format with this V4L2 code, nil where this program reads none.
  package init?(code: PixelCode) {
    if code == PixelCode("MJPG") || code == PixelCode("JPEG") {
      self = .jpeg
    } else if code == PixelCode("NV16") || code == PixelCode("NM16") || code == PixelCode("NV61")
      || code == PixelCode("NM61")
    {
      self = .luma
    } else if let format = PixelFormat(code: code) {
      self = .raw(format)
    } else {
      return nil
    }
  }

  /// The name on the command line.
  package var name: StaticString {
    switch self {
    case .raw(let format): format.name
    case .luma: "nv16"
    case .jpeg: "mjpeg"
    }
  }

  /// The format with this name, nil where there is none.
  package init?(name: [UInt8]) {
    for format in PixelFormat.allCases where name.isText(format.name) {
      self = .raw(format)
      return
    }
    if name.isText("nv16") {
      self = .luma
    } else if name.isText("mjpeg") {
      self = .jpeg
    } else {
      return nil
    }
  }

  /// Every name on the command line, `grey, yu12, ...`.
  package static var nameList: Sentence {
    var list: Sentence = ""
    for format in PixelFormat.allCases { list.append("\(format.name), " as Sentence) }
    return list + "nv16, mjpeg"
  }

  /// How the first plane's pixels are read, nil for pictures that are not raw.
  var pixels: PixelFormat? {
    switch self {
    case .raw(let format): format
    case .luma: .grey
    case .jpeg: nil
    }
  }

  /// What a grey pixel costs to make, the cheapest 0.
  var cost: UInt8 {
    switch self {
    case .raw(let format): format.cost
    case .luma: 1
    case .jpeg: 5
    }
  }

  /// Whether a picture of this size can be turned into grey.
  func suits(width: UInt32, height: UInt32) -> Bool {
    switch self {
    case .raw(let format): format.suits(width: width, height: height)
    case .luma, .jpeg: 1...CameraLayout.maximumSide ~= width && 1...CameraLayout.maximumSide ~= height
    }
  }
}
