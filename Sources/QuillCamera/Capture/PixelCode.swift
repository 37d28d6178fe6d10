import Quill
import QuillImaging

/// A V4L2 pixel format code: four characters, the first in the lowest byte (`v4l2_fourcc` of `<linux/videodev2.h>`).
package struct PixelCode: Equatable, Sendable {
  package var rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The code of four upper-case letters, digits or `p`s, nil for other text.
  package init?(text: [UInt8]) {
    guard text.count == 4 else { return nil }
    rawValue = 0
    for index in 0..<4 {
      let byte = text[index]
      guard 0x30...0x39 ~= byte || 0x41...0x5A ~= byte || byte == 0x70 else { return nil }
      rawValue |= UInt32(byte) << UInt32(8 * index)
    }
  }

  /// The code of these four ASCII characters.
  package init(_ characters: StaticString) {
    precondition(characters.utf8CodeUnitCount == 4, "a pixel format code has four characters")
    rawValue = characters.withUTF8Buffer { bytes in
      // The count was just checked.
      unsafe UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16 | UInt32(bytes[3]) << 24
    }
  }
}

extension PixelCode {
  /// Whether the format's first plane, or its first kind of sample, is the Y of YCbCr.
  var holdsLumaOfYCbCr: Bool {
    switch CaptureFormat(code: self) {
    case .luma, .raw(.yuyv), .raw(.uyvy), .raw(.nv12), .raw(.nv21), .raw(.yu12): true
    case .raw, .jpeg, nil: false
    }
  }
}

extension PixelCode {
  /// The four characters, trailing spaces left out; `-BE` follows where the big-endian bit (31) is set. Anything that
  /// is not printable ASCII shows as `?`: the code comes from a driver.
  package var sentence: Sentence {
    var bytes: [UInt8] = []
    for position in 0..<4 {
      let byte = UInt8(truncatingIfNeeded: rawValue >> UInt32(8 * position)) & 0x7F
      bytes.append(byte >= 0x20 && byte < 0x7F ? byte : 0x3F)
    }
    while bytes.last == 0x20 { bytes.removeLast() }
    let text = Sentence(utf8: bytes)
    return rawValue >> 31 == 1 ? text + "-BE" : text
  }
}
