extension TextLine {
  /// A picture as a binary PGM or PPM file (pgm(5), ppm(5) of Netpbm): rows without gaps.
  mutating func append(picture pixels: [UInt8], width: Int, height: Int, channels: Picture.Channels) {
    append(channels == .grey ? "P5\n" : "P6\n")
    append(width)
    append(" ")
    append(height)
    append("\n255\n")
    append(pixels)
  }

  /// A whole number with zeros in front, at least `digits` of them in all.
  mutating func append(_ number: UInt64, digits: Int) {
    var place: UInt64 = 1
    for _ in 1..<digits {
      place *= 10
      if number < place { append(byte: 0x30) }
    }
    append(number)
  }
}
