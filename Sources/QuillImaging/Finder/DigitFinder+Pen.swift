extension DigitFinder {
  /// The narrowest stroke that is left as it is, in 1/256 pixel of the 20 x 20 box. A ball-point pen's line is a fraction
  /// of a pixel there and would fade away, whereas MNIST was written with a broad pencil: its strokes are 2 to 4 wide.
  private static let narrowest: Int32 = 400
  /// The width to which narrower strokes are brought.
  private static let wanted: Int32 = 560

  /// How many pixels on each side a group's strokes lack to be as broad as those that networks know; mostly 0.
  ///
  /// The stroke's width is the median length of the group's runs: upright and leaning strokes have many short ones.
  func missingWidth(group: Int32, box: PixelBox) -> Int32 {
    guard !isSmall else { return 0 }
    var lengths = Histogram()
    for index in 0..<ink.runCount {
      let run = ink.runs[index]
      guard run.link >= 0, ink.components[Int(run.link)].group == group else { continue }
      lengths.add(clampedByte(Int32(run.end) - Int32(run.start)))
    }
    let width = Int32(lengths.level(permille: 500))
    let inBox = width * 256 * Int32(Self.boxSide) / box.longSide
    guard inBox < Self.narrowest else { return 0 }
    return ((Self.wanted - inBox) * box.longSide / (256 * Int32(Self.boxSide)) + 1) / 2
  }

  /// Broadens the strokes in the cutout by `reach` pixels on every side: the greatest value within an octagon.
  ///
  /// - Returns: the box that the broadened ink may fill.
  mutating func broaden(_ box: PixelBox, by reach: Int32) -> PixelBox {
    guard reach > 0 else { return box }
    let plane = PixelBox(left: 0, top: 0, right: Int32(width), bottom: Int32(height))
    let whole = box.grown(by: reach).intersection(plane)
    clearRows(&opposite.pixels, width: width, whole)
    var grown = box
    // A cross and a square in turn come close to a disc.
    for step in 0..<reach {
      grown = grown.grown(by: 1).intersection(plane)
      spread(cutout, into: &opposite.pixels, width: width, grown, square: step % 2 == 1)
      swap(&cutout, &opposite.pixels)
    }
    // Only the box is worked on in the other plane: its rest is not black.
    if reach % 2 == 1 {
      swap(&cutout, &opposite.pixels)
      copyRows(opposite.pixels, into: &cutout, width: width, whole)
    }
    return grown
  }
}

/// Blackens the pixels of a box.
func clearRows(_ plane: inout [UInt8], width: Int, _ box: PixelBox) {
  var pixels = plane.mutableSpan
  for row in Int(box.top)..<Int(box.bottom) {
    var line = pixels._mutatingExtracting((row * width + Int(box.left))..<(row * width + Int(box.right)))
    for place in line.indices { line[place] = 0 }
  }
}

/// Copies the pixels of a box.
func copyRows(_ source: [UInt8], into target: inout [UInt8], width: Int, _ box: PixelBox) {
  var pixels = target.mutableSpan
  for row in Int(box.top)..<Int(box.bottom) {
    let line = source.span.extracting((row * width + Int(box.left))..<(row * width + Int(box.right)))
    var copy = pixels._mutatingExtracting((row * width + Int(box.left))..<(row * width + Int(box.right)))
    for place in 0..<min(line.count, copy.count) { copy[place] = line[place] }
  }
}

/// Writes to each pixel of the box the greatest value about it: of itself and its 4 neighbours, or all 8.
private func spread(
  _ source: [UInt8], into target: inout [UInt8], width: Int, _ box: PixelBox, square: Bool
) {
  let pixels = source.span
  var result = target.mutableSpan
  for row in box.top..<box.bottom {
    let upper = Int(max(row - 1, box.top)) * width
    let here = Int(row) * width
    let lower = Int(min(row + 1, box.bottom - 1)) * width
    for column in box.left..<box.right {
      let place = Int(column)
      var value = pixels[here + place]
      let left = Int(max(column - 1, box.left))
      let right = Int(min(column + 1, box.right - 1))
      value = max(value, pixels[here + left], pixels[here + right])
      value = max(value, pixels[upper + place], pixels[lower + place])
      if square {
        value = max(value, pixels[upper + left], pixels[upper + right])
        value = max(value, pixels[lower + left], pixels[lower + right])
      }
      result[here + place] = value
    }
  }
}
