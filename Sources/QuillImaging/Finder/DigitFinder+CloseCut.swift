extension DigitFinder {
  /// Searches a picture that may be cut out close about its digit, where ink may be more than paper and the hole of a 0
  /// would pass for a 1: reduced so far that all of it counts as one shape.
  ///
  /// The paper is what most of the rim shows or, about slender digits, most of the corners.
  /// - Returns: whether it is such a picture; otherwise it is to be loaded again.
  @inline(never) mutating func searchCloseCut(
    _ frame: Span<UInt8>, shape: FrameShape, equalisation: Equalisation
  ) throws(ImagingError) -> Bool {
    let longest = max(shape.width, shape.height)
    guard longest > PaperLevel.smallPlane else { return false }
    try shape.checkGrey(byteCount: frame.count)
    // In larger ones that is looked for only where all sides are touched: most are frames of a camera.
    if longest > Self.coarseSide, !isTouched(frame, shape) { return false }
    try load(frame, shape: shape, equalisation: equalisation, side: PaperLevel.smallPlane)
    defer { paper.takesCorners = false }
    for turn in 0..<2 {
      paper.takesCorners = turn == 1
      if search(stopsAtSheet: false), isOneShape() { return true }
    }
    return false
  }

  /// Whether one shape of strokes was found that reaches from side to side and from top to bottom: several digits and a
  /// sign in a frame are not one, a sheet of paper is none of strokes, squared paper has more strokes, and a large
  /// photograph many levels between ink and paper.
  private mutating func isOneShape() -> Bool {
    let box = attempt.box
    guard box.width * 10 >= Int32(width) * 9, box.height * 10 >= Int32(height) * 9 else { return false }
    let whole = ink.sum(of: 0)
    guard whole.thickness * 100 <= box.longSide * 34 else { return false }
    guard whole.runCount + whole.columnRunCount <= 3 * (box.width + box.height) else { return false }
    if factor * PaperLevel.smallPlane > Self.coarseSide {
      let level = inkLevel(of: 0)
      let nothing = PixelBox(left: 0, top: 0, right: 0, bottom: 0)
      let full = standing(in: box, without: nothing, level / 4 * 3, of: contrast)
      guard standing(in: box, without: nothing, level / 4, of: contrast) * 2 <= full * 3 else { return false }
    }
    for index in 0..<ink.count where ink.components[index].mass * 10 >= whole.mass * 9 {
      return drawPart(group: 0, from: nil, to: nil) != nil && !isSolid(foundCount)
    }
    return false
  }

  /// Whether something stands out on all four sides of a picture's rim, as where a digit touches them.
  private func isTouched(_ frame: Span<UInt8>, _ shape: FrameShape) -> Bool {
    for side in 0..<4 {
      let isRow = side < 2
      let first = side == 1 ? (shape.height - 1) * shape.bytesPerRow : side == 3 ? shape.width - 1 : 0
      let (step, count) = isRow ? (1, shape.width) : (shape.bytesPerRow, shape.height)
      guard isTouched(frame, from: first, step: step, count: count) else { return false }
    }
    return true
  }

  @inline(never) private func isTouched(_ frame: Span<UInt8>, from first: Int, step: Int, count: Int) -> Bool {
    var (least, most): (UInt8, UInt8) = (255, 0)
    for index in 0..<count {
      least = min(least, frame[first + index * step])
      most = max(most, frame[first + index * step])
    }
    return most > least && most - least >= 64
  }
}
