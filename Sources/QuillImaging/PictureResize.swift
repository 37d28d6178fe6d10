/// How a picture is brought to another size.
public enum ResizeRule: UInt8, CaseIterable, Sendable {
  /// The exact mean over the rectangle that each result pixel covers: best for making pictures smaller.
  case area
  /// Between the four nearest pixels, half-pixel centres, edges repeated: best for making pictures larger.
  case bilinear
}

extension PixelBox {
  /// The largest box in the middle of a picture whose sides stand as `width` to `height`.
  ///
  /// Sides are 1...`FrameShape.longestSide`; the shorter side of the crop is rounded down, at least 1.
  public static func centredCrop(of shape: FrameShape, width: Int, height: Int) -> PixelBox {
    precondition(width > 0 && height > 0, "a result has at least one pixel")
    var wide = shape.width
    var tall = shape.height
    if wide * height > tall * width {
      wide = max(1, tall * width / height)
    } else {
      tall = max(1, wide * height / width)
    }
    let left = (shape.width - wide) / 2
    let top = (shape.height - tall) / 2
    return PixelBox(left: Int32(left), top: Int32(top), right: Int32(left + wide), bottom: Int32(top + tall))
  }
}

/// Crops a picture and brings it to the size that a network takes, in whole numbers. Nothing is allocated.
///
/// - Parameters:
///   - source: interleaved bytes, `channels` a pixel; the last row may lack its padding.
///   - shape: the source's pixels and the distance between its rows in bytes.
///   - channels: 1 for grey, 3 for colour.
///   - crop: the part that becomes the result; inside the source and not empty.
///   - rule: how pixels are mixed; results are rounded half up.
///   - result: at least `width * height * channels` bytes, height x width x channels without padding.
///   - width: 1...`FrameShape.longestSide`.
///   - height: 1...`FrameShape.longestSide`.
/// - Throws: `ImagingError` when a side is out of range, the crop does not lie inside, or a buffer is too short.
public func resizePicture(
  _ source: Span<UInt8>, shape: FrameShape, channels: Int, crop: PixelBox, rule: ResizeRule,
  into result: inout MutableSpan<UInt8>, width: Int, height: Int
) throws(ImagingError) {
  precondition(channels == 1 || channels == 3, "a picture has one channel or three")
  try shape.checkSides()
  try FrameShape(width: width, height: height).checkSides()
  try shape.check(rowBytes: shape.width * channels)
  let needed = shape.bytesPerRow * (shape.height - 1) + shape.width * channels
  guard source.count >= needed else { throw .bufferTooShort(byteCount: source.count, needed: needed) }
  let produced = width * height * channels
  guard result.count >= produced else { throw .outputTooShort(byteCount: result.count, needed: produced) }
  let whole = PixelBox(left: 0, top: 0, right: Int32(shape.width), bottom: Int32(shape.height))
  guard !crop.isEmpty, crop.intersection(whole) == crop else {
    throw .cropOutside(crop, width: shape.width, height: shape.height)
  }
  let rows = AxisSampler(from: Int(crop.top), length: Int(crop.height), to: height)
  let columns = AxisSampler(from: Int(crop.left), length: Int(crop.width), to: width)
  for row in 0..<height {
    for column in 0..<width {
      for channel in 0..<channels {
        let place = (row * width + column) * channels + channel
        result[place] =
          switch rule {
          case .area: rows.mean(row, columns, column, source, shape.bytesPerRow, channels, channel)
          case .bilinear: rows.between(row, columns, column, source, shape.bytesPerRow, channels, channel)
          }
      }
    }
  }
}
