extension DigitFinder {
  /// Cuts a group, or its part between two cuts, out of the contrast plane, keeps its picture in the form of MNIST, and
  /// counts it among the found.
  mutating func keep(group: Int32, row: Int = 0, from: Int? = nil, to: Int? = nil) {
    guard foundCount < Self.mostDigits else { return }
    // Drawing works in the plane of the other polarity, which the rating looks at.
    let quality = rate(group: group, isParted: from != nil || to != nil)
    guard let box = drawPart(group: group, from: from, to: to) else { return }
    let scale = Int32(factor)
    found[foundCount] = FoundDigit(
      box: PixelBox(
        left: box.left * scale, top: box.top * scale, right: box.right * scale, bottom: box.bottom * scale),
      polarity: attempt.polarity, contrast: inkLevel(of: group),
      quality: quality, row: row)
    if !isSmall, isSolid(foundCount) { found[foundCount] = found[foundCount].doubted }
    foundCount += 1
  }

  /// The side of the largest square that strokes fill: of MNIST's test images 0.2 % have a larger one.
  private static let largestJunction = 7

  /// Whether a picture shows a thing and not strokes: somewhere a large square is all ink.
  func isSolid(_ index: Int) -> Bool {
    let side = Self.imageSide
    // For each column, the side of the largest square of ink that ends there in this row.
    var sides = InlineArray<28, Int32>(repeating: 0)
    for row in 0..<side {
      var corner: Int32 = 0
      for column in 0..<side {
        let isInk = images[(index * side + row) * side + column] >= 128
        let above = sides[column]
        sides[column] = isInk ? 1 + min(above, corner, column > 0 ? sides[column - 1] : 0) : 0
        if sides[column] > Int32(Self.largestJunction) { return true }
        corner = above
      }
    }
    return false
  }

  /// Draws a group, or its part between two cuts, to the next free picture.
  /// - Returns: the box of its ink; nil when there is none.
  mutating func drawPart(group: Int32, from: Int?, to: Int?) -> PixelBox? {
    guard var reached = cutOut(group: group) else { return nil }
    clear(reached, from: from, to: to)
    let level = inkLevel(of: group)
    let faint = UInt8(truncatingIfNeeded: max(2, Int32(level) / 12))
    let box = tighten(reached, above: faint)
    if let box {
      reached = broaden(reached, by: missingWidth(group: group, box: box))
      drawSmall(tighten(reached, above: faint) ?? box, level: Int32(level))
    }
    clearRows(&cutout, width: width, reached)
    return box
  }

  /// Takes away from the cutout what lies left of the cut `from`, right of the cut `to`, or on them.
  private mutating func clear(_ box: PixelBox, from: Int?, to: Int?) {
    guard from != nil || to != nil else { return }
    for row in Int(box.top)..<Int(box.bottom) {
      // Rows of the rim go as the nearest row of the ink does.
      let inked = min(max(row, cutRows.lowerBound), cutRows.upperBound - 1)
      if let from {
        let end = min(Int(cutColumns[from * height + inked]) + 1, Int(box.right))
        if Int(box.left) < end { for column in Int(box.left)..<end { cutout[row * width + column] = 0 } }
      }
      if let to {
        let start = max(Int(cutColumns[to * height + inked]), Int(box.left))
        if start < Int(box.right) { for column in start..<Int(box.right) { cutout[row * width + column] = 0 } }
      }
    }
  }

  /// Copies the group's ink and the rim about it, where a stroke fades into the paper, into the empty cutout plane.
  /// - Returns: the box of what was copied.
  private mutating func cutOut(group: Int32) -> PixelBox? {
    let sum = ink.sum(of: group)
    guard sum.runCount > 0 else { return nil }
    let rim = min(1 + sum.area / sum.runCount / 6, 4)
    for index in 0..<ink.runCount {
      let run = ink.runs[index]
      guard run.link >= 0, ink.components[Int(run.link)].group == group else { continue }
      let left = max(0, Int32(run.start) - rim)
      let right = min(Int32(width), Int32(run.end) + rim)
      let top = max(0, Int32(run.row) - rim)
      let bottom = min(Int32(height), Int32(run.row) + rim + 1)
      copyRows(
        contrast.pixels, into: &cutout, width: width, PixelBox(left: left, top: top, right: right, bottom: bottom))
    }
    return sum.box.grown(by: rim).intersection(
      PixelBox(left: 0, top: 0, right: Int32(width), bottom: Int32(height)))
  }

  /// The contrast that full ink has: nine tenths of the group's pixels have no more.
  func inkLevel(of group: Int32) -> UInt8 { max(1, inkHistogram(of: group).level(permille: 900)) }

  /// The contrast of a group's pixels.
  func inkHistogram(of group: Int32) -> Histogram {
    var histogram = Histogram()
    let pixels = contrast.pixels.span
    for index in 0..<ink.runCount {
      let run = ink.runs[index]
      guard run.link >= 0, ink.components[Int(run.link)].group == group else { continue }
      let base = Int(run.row) * width
      for place in (base + Int(run.start))..<(base + Int(run.end)) { histogram.add(pixels[place]) }
    }
    return histogram
  }

  /// The box of the cutout's pixels of at least `level`.
  private func tighten(_ box: PixelBox, above level: UInt8) -> PixelBox? {
    let pixels = cutout.span
    var (left, right) = (Int(box.width), -1)
    var (top, bottom) = (box.bottom, box.top)
    for row in box.top..<box.bottom {
      let base = Int(row) * width
      let line = pixels.extracting((base + Int(box.left))..<(base + Int(box.right)))
      var first = 0
      while first < line.count, line[first] < level { first += 1 }
      guard first < line.count else { continue }
      var last = line.count - 1
      while line[last] < level { last -= 1 }
      left = min(left, first)
      right = max(right, last)
      top = min(top, row)
      bottom = row + 1
    }
    guard right >= left else { return nil }
    return PixelBox(left: box.left + Int32(left), top: top, right: box.left + Int32(right) + 1, bottom: bottom)
  }

  /// Scales the box to 20 pixels on its longer side, stretches the ink, and sets it by its centre of mass.
  private mutating func drawSmall(_ box: PixelBox, level: Int32) {
    let long = Int(box.longSide)
    // A picture of MNIST's size whose digit all but fills the box is in its form already: resampling would blur it.
    let isReady = isSmall && long >= Self.boxSide - 2 && long <= Self.boxSide
    let goal = isReady ? long : Self.boxSide
    let wide = max(1, (Int(box.width) * goal * 2 + long) / (2 * long))
    let tall = max(1, (Int(box.height) * goal * 2 + long) / (2 * long))
    var small = InlineArray<784, UInt8>(repeating: 0)
    let side = Self.imageSide
    var cells = small.mutableSpan
    resizeByArea(
      cutout.span, bytesPerRow: width, box: box, into: &cells, width: wide, height: tall, resultBytesPerRow: side)
    var strongest: UInt8 = 1
    for index in cells.indices { strongest = max(strongest, cells[index]) }
    let full = max(min(level, Int32(strongest)), 1)
    for index in cells.indices { cells[index] = clampedByte((Int32(cells[index]) * 255 + full / 2) / full) }
    let centre = CentreOfMass(cells.span, side: side)
    let shiftX = Int(min(max(centre.shiftX, 0), Int32(side - wide)))
    let shiftY = Int(min(max(centre.shiftY, 0), Int32(side - tall)))
    let first = foundCount * side * side
    for place in first..<(first + side * side) { images[place] = 0 }
    for row in 0..<tall {
      let target = first + (row + shiftY) * side + shiftX
      for column in 0..<wide { images[target + column] = cells[row * side + column] }
    }
  }
}
