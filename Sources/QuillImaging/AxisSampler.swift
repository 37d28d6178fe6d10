/// Where the pixels of a result lie along one axis of the source.
///
/// Lengths are counted in units of 1/`target` source pixel: a source pixel is `target` units long, a result pixel
/// `length` units, so that every weight is whole.
struct AxisSampler {
  let first: Int
  let length: Int
  let target: Int

  /// Brings `length` source pixels from `first` on to `target` result pixels; both at least 1.
  init(from first: Int, length: Int, to target: Int) {
    self.first = first
    self.length = length
    self.target = target
  }

  /// The mean over the rectangle that a result pixel covers; `self` is the vertical axis.
  func mean(
    _ row: Int, _ columns: AxisSampler, _ column: Int, _ source: Span<UInt8>, _ bytesPerRow: Int, _ channels: Int,
    _ channel: Int
  ) -> UInt8 {
    let (top, bottom) = (row * length, (row + 1) * length)
    let (left, right) = (column * columns.length, (column + 1) * columns.length)
    var sum: Int64 = 0
    for y in (top / target)...((bottom - 1) / target) {
      let tall = min(bottom, (y + 1) * target) - max(top, y * target)
      let base = (first + y) * bytesPerRow + columns.first * channels + channel
      var line: Int64 = 0
      for x in (left / columns.target)...((right - 1) / columns.target) {
        let wide = min(right, (x + 1) * columns.target) - max(left, x * columns.target)
        line += Int64(source[base + x * channels]) * Int64(wide)
      }
      sum += line * Int64(tall)
    }
    let weights = Int64(length) * Int64(columns.length)
    return UInt8(truncatingIfNeeded: (sum + weights / 2) / weights)
  }

  /// The value between the four source pixels about a result pixel's centre; `self` is the vertical axis.
  func between(
    _ row: Int, _ columns: AxisSampler, _ column: Int, _ source: Span<UInt8>, _ bytesPerRow: Int, _ channels: Int,
    _ channel: Int
  ) -> UInt8 {
    let vertical = centre(row)
    let horizontal = columns.centre(column)
    let upper = (first + vertical.near) * bytesPerRow + channel
    let lower = (first + min(vertical.near + 1, length - 1)) * bytesPerRow + channel
    let left = (columns.first + horizontal.near) * channels
    let right = (columns.first + min(horizontal.near + 1, columns.length - 1)) * channels
    let above =
      Int32(source[upper + left]) * (256 - horizontal.share) + Int32(source[upper + right]) * horizontal.share
    let below =
      Int32(source[lower + left]) * (256 - horizontal.share) + Int32(source[lower + right]) * horizontal.share
    return clampedByte((above * (256 - vertical.share) + below * vertical.share + 32_768) >> 16)
  }

  /// The source pixel at or before the centre of a result pixel, and how far past its own centre, in 1/256.
  private func centre(_ index: Int) -> (near: Int, share: Int32) {
    let place = ((2 * index + 1) * length * 128 + target / 2) / target - 128
    let inside = min(max(place, 0), (length - 1) * 256)
    return (inside >> 8, Int32(inside & 255))
  }
}
