extension DigitFinder {
  /// Pixels by which a sheet's edges are left out.
  private static let sheetEdge = 4

  /// Looks for writing on a sheet of paper that is itself what stands out: a note on a wall, a page on a wide table, the
  /// glass of a display. Its surroundings are given its own level, and the search begins anew.
  ///
  /// - Parameter seen: the attempt that showed the sheet, to be made again.
  /// - Returns: false when nothing is written on it; the last search must then be repeated.
  mutating func searchOnSheet(_ seen: FinderAttempt) -> Bool {
    if attempt.threshold != seen.threshold || attempt.polarity != seen.polarity { run(seen) }
    guard let sheet = sheetComponent() else { return false }
    let outer = ink.components[sheet]
    let around = cornerLevel(outer.box)
    coverAround(sheet, level: sheetLevel(sheet))
    guard search(stopsAtSheet: false), attempt.isClear, attempt.quality >= seen.quality else { return false }
    let inner = attempt.box
    // A hole in a thick stroke is convex and wide, or shows what is around the stroke.
    let isSlender = attempt.isThin || inner.height > inner.width * 3
    let showsAround = abs(Int32(groupLevel()) - around) <= 2 * paper.noise
    let isHole = seen.score > 0 && showsAround && (attempt.isConvex || touchesCover())
    let isStroke = !isHole && (!attempt.isConvex || isSlender)
    let offX = abs(inner.left + inner.right - outer.box.left - outer.box.right)
    let offY = abs(inner.top + inner.bottom - outer.box.top - outer.box.bottom)
    let isCentral = offX * 2 <= outer.box.width && offY * 2 <= outer.box.height
    // What is small against the sheet may be a hole in a digit, or the part of one that the sheet's end cuts.
    let side = min(outer.box.width, outer.box.height)
    let isPage = seen.score == 0 || (!showsAround && outer.box.longSide * 2 > Int32(max(width, height)))
    let isWhole = isPage && inner.longSide * 12 > side && !touchesCover()
    return isStroke && (isCentral || !attempt.isConvex) && (inner.longSide * 3 > side || isWhole)
  }

  /// The largest component that may be a sheet: wide, not slender as a stroke is, and mostly filled.
  func sheetComponent() -> Int? {
    var best: Int?
    for index in 0..<ink.count {
      let component = ink.components[index]
      let box = component.box
      guard min(box.width, box.height) >= 40, component.area * 8 >= box.longSide * box.longSide,
        component.area * 70 >= Int32(width * height)
      else { continue }
      guard component.area * 2 >= box.width * box.height else { continue }
      if let best, ink.components[best].area >= component.area { continue }
      best = index
    }
    return best
  }

  /// Whether the digit lies along what was covered around the sheet.
  private func touchesCover() -> Bool {
    let near = Int16(Self.sheetEdge + 3)
    for index in 0..<ink.runCount where ink.runs[index].link >= 0 {
      let run = ink.runs[index]
      guard ink.components[Int(run.link)].group == 0 else { continue }
      let ends = rowEnds[Int(run.row)]
      if run.start <= ends[0] + near || run.end >= ends[1] - near { return true }
    }
    return false
  }

  /// The paper's mean level at the corners of a box.
  private func cornerLevel(_ box: PixelBox) -> Int32 {
    let upper = paper.level(x: box.left, y: box.top) + paper.level(x: box.right, y: box.top)
    return (upper + paper.level(x: box.left, y: box.bottom) + paper.level(x: box.right, y: box.bottom)) / 4
  }

  /// The level that half of the digit's pixels do not exceed.
  private func groupLevel() -> UInt8 {
    var histogram = Histogram()
    for index in 0..<ink.runCount where ink.runs[index].link >= 0 {
      let run = ink.runs[index]
      guard ink.components[Int(run.link)].group == 0 else { continue }
      let base = Int(run.row) * width
      for place in (base + Int(run.start))..<(base + Int(run.end)) { histogram.add(plane[place]) }
    }
    return histogram.level(permille: 500)
  }

  /// The level that half of the sheet's pixels do not exceed.
  private func sheetLevel(_ sheet: Int) -> UInt8 {
    var histogram = Histogram()
    for index in 0..<ink.runCount where Int(ink.runs[index].link) == sheet {
      let base = Int(ink.runs[index].row) * width
      for place in (base + Int(ink.runs[index].start))..<(base + Int(ink.runs[index].end)) {
        histogram.add(plane[place])
      }
    }
    return histogram.level(permille: 500)
  }

  /// Gives all pixels outside of the sheet a level. A pixel is inside when it lies between the sheet's ends in its row
  /// and in the rows about it.
  private mutating func coverAround(_ sheet: Int, level: UInt8) {
    for row in 0..<height {
      rowEnds[row] = [Int16(width), 0]
    }
    for index in 0..<ink.runCount where Int(ink.runs[index].link) == sheet {
      let run = ink.runs[index]
      rowEnds[Int(run.row)][0] = min(rowEnds[Int(run.row)][0], run.start)
      rowEnds[Int(run.row)][1] = max(rowEnds[Int(run.row)][1], run.end)
    }
    for row in 0..<height {
      var left = 0
      var right = width
      for near in (row - Self.sheetEdge)...(row + Self.sheetEdge) {
        guard near >= 0, near < height else { continue }
        left = max(left, Int(rowEnds[near][0]))
        right = min(right, Int(rowEnds[near][1]))
      }
      left = left == 0 ? 0 : min(width, left + Self.sheetEdge)
      right = right == width ? width : max(left, right - Self.sheetEdge)
      for column in 0..<left { plane[row * width + column] = level }
      if right < width {
        for column in max(left, right)..<width { plane[row * width + column] = level }
      }
    }
  }
}
