/// How a camera held the picture that it stored: the Orientation tag of EXIF (CIPA DC-008, tag 0x0112).
enum ImageOrientation: Int {
  case upright = 1
  case mirrored = 2
  case upsideDown = 3
  case mirroredUpsideDown = 4
  case transposed = 5
  case turnedLeft = 6
  case transposedUpsideDown = 7
  case turnedRight = 8

  /// The orientation that a JPEG file declares; upright where it declares none or nothing sensible.
  init(ofJPEG bytes: [UInt8]) {
    self = Self.exif(inJPEG: bytes).flatMap { Self.tag(in: bytes, $0) } ?? .upright
  }

  /// The orientation that a PNG file declares (chunk eXIf); upright where it declares none or nothing sensible.
  init(ofPNG bytes: [UInt8]) {
    self = Self.exif(inPNG: bytes).flatMap { Self.tag(in: bytes, $0) } ?? .upright
  }

  /// Whether rows become columns.
  var swapsSides: Bool { rawValue >= 5 }

  /// The pixel of the stored picture that is seen at a place.
  func source(x: Int, y: Int, width: Int, height: Int) -> (column: Int, row: Int) {
    switch self {
    case .upright: (x, y)
    case .mirrored: (width - 1 - x, y)
    case .upsideDown: (width - 1 - x, height - 1 - y)
    case .mirroredUpsideDown: (x, height - 1 - y)
    case .transposed: (y, x)
    case .turnedLeft: (y, height - 1 - x)
    case .transposedUpsideDown: (width - 1 - y, height - 1 - x)
    case .turnedRight: (width - 1 - y, x)
    }
  }

  /// Where the TIFF structure of the EXIF segment lies, among the segments before the picture.
  private static func exif(inJPEG bytes: [UInt8]) -> Range<Int>? {
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xff {
      let marker = bytes[position + 1]
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count, marker != 0xda else { return nil }
      let content = position + 4..<end
      if marker == 0xe1, bytes[content].starts(with: Array("Exif\0\0".utf8)) { return content.dropFirst(6) }
      position = end
    }
    return nil
  }

  /// Where the TIFF structure of the chunk eXIf lies, which may stand before or behind the picture.
  private static func exif(inPNG bytes: [UInt8]) -> Range<Int>? {
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { return nil }
      if bytes[position + 4..<position + 8].elementsEqual("eXIf".utf8) {
        return position + 8..<position + 8 + length
      }
      position += 12 + length
    }
    return nil
  }

  /// The orientation in the first directory of a TIFF structure.
  private static func tag(in bytes: [UInt8], _ range: Range<Int>) -> ImageOrientation? {
    let isLittleEndian = bytes[range].starts(with: Array("II*\0".utf8))
    guard isLittleEndian || bytes[range].starts(with: Array("MM\0*".utf8)) else { return nil }
    func number(at offset: Int, byteCount: Int) -> Int? {
      let start = range.lowerBound + offset
      guard offset >= 0, start + byteCount <= range.upperBound else { return nil }
      let digits = bytes[start..<start + byteCount]
      return (isLittleEndian ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, byteCount: 4), let count = number(at: directory, byteCount: 2) else {
      return nil
    }
    for entry in 0..<count {
      let offset = directory + 2 + 12 * entry
      guard let name = number(at: offset, byteCount: 2) else { return nil }
      if name == 0x0112 { return number(at: offset + 8, byteCount: 2).flatMap(ImageOrientation.init) }
    }
    return nil
  }
}
