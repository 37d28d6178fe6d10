extension DigitFinder {
  /// Takes the picture in, reduced by the smallest whole factor that brings it to `side`.
  mutating func load(
    _ frame: Span<UInt8>, shape: FrameShape, equalisation: Equalisation, side: Int = searchedSide
  ) throws(ImagingError) {
    hasErasedRules = false
    hasSeenDashes = false
    isRimOfSheet = false
    try shape.checkGrey(byteCount: frame.count)
    guard shape.width <= mostWidth, shape.height <= mostHeight else {
      throw .largerThanFinder(
        width: shape.width, height: shape.height, mostWidth: mostWidth, mostHeight: mostHeight)
    }
    factor = (max(shape.width, shape.height) + side - 1) / side
    width = max(1, shape.width / factor)
    height = max(1, shape.height / factor)
    reduce(frame, shape: shape, width: width, height: height, factor: factor, into: &plane)
    equaliser.apply(equalisation, to: &plane, width: width, height: height)
  }
}

/// Means of squares of `factor` x `factor` pixels, rounded half up; the last few rows and columns may be left out.
/// A side shorter than `factor` becomes one pixel.
private func reduce(
  _ frame: Span<UInt8>, shape: FrameShape, width: Int, height: Int, factor: Int, into plane: inout [UInt8]
) {
  var target = plane.mutableSpan
  let box = PixelBox(
    left: 0, top: 0, right: Int32(min(width * factor, shape.width)), bottom: Int32(min(height * factor, shape.height)))
  guard factor == 1 || shape.width < factor || shape.height < factor else {
    for row in 0..<height {
      var line = target._mutatingExtracting((row * width)..<((row + 1) * width))
      if factor == 2 {
        let upper = frame.extracting((2 * row * shape.bytesPerRow)..<(2 * row * shape.bytesPerRow + 2 * width))
        let lower = frame.extracting(
          ((2 * row + 1) * shape.bytesPerRow)..<((2 * row + 1) * shape.bytesPerRow + 2 * width))
        writeHalves(upper, lower, into: &line)
      } else {
        writeMeans(frame, first: row * factor * shape.bytesPerRow, shape.bytesPerRow, factor, into: &line)
      }
    }
    return
  }
  guard factor == 1 else {
    resizeByArea(
      frame, bytesPerRow: shape.bytesPerRow, box: box, into: &target, width: width, height: height,
      resultBytesPerRow: width)
    return
  }
  for row in 0..<height {
    let line = frame.extracting((row * shape.bytesPerRow)..<(row * shape.bytesPerRow + width))
    var copy = target._mutatingExtracting((row * width)..<((row + 1) * width))
    for column in 0..<min(line.count, copy.count) { copy[column] = line[column] }
  }
}

/// Means of squares of 2 x 2 pixels of two rows, rounded half up.
@inline(never)
private func writeHalves(_ upper: Span<UInt8>, _ lower: Span<UInt8>, into line: inout MutableSpan<UInt8>) {
  guard upper.count == 2 * line.count, lower.count == 2 * line.count else { return }
  for column in line.indices {
    let above = UInt16(upper[2 * column]) &+ UInt16(upper[2 * column &+ 1])
    let below = UInt16(lower[2 * column]) &+ UInt16(lower[2 * column &+ 1])
    line[column] = UInt8(truncatingIfNeeded: (above &+ below &+ 2) >> 2)
  }
}

/// Means of squares of `factor` x `factor` pixels of the rows from `first` on, rounded half up.
@inline(never)
private func writeMeans(
  _ frame: Span<UInt8>, first: Int, _ bytesPerRow: Int, _ factor: Int, into line: inout MutableSpan<UInt8>
) {
  let count = UInt32(factor * factor)
  for column in line.indices {
    var sum: UInt32 = count / 2
    for row in 0..<factor {
      let start = first &+ row &* bytesPerRow &+ column &* factor
      for place in start..<(start &+ factor) { sum &+= UInt32(frame[place]) }
    }
    line[column] = UInt8(truncatingIfNeeded: sum / count)
  }
}
