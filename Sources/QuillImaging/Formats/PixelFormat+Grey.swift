extension PixelFormat {
  /// The size of the grey picture that a frame becomes, its rows without padding.
  ///
  /// Halved, rounding down, when the format is binned.
  public func greyShape(width: Int, height: Int) -> FrameShape {
    isBinned ? FrameShape(width: width / 2, height: height / 2) : FrameShape(width: width, height: height)
  }

  /// Turns a frame into grey, 0 black to 255 white. Nothing is allocated.
  ///
  /// Colour becomes luma by ITU-R BT.601-7, section 2.5.1 (0.299 R + 0.587 G + 0.114 B), the weights in 1/256:
  /// 77, 150, 29, rounded half up. Formats with a luma plane give that plane; chroma is not read and need not be there.
  /// Bayer formats give (R + 2 G + B) / 4 of each 2 x 2 square, whichever corner is red.
  /// - Parameters:
  ///   - frame: `bytesPerRow * (height - 1)` bytes and one row more; the last row may lack its padding.
  ///   - shape: the frame's pixels and the distance between its rows in bytes.
  ///   - range: the range of Y, or of R, G and B; not used for Bayer formats.
  ///   - grey: at least `greyShape` width x height bytes; rows without padding.
  /// - Returns: the shape of the grey picture.
  /// - Throws: `ImagingError` when a side is out of range or does not suit the format, or a buffer is too short.
  @discardableResult
  public func convertToGrey(
    _ frame: Span<UInt8>, shape: FrameShape, range: LumaRange, into grey: inout MutableSpan<UInt8>
  ) throws(ImagingError) -> FrameShape {
    try check(shape, byteCount: frame.count)
    let result = greyShape(width: shape.width, height: shape.height)
    let needed = result.width * result.height
    guard grey.count >= needed else { throw .outputTooShort(byteCount: grey.count, needed: needed) }
    switch self {
    case .grey, .nv12, .nv21, .yu12: copyLuma(frame, shape, first: 0, step: 1, range, &grey)
    case .yuyv: copyLuma(frame, shape, first: 0, step: 2, range, &grey)
    case .uyvy: copyLuma(frame, shape, first: 1, step: 2, range, &grey)
    case .rgb24: weigh(frame, shape, red: 0, blue: 2, range, &grey)
    case .bgr24: weigh(frame, shape, red: 2, blue: 0, range, &grey)
    case .bayer8: binBytes(frame, shape, result, &grey)
    case .bayer10: binWords(frame, shape, result, &grey)
    case .bayer10Packed: binPacked(frame, shape, result, &grey)
    }
    return result
  }

  /// Throws unless the size suits the format and the frame is whole.
  func check(_ shape: FrameShape, byteCount: Int) throws(ImagingError) {
    try shape.checkSides()
    if isBinned, shape.width < 2 || shape.height < 2 {
      throw .sizeNotDivisible(width: shape.width, height: shape.height, by: 2)
    }
    if self == .bayer10Packed, shape.width % 4 != 0 {
      throw .sizeNotDivisible(width: shape.width, height: shape.height, by: 4)
    }
    let row = rowBytes(width: shape.width)
    try shape.check(rowBytes: row)
    let needed = shape.bytesPerRow * (shape.height - 1) + row
    guard byteCount >= needed else { throw .bufferTooShort(byteCount: byteCount, needed: needed) }
  }

  private func copyLuma(
    _ frame: Span<UInt8>, _ shape: FrameShape, first: Int, step: Int, _ range: LumaRange,
    _ grey: inout MutableSpan<UInt8>
  ) {
    for row in 0..<shape.height {
      var place = row * shape.bytesPerRow + first
      let target = row * shape.width
      for column in 0..<shape.width {
        grey[target + column] = range.stretched(frame[place])
        place += step
      }
    }
  }

  private func weigh(
    _ frame: Span<UInt8>, _ shape: FrameShape, red: Int, blue: Int, _ range: LumaRange,
    _ grey: inout MutableSpan<UInt8>
  ) {
    for row in 0..<shape.height {
      var place = row * shape.bytesPerRow
      let target = row * shape.width
      for column in 0..<shape.width {
        let sum = Int32(frame[place + red]) * 77 + Int32(frame[place + 1]) * 150 + Int32(frame[place + blue]) * 29
        grey[target + column] = range.stretched(UInt8(truncatingIfNeeded: (sum + 128) >> 8))
        place += 3
      }
    }
  }

  private func binBytes(
    _ frame: Span<UInt8>, _ shape: FrameShape, _ result: FrameShape, _ grey: inout MutableSpan<UInt8>
  ) {
    for row in 0..<result.height {
      for column in 0..<result.width {
        let place = 2 * row * shape.bytesPerRow + 2 * column
        let below = place + shape.bytesPerRow
        let sum = Int32(frame[place]) + Int32(frame[place + 1]) + Int32(frame[below]) + Int32(frame[below + 1])
        grey[row * result.width + column] = UInt8(truncatingIfNeeded: (sum + 2) >> 2)
      }
    }
  }

  private func binWords(
    _ frame: Span<UInt8>, _ shape: FrameShape, _ result: FrameShape, _ grey: inout MutableSpan<UInt8>
  ) {
    for row in 0..<result.height {
      for column in 0..<result.width {
        var sum: Int32 = 8
        for corner in 0..<4 {
          let place = (2 * row + corner / 2) * shape.bytesPerRow + (2 * column + corner % 2) * 2
          sum += Int32(frame[place]) | (Int32(frame[place + 1]) & 3) << 8
        }
        grey[row * result.width + column] = clampedByte(sum >> 4)
      }
    }
  }

  private func binPacked(
    _ frame: Span<UInt8>, _ shape: FrameShape, _ result: FrameShape, _ grey: inout MutableSpan<UInt8>
  ) {
    for row in 0..<result.height {
      for column in 0..<result.width {
        var sum: Int32 = 8
        for corner in 0..<4 {
          let pixel = 2 * column + corner % 2
          let group = (2 * row + corner / 2) * shape.bytesPerRow + pixel / 4 * 5
          let low = (Int32(frame[group + 4]) >> Int32(pixel % 4 * 2)) & 3
          sum += Int32(frame[group + pixel % 4]) << 2 | low
        }
        grey[row * result.width + column] = clampedByte(sum >> 4)
      }
    }
  }
}

extension LumaRange {
  /// A value of this range on the scale 0...255, rounded half up; values outside the range are clamped.
  func stretched(_ value: UInt8) -> UInt8 {
    switch self {
    case .full: value
    case .limited: clampedByte((max(0, Int32(value) - 16) * 255 + 109) / 219)
    }
  }
}
