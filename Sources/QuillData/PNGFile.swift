import QuillArchive

/// Writing PNG (W3C, "Portable Network Graphics", third edition) without a library, so that a picture has the same bytes on
/// every machine.
///
/// The deflate stream (RFC 1951) is one block of the fixed code whose matches only repeat the bytes just before, a pixel away:
/// flat areas become short, and drawings and digits are little else.
public enum PNGFile {
  /// An image as the bytes of a PNG file.
  public static func encode(_ image: PixelImage) -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    let colourType: UInt8 = image.channels == 1 ? 0 : 2
    append("IHDR", word(image.width) + word(image.height) + [8, colourType, 0, 0, 0], to: &bytes)
    let rowLength = image.width * image.channels
    var rows: [UInt8] = []
    rows.reserveCapacity((rowLength + 1) * image.height)
    for row in 0..<image.height {
      // Filter 0: the samples as they are.
      rows.append(0)
      rows.append(contentsOf: image.pixels[row * rowLength..<(row + 1) * rowLength])
    }
    append("IDAT", zlib(rows, distance: image.channels), to: &bytes)
    append("IEND", [], to: &bytes)
    return bytes
  }

  private static func append(_ kind: String, _ content: [UInt8], to bytes: inout [UInt8]) {
    let chunk = Array(kind.utf8) + content
    bytes += word(content.count) + chunk + word(Int(CRC32.checksum(chunk)))
  }

  /// A number as four bytes, the highest first.
  private static func word(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// A zlib stream (RFC 1950).
  private static func zlib(_ bytes: [UInt8], distance: Int) -> [UInt8] {
    var deflate = FixedDeflate()
    deflate.encode(bytes, distance: distance)
    return [0x78, 0x01] + deflate.finish() + word(Int(Inflate.adler32(bytes)))
  }
}

/// A deflate block of the fixed code (RFC 1951, 3.2.6).
private struct FixedDeflate {
  private var bytes: [UInt8] = []
  private var buffer: UInt32 = 0
  private var bitCount: UInt32 = 0

  init() { put(0b011, bits: 3) }

  mutating func encode(_ content: [UInt8], distance: Int) {
    var index = 0
    while index < content.count {
      let length = repeated(content, at: index, distance: distance)
      if length >= 3 {
        putMatch(length: length, distance: distance)
        index += length
      } else {
        putSymbol(Int(content[index]))
        index += 1
      }
    }
  }

  mutating func finish() -> [UInt8] {
    putSymbol(256)
    if bitCount > 0 { put(0, bits: 8 - bitCount) }
    return bytes
  }

  /// How many bytes from here are those `distance` before them; 258 at most.
  private func repeated(_ content: [UInt8], at index: Int, distance: Int) -> Int {
    guard index >= distance else { return 0 }
    var length = 0
    while length < 258, index + length < content.count, content[index + length] == content[index + length - distance] {
      length += 1
    }
    return length
  }

  /// The lowest bit first.
  private mutating func put(_ value: UInt32, bits: UInt32) {
    buffer |= value << bitCount
    bitCount += bits
    while bitCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: buffer))
      buffer >>= 8
      bitCount -= 8
    }
  }

  /// A code of the fixed alphabet, its highest bit first.
  private mutating func putSymbol(_ symbol: Int) {
    let (code, length): (Int, UInt32) =
      switch symbol {
      case 0...143: (0x30 + symbol, 8)
      case 144...255: (0x190 + symbol - 144, 9)
      case 256...279: (symbol - 256, 7)
      default: (0xC0 + symbol - 280, 8)
      }
    putReversed(UInt32(code), bits: length)
  }

  private mutating func putReversed(_ code: UInt32, bits: UInt32) {
    for bit in (0..<bits).reversed() { put(code >> bit & 1, bits: 1) }
  }

  /// Lengths 3...258 and distances 1...4.
  private mutating func putMatch(length: Int, distance: Int) {
    switch length {
    case 3...10: putSymbol(254 + length)
    case 258: putSymbol(285)
    default:
      // From 11 on, four codes for each number of extra bits.
      var (extra, base, symbol) = (1, 11, 265)
      while length >= base + 4 << extra {
        base += 4 << extra
        symbol += 4
        extra += 1
      }
      putSymbol(symbol + (length - base) >> extra)
      put(UInt32((length - base) & (1 << extra - 1)), bits: UInt32(extra))
    }
    putReversed(UInt32(distance - 1), bits: 5)
  }
}
