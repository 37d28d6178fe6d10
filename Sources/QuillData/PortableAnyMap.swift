/// PGM and PPM, plain and raw (P2, P3, P5, P6), as Netpbm's manual gives them; samples are brought to 8 bits.
enum PortableAnyMap {
  /// Reads the first image of a file. Any bytes give an image or an error.
  static func decode(_ bytes: [UInt8], path: String) throws(DataError) -> PixelImage {
    let kind = bytes[1]
    let channels = kind == UInt8(ascii: "3") || kind == UInt8(ascii: "6") ? 3 : 1
    var scanner = AnyMapScanner(bytes: bytes, position: 2, path: path)
    let width = try scanner.number(expected: "the width, 1 or more", range: 1...ImageFile.pixelLimit)
    let height = try scanner.number(expected: "the height, 1 or more", range: 1...ImageFile.pixelLimit)
    let maximum = try scanner.number(expected: "the largest sample, 1...65535", range: 1...65535)
    guard width <= ImageFile.pixelLimit / height else {
      throw DataError(path: path, .imageTooLarge(width: width, height: height, limit: ImageFile.pixelLimit))
    }
    let count = width * height * channels
    let isPlain = kind == UInt8(ascii: "2") || kind == UInt8(ascii: "3")
    let pixels =
      isPlain
      ? try plainSamples(&scanner, count: count, maximum: maximum)
      : try rawSamples(&scanner, count: count, maximum: maximum)
    return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
  }

  private static func plainSamples(
    _ scanner: inout AnyMapScanner, count: Int, maximum: Int
  ) throws(DataError) -> [UInt8] {
    // Each sample takes a digit and a space at least, so a short file cannot ask for much memory.
    let remaining = scanner.bytes.count - scanner.position
    guard remaining / 2 >= count - 1 else {
      throw DataError(
        path: scanner.path, .anyMapCut(offset: scanner.position, wanted: 2 * count - 1, found: remaining))
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count)
    for _ in 0..<count {
      let (value, offset) = try scanner.sample()
      guard value <= maximum else {
        throw DataError(path: scanner.path, .anyMapSample(offset: offset, found: value, maximum: maximum))
      }
      pixels.append(scaled(value, maximum: maximum))
    }
    return pixels
  }

  private static func rawSamples(
    _ scanner: inout AnyMapScanner, count: Int, maximum: Int
  ) throws(DataError) -> [UInt8] {
    try scanner.singleSpace()
    let (bytes, start, path) = (scanner.bytes, scanner.position, scanner.path)
    let size = maximum < 256 ? 1 : 2
    guard bytes.count - start >= count * size else {
      throw DataError(path: path, .anyMapCut(offset: start, wanted: count * size, found: bytes.count - start))
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count)
    for index in 0..<count {
      let offset = start + index * size
      let value = size == 1 ? Int(bytes[offset]) : Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
      guard value <= maximum else {
        throw DataError(path: path, .anyMapSample(offset: offset, found: value, maximum: maximum))
      }
      pixels.append(scaled(value, maximum: maximum))
    }
    return pixels
  }

  /// A sample of 0...maximum as one of 0...255, rounded to nearest.
  private static func scaled(_ value: Int, maximum: Int) -> UInt8 {
    UInt8((value * 255 + maximum / 2) / maximum)
  }
}

/// The text of a Netpbm header: numbers between white space, with comments from `#` to the end of the line.
private struct AnyMapScanner {
  let bytes: [UInt8]
  var position: Int
  let path: String

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  mutating func skipSpacesAndComments() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 0x0a, bytes[position] != 0x0d { position += 1 }
      } else if Self.isSpace(bytes[position]) {
        position += 1
      } else {
        return
      }
    }
  }

  /// A decimal number, or nil where there is none or it is past any that a header may hold.
  private mutating func digits() -> Int? {
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      value = value * 10 + Int(bytes[position]) - 0x30
      guard value <= 1 << 31 else { return nil }
      position += 1
    }
    return position > start ? value : nil
  }

  mutating func number(expected: String, range: ClosedRange<Int>) throws(DataError) -> Int {
    skipSpacesAndComments()
    let start = position
    guard let value = digits(), range.contains(value) else {
      throw DataError(path: path, .anyMapHeader(offset: start, expected: expected))
    }
    return value
  }

  mutating func sample() throws(DataError) -> (value: Int, offset: Int) {
    skipSpacesAndComments()
    let start = position
    guard let value = digits() else {
      throw DataError(path: path, .anyMapHeader(offset: start, expected: "a sample"))
    }
    return (value, start)
  }

  mutating func singleSpace() throws(DataError) {
    guard position < bytes.count, Self.isSpace(bytes[position]) else {
      throw DataError(path: path, .anyMapHeader(offset: position, expected: "white space before the samples"))
    }
    position += 1
  }
}
