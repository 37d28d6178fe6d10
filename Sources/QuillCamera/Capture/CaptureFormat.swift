import Quill
import QuillImaging

/// What a camera's buffers hold.
package enum CaptureFormat: Equatable, Sendable {
  /// Pixels as they are.
  case raw(PixelFormat)
  /// A JPEG picture a frame, as most USB cameras send their larger sizes.
  case jpeg

  /// The format with this V4L2 code, nil where this program reads none.
  package init?(code: PixelCode) {
    if code == PixelCode("MJPG") || code == PixelCode("JPEG") {
      self = .jpeg
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
    case .jpeg: "mjpeg"
    }
  }

  /// The format with this name, nil where there is none.
  package init?(name: [UInt8]) {
    for format in PixelFormat.allCases where Self.spells(name, format.name) {
      self = .raw(format)
      return
    }
    guard Self.spells(name, "mjpeg") else { return nil }
    self = .jpeg
  }

  /// Every name on the command line, `grey, yu12, ...`.
  package static var nameList: Sentence {
    var list: Sentence = ""
    for format in PixelFormat.allCases { list.append("\(format.name), " as Sentence) }
    return list + "mjpeg"
  }

  /// What a grey pixel costs to make, the cheapest 0.
  var cost: UInt8 {
    switch self {
    case .raw(let format): format.cost
    case .jpeg: 5
    }
  }

  /// Whether a picture of this size can be turned into grey.
  func suits(width: UInt32, height: UInt32) -> Bool {
    switch self {
    case .raw(let format): format.suits(width: width, height: height)
    case .jpeg: 1...CameraLayout.maximumSide ~= width && 1...CameraLayout.maximumSide ~= height
    }
  }

  private static func spells(_ name: [UInt8], _ text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes in
      guard bytes.count == name.count else { return false }
      for index in 0..<name.count where unsafe bytes[index] != name[index] { return false }
      return true
    }
  }
}
