/// Exact area averaging of a box of a grey plane, in whole numbers.
///
/// - Parameters:
///   - source: a plane whose rows lie `bytesPerRow` apart; `box` lies inside it and is not empty.
///   - result: at least `height * resultBytesPerRow` bytes, of which `width` a row are written.
func resizeByArea(
  _ source: Span<UInt8>, bytesPerRow: Int, box: PixelBox,
  into result: inout MutableSpan<UInt8>, width: Int, height: Int, resultBytesPerRow: Int
) {
  let rows = AxisSampler(from: Int(box.top), length: Int(box.height), to: height)
  let columns = AxisSampler(from: Int(box.left), length: Int(box.width), to: width)
  for row in 0..<height {
    for column in 0..<width {
      result[row * resultBytesPerRow + column] = rows.mean(row, columns, column, source, bytesPerRow, 1, 0)
    }
  }
}
