extension PixelFormat {
  /// Turns a frame into red, green and blue, interleaved, 0...255. Nothing is allocated.
  ///
  /// Y, Cb and Cr become colour by ITU-R BT.601-7, section 2.5.3, in 16 fractional bits, rounded half up:
  /// R = Y + 1.402 Cr, G = Y - 0.344136 Cb - 0.714136 Cr, B = Y + 1.772 Cb, with Cb and Cr less 128 and, in limited range,
  /// Y stretched by 255/219 and Cb and Cr by 255/224. Grey and Bayer formats give three equal channels, as
  /// `convertToGrey` does.
  /// - Parameters:
  ///   - frame: the whole frame, chroma included: for `nv12`, `nv21` and `yu12` the chroma planes follow the luma plane
  ///     at `bytesPerRow * height`, their rows `bytesPerRow` (`yu12`: half of it) bytes apart.
  ///   - shape: the frame's pixels and the distance between its (luma) rows in bytes.
  ///   - range: the range of the values; not used for Bayer formats.
  ///   - colour: at least 3 x `greyShape` width x height bytes; rows without padding.
  /// - Returns: the picture's shape, `bytesPerRow` three times the width.
  /// - Throws: `ImagingError` when a side is out of range or does not suit the format, or a buffer is too short.
  @discardableResult
  public func convertToColour(
    _ frame: Span<UInt8>, shape: FrameShape, range: LumaRange, into colour: inout MutableSpan<UInt8>
  ) throws(ImagingError) -> FrameShape {
    try check(shape, byteCount: frame.count)
    let size = greyShape(width: shape.width, height: shape.height)
    let needed = size.width * size.height * 3
    guard colour.count >= needed else { throw .outputTooShort(byteCount: colour.count, needed: needed) }
    switch self {
    case .grey, .bayer8, .bayer10, .bayer10Packed:
      try convertToGrey(frame, shape: shape, range: range, into: &colour)
      spread(size.width * size.height, &colour)
    case .rgb24: copyColours(frame, shape, red: 0, range, &colour)
    case .bgr24: copyColours(frame, shape, red: 2, range, &colour)
    case .yuyv, .uyvy, .nv12, .nv21, .yu12:
      let whole = chromaEnd(shape)
      guard frame.count >= whole else { throw .bufferTooShort(byteCount: frame.count, needed: whole) }
      mixColours(frame, shape, range, &colour)
    }
    return FrameShape(width: size.width, height: size.height, bytesPerRow: size.width * 3)
  }

  /// Repeats each of `count` grey values three times, from the last to the first, in place.
  private func spread(_ count: Int, _ colour: inout MutableSpan<UInt8>) {
    for index in stride(from: count - 1, through: 0, by: -1) {
      let value = colour[index]
      for channel in 0..<3 { colour[3 * index + channel] = value }
    }
  }

  private func copyColours(
    _ frame: Span<UInt8>, _ shape: FrameShape, red: Int, _ range: LumaRange, _ colour: inout MutableSpan<UInt8>
  ) {
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        let place = row * shape.bytesPerRow + 3 * column
        let target = 3 * (row * shape.width + column)
        colour[target] = range.stretched(frame[place + red])
        colour[target + 1] = range.stretched(frame[place + 1])
        colour[target + 2] = range.stretched(frame[place + 2 - red])
      }
    }
  }

  /// Bytes that a frame with chroma needs; what `check` asks for, or more.
  private func chromaEnd(_ shape: FrameShape) -> Int {
    let rows = (shape.height + 1) / 2
    let columns = (shape.width + 1) / 2
    let plane = shape.bytesPerRow * shape.height
    switch self {
    case .nv12, .nv21: return plane + shape.bytesPerRow * (rows - 1) + 2 * columns
    case .yu12:
      let pitch = (shape.bytesPerRow + 1) / 2
      return plane + pitch * rows + pitch * (rows - 1) + columns
    default: return 0
    }
  }

  private func mixColours(
    _ frame: Span<UInt8>, _ shape: FrameShape, _ range: LumaRange, _ colour: inout MutableSpan<UInt8>
  ) {
    let mixer = ColourMixer(range: range)
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        let place = samplePlaces(row, column, shape)
        mixer.mix(
          frame[place.luma], frame[place.blue], frame[place.red], into: &colour, at: 3 * (row * shape.width + column))
      }
    }
  }

  private func samplePlaces(_ row: Int, _ column: Int, _ shape: FrameShape) -> (luma: Int, blue: Int, red: Int) {
    let line = row * shape.bytesPerRow
    let pair = line + column / 2 * 4
    let plane = shape.bytesPerRow * shape.height
    let half = plane + row / 2 * shape.bytesPerRow + column / 2 * 2
    switch self {
    case .yuyv: return (line + 2 * column, pair + 1, pair + 3)
    case .uyvy: return (line + 2 * column + 1, pair, pair + 2)
    case .nv12: return (line + column, half, half + 1)
    case .nv21: return (line + column, half + 1, half)
    default:
      let pitch = (shape.bytesPerRow + 1) / 2
      let blue = plane + row / 2 * pitch + column / 2
      return (line + column, blue, blue + pitch * ((shape.height + 1) / 2))
    }
  }
}

/// The factors of a YCbCr to RGB conversion in 16 fractional bits.
private struct ColourMixer {
  let range: LumaRange
  let redFromRed: Int32
  let greenFromBlue: Int32
  let greenFromRed: Int32
  let blueFromBlue: Int32

  init(range: LumaRange) {
    self.range = range
    switch range {
    case .full: (redFromRed, greenFromBlue, greenFromRed, blueFromBlue) = (91_881, 22_553, 46_802, 116_130)
    // The same times 255/224.
    case .limited: (redFromRed, greenFromBlue, greenFromRed, blueFromBlue) = (104_597, 25_675, 53_279, 132_201)
    }
  }

  func mix(_ luma: UInt8, _ cb: UInt8, _ cr: UInt8, into colour: inout MutableSpan<UInt8>, at place: Int) {
    let level = (Int32(range.stretched(luma)) << 16) + 32_768
    let blue = Int32(cb) - 128
    let red = Int32(cr) - 128
    colour[place] = clampedByte((level + redFromRed * red) >> 16)
    colour[place + 1] = clampedByte((level - greenFromBlue * blue - greenFromRed * red) >> 16)
    colour[place + 2] = clampedByte((level + blueFromBlue * blue) >> 16)
  }
}
