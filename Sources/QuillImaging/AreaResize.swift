/// Exact area averaging of a box of a grey plane, in whole numbers.
///
/// Each result is the mean of the source over the rectangle that the pixel covers, partly covered source pixels counted
/// by their share, rounded half up. With a box `s` pixels wide and a result `d` pixels wide, lengths are counted in
/// units of 1/d source pixel: a source pixel is `d` units, a result `s` units, so that every weight is whole.
/// - Parameters:
///   - source: a plane whose rows lie `bytesPerRow` apart; `box` lies inside it and is not empty.
///   - result: at least `height * resultBytesPerRow` bytes, of which `width` a row are written.
func resizeByArea(
  _ source: Span<UInt8>, bytesPerRow: Int, box: PixelBox,
  into result: inout MutableSpan<UInt8>, width: Int, height: Int, resultBytesPerRow: Int
) {
  let boxWidth = Int(box.width)
  let boxHeight = Int(box.height)
  let weightSum = Int64(boxWidth) * Int64(boxHeight)
  for row in 0..<height {
    let top = row * boxHeight
    let bottom = top + boxHeight
    for column in 0..<width {
      let left = column * boxWidth
      let right = left + boxWidth
      var sum: Int64 = 0
      for y in (top / height)...((bottom - 1) / height) {
        let tall = min(bottom, (y + 1) * height) - max(top, y * height)
        let base = (Int(box.top) + y) * bytesPerRow + Int(box.left)
        var line: Int64 = 0
        for x in (left / width)...((right - 1) / width) {
          let wide = min(right, (x + 1) * width) - max(left, x * width)
          line += Int64(source[base + x]) * Int64(wide)
        }
        sum += line * Int64(tall)
      }
      result[row * resultBytesPerRow + column] = UInt8(truncatingIfNeeded: (sum + weightSum / 2) / weightSum)
    }
  }
}
