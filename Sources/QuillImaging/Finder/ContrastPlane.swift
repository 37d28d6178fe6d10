/// How far each pixel of a plane stands out from its paper in one direction, and the peak of each block of 16 pixels of
/// a row, so that what is quiet can be passed over.
struct ContrastPlane: ~Copyable {
  /// Pixels of a row that share a peak.
  static let block = 16

  /// Rows without padding.
  var pixels: [UInt8]
  /// No pixel of the block has more; a row's blocks start at its first pixel.
  var peaks: [UInt8]

  /// Makes room for planes of up to `width` x `height` pixels; black.
  init(width: Int, height: Int) {
    pixels = [UInt8](repeating: 0, count: width * height)
    peaks = [UInt8](repeating: 0, count: Self.blocks(width) * height)
  }

  /// Blocks in a row of `width` pixels.
  static func blocks(_ width: Int) -> Int { (width + block - 1) / block }

  /// Measures the peaks of a row.
  mutating func measurePeaks(row: Int, width: Int) {
    writePeaks(pixels, row: row, width: width, into: &peaks)
  }
}

private func writePeaks(_ pixels: [UInt8], row: Int, width: Int, into peaks: inout [UInt8]) {
  let line = pixels.span.extracting((row * width)..<((row + 1) * width))
  var target = peaks.mutableSpan
  let side = ContrastPlane.block
  let first = row * ContrastPlane.blocks(width)
  for block in 0..<(width / side) {
    target[first + block] = greatest16(line.extracting((block * side)..<((block + 1) * side)))
  }
  let rest = width % side
  if rest > 0 { target[first + width / side] = greatest(line.extracting((width - rest)..<width)) }
}

/// The greatest of any number of values; 0 for none.
private func greatest(_ values: Span<UInt8>) -> UInt8 {
  var most: UInt8 = 0
  for place in values.indices { most = max(most, values[place]) }
  return most
}
