import QuillCamera
import QuillImaging

/// Why bytes are not a picture that this program reads.
package enum PictureFault: Error, Equatable, Sendable {
  /// Neither PGM, PPM, PNG nor JPEG by its first bytes.
  case unknownKind
  /// The header of a PGM or PPM makes no sense.
  case badHeader
  /// A side that is not 1...8192.
  case badSize(width: UInt64, height: UInt64)
  case cut(byteCount: Int, expected: Int)
  /// The file could not be read at all.
  case unreadable(FileReadError)
  /// The system's library for this kind of picture is not there (`isStatic`: no program without libc has one).
  case noLibrary(PictureLibrary, isStatic: Bool)
  /// The library refused the picture; its own words.
  case refused([UInt8])
}

/// A library of the system's that reads pictures.
package enum PictureLibrary: Equatable, Sendable {
  case png, jpeg
}

/// A binary PGM or PPM picture (pgm(5), ppm(5) of Netpbm): 8 or 16 bits a sample, any greatest value.
struct Anymap {
  let width: Int
  let height: Int
  let isColour: Bool
  private let greatest: UInt32
  private let samplesStart: Int

  /// Whether these bytes begin as one.
  static func begins(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x50 && (bytes[1] == 0x35 || bytes[1] == 0x36)
  }

  /// Reads the header, and checks that the samples are there.
  init(_ bytes: [UInt8]) throws(PictureFault) {
    guard Self.begins(bytes) else { throw .unknownKind }
    isColour = bytes[1] == 0x36
    var place = 2
    guard let width = Self.number(in: bytes, &place), let height = Self.number(in: bytes, &place),
      let greatest = Self.number(in: bytes, &place), 1...65_535 ~= greatest, place < bytes.count
    else { throw .badHeader }
    let sides: ClosedRange<UInt64> = 1...UInt64(FrameShape.longestSide)
    guard sides.contains(width), sides.contains(height) else { throw .badSize(width: width, height: height) }
    self.width = Int(width)
    self.height = Int(height)
    self.greatest = UInt32(greatest)
    // One byte of white space ends the header.
    samplesStart = place + 1
    let expected = samplesStart + self.width * self.height * (isColour ? 3 : 1) * (greatest > 255 ? 2 : 1)
    guard bytes.count >= expected else { throw .cut(byteCount: bytes.count, expected: expected) }
  }

  /// The samples as bytes, 255 the greatest value, rounded half up.
  func samples(of bytes: [UInt8]) -> [UInt8] {
    let count = width * height * (isColour ? 3 : 1)
    if greatest == 255 { return Array(bytes[samplesStart..<(samplesStart + count)]) }
    let isWide = greatest > 255
    return (0..<count).map { index in
      let place = samplesStart + index * (isWide ? 2 : 1)
      let value = isWide ? UInt32(bytes[place]) << 8 | UInt32(bytes[place + 1]) : UInt32(bytes[place])
      return UInt8(min(255, (value * 255 + greatest / 2) / greatest))
    }
  }

  /// The number after white space and comments; `place` moves behind it. Nil for anything else and past 9 digits.
  private static func number(in bytes: [UInt8], _ place: inout Int) -> UInt64? {
    while place < bytes.count, bytes[place] == 0x23 || isSpace(bytes[place]) {
      if bytes[place] == 0x23 {
        while place < bytes.count, bytes[place] != 0x0A { place += 1 }
      } else {
        place += 1
      }
    }
    let start = place
    var value: UInt64 = 0
    while place < bytes.count, 0x30...0x39 ~= bytes[place], place - start < 9 {
      value = value * 10 + UInt64(bytes[place] - 0x30)
      place += 1
    }
    return place > start && place < bytes.count && isSpace(bytes[place]) ? value : nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || 0x09...0x0D ~= byte
  }
}
