extension DigitFinder {
  /// Most places at which a shape is cut on trial.
  static let mostCuts = 9
  /// What is rated less, after all charges, is unsure.
  private static let leastRating: Int32 = 1_024
  /// What a shape loses for a width of a whole height above the usual, in the judge's steps.
  private static let widthCharge: Int32 = 16 * 256
  /// What a step aside costs a path, in half grey levels: paths that wind about cut digits, not what joins them.
  private static let leaningCharge: Int32 = 40
  /// What a cut loses for each stroke that it crosses.
  private static let crossingCharge: Int32 = 700
  /// How much more a bridge tells against a part than a crossing tells against a cut.
  private static let bridgeWeight: Int32 = 4

  /// Keeps a group as one digit, or as the several in touch that the judge finds surer.
  mutating func read<Judge: DigitJudge & ~Copyable>(group: Int32, row: Int, _ judge: inout Judge) {
    let box = ink.sum(of: group).box
    cutCount = 0
    guard foundCount < Self.mostDigits, box.height >= 10, box.width * 2 > box.height else {
      return keep(group: group, row: row)
    }
    // What is narrow and sure as it is needs no trial.
    let whole = rating(of: group, from: nil, to: nil, &judge)
    if box.width * 5 < box.height * 4, whole >= 1_024 { return keep(group: group, row: row) }
    layCuts(of: group, box)
    let (chosen, rating) = bestParts(of: group, box, whole: whole, &judge)
    let first = foundCount
    var last: Int?
    var isDoubtful = rating < Self.leastRating
    for cut in 0...cutCount where cut == cutCount || chosen & (1 << UInt32(cut)) != 0 {
      let end = cut == cutCount ? nil : Optional(cut)
      keep(group: group, row: row, from: last, to: end)
      let inside = (last.map { $0 + 1 } ?? 0)..<cut
      if foundCount > first, found[foundCount - 1].box.isWide, cheapestCut(inside) < Self.crossingCharge {
        isDoubtful = true
      }
      last = end
    }
    guard isDoubtful else { return }
    for index in first..<foundCount { found[index] = found[index].doubted }
  }

  /// How sure the judge is of the part of a group between two cuts, or the ends.
  mutating func rating<Judge: DigitJudge & ~Copyable>(
    of group: Int32, from: Int?, to: Int?, _ judge: inout Judge
  ) -> Int32 {
    guard let box = drawPart(group: group, from: from, to: to) else { return .min / 2 }
    // Nothing much wider than high, and no splinter, is a digit.
    guard box.width * 10 <= box.height * 13, box.height * 20 >= ink.sum(of: group).box.height * 11 else {
      return .min / 2
    }
    let first = foundCount * Self.imageSide * Self.imageSide
    let rating = judge.rate(images.span.extracting(first..<(first + Self.imageSide * Self.imageSide)))
    // Digits wider than five sixths of their height are rare.
    return rating - max(0, box.width * Self.widthCharge / box.height - Self.widthCharge * 5 / 6)
  }

  /// The cuts, as bits, that make the part which the judge is least sure of as sure as can be, and how sure; no bits for
  /// a shape that stays whole.
  private mutating func bestParts<Judge: DigitJudge & ~Copyable>(
    of group: Int32, _ box: PixelBox, whole: Int32, _ judge: inout Judge
  ) -> (cuts: UInt32, rating: Int32) {
    // For each node, the left end and then the cuts: the best rating of what lies left of it, and the cuts of that.
    var ratings = InlineArray<11, Int32>(repeating: .min / 2)
    var cuts = InlineArray<11, UInt32>(repeating: 0)
    ratings[0] = .max
    for node in 1...(cutCount + 1) {
      for before in 0..<node where ratings[before] > .min / 2 {
        let isWhole = before == 0 && node == cutCount + 1
        let rated =
          isWhole
          ? whole
          : rating(of: group, from: before == 0 ? nil : before - 1, to: node > cutCount ? nil : node - 1, &judge)
        let own = max(rated - bridgeCharge(between: before, and: node), .min / 2)
        let least = min(ratings[before], own) - (before == 0 ? 0 : cutCharges[before - 1])
        guard least > ratings[node] else { continue }
        ratings[node] = least
        cuts[node] = before == 0 ? 0 : cuts[before] | (1 << UInt32(before - 1))
      }
    }
    let last = cutCount + 1
    let staysWhole = ratings[last] <= max(whole - bridgeCharge(between: 0, and: last), .min / 2)
    return staysWhole ? (0, whole) : (cuts[last], ratings[last])
  }

  /// What a part loses for thin bridges within it, where cuts lie that cross less than three quarters of a stroke: strokes
  /// of one digit seldom hang together so loosely, digits that touch mostly do.
  private func bridgeCharge(between before: Int, and node: Int) -> Int32 {
    max(0, (Self.crossingCharge * 3 / 4 - cheapestCut(before..<max(before, node - 1))) * Self.bridgeWeight)
  }

  /// The charge of the cheapest among those of some cuts that leave two tall parts; more than any for none.
  private func cheapestCut(_ cuts: Range<Int>) -> Int32 {
    var least = Self.crossingCharge * 9
    for cut in cuts where cutPartsTall[cut] { least = min(least, cutCharges[cut]) }
    return least
  }

  /// Finds which cuts leave parts on both sides that are three quarters as high as the whole.
  private mutating func measureCuts(of group: Int32, _ box: PixelBox) {
    for cut in 0..<cutCount {
      var (leftRows, rightRows) = (Int32.max..<Int32.max, Int32.max..<Int32.max)
      for index in 0..<ink.runCount {
        let run = ink.runs[index]
        guard run.link >= 0, ink.components[Int(run.link)].group == group else { continue }
        let row = Int32(run.row)
        let column = cutColumns[cut * height + Int(row)]
        if run.start < column { leftRows = min(leftRows.lowerBound, row)..<(row + 1) }
        if run.end > column + 1 { rightRows = min(rightRows.lowerBound, row)..<(row + 1) }
      }
      cutPartsTall[cut] = min(leftRows.count, rightRows.count) * 4 >= Int(box.height) * 3
    }
  }

  /// Finds the cheapest ways down through the ink, from left to right; at most `mostCuts`.
  private mutating func layCuts(of group: Int32, _ box: PixelBox) {
    let corridor = PixelBox(left: box.left + 2, top: box.top, right: box.right - 2, bottom: box.bottom)
    guard corridor.width >= 3 else { return }
    let sum = ink.sum(of: group)
    let mean = sum.mass / max(1, sum.area)
    let stroke =
      max(1, sum.area / max(1, min(sum.runCount, sum.columnRunCount)))
      * max(1, mean * mean / Int32(inkLevel(of: group)))
    cutRows = Int(box.top)..<Int(box.bottom)
    layPaths(of: group, corridor)
    while cutCount < Self.mostCuts, let end = cheapestEnd(corridor), cutCosts[end] / 2 <= 4 * stroke {
      cutCharges[cutCount] = cutCosts[end] / 2 * Self.crossingCharge / stroke
      let middle = trace(from: end, corridor)
      forbid(middle, corridor, reach: max(2, Int(box.height) / 14))
      cutCount += 1
    }
    for row in Int(box.top)..<Int(box.bottom) {
      for column in Int(corridor.left)..<Int(corridor.right) { cutout[row * width + column] = 0 }
    }
    sortCuts(at: Int(box.top + box.bottom) / 2)
    measureCuts(of: group, box)
  }

  /// Finds the cheapest path down to each column by dynamic programming: a step goes straight down or one column aside.
  ///
  /// Leaves each pixel's step back up (0, 1, 2 for left, straight, right) in the cutout plane, and twice the costs at the
  /// columns' places in `cutCosts`.
  private mutating func layPaths(of group: Int32, _ corridor: PixelBox) {
    let (left, right) = (Int(corridor.left), Int(corridor.right))
    let level = Int32(inkLevel(of: group))
    // The last row's costs are to end in the first half.
    var (last, next) = corridor.height % 2 == 0 ? (0, width) : (width, 0)
    for column in left..<right { cutCosts[last + column] = 0 }
    for row in Int(corridor.top)..<Int(corridor.bottom) {
      for column in left..<right {
        var step = 1
        var cost = cutCosts[last + column]
        if column > left, cutCosts[last + column - 1] < cost {
          cost = cutCosts[last + column - 1]
          step = 0
        }
        if column + 1 < right, cutCosts[last + column + 1] < cost {
          cost = cutCosts[last + column + 1]
          step = 2
        }
        cutout[row * width + column] = UInt8(step)
        // Squares: where strokes lie close along each other, the way is between them.
        let ink = Int32(contrast.pixels[row * width + column])
        cutCosts[next + column] = cost + ink * ink / level * 2 + (step == 1 ? 0 : Self.leaningCharge)
      }
      swap(&last, &next)
    }
  }

  private func cheapestEnd(_ corridor: PixelBox) -> Int? {
    var best: Int?
    for column in Int(corridor.left)..<Int(corridor.right) where cutCosts[column] < .max / 2 {
      if let best, cutCosts[best] <= cutCosts[column] { continue }
      best = column
    }
    return best
  }

  /// Follows a path up from its end and keeps it as the next cut.
  /// - Returns: its column half way up.
  private mutating func trace(from end: Int, _ corridor: PixelBox) -> Int {
    var column = end
    for row in stride(from: Int(corridor.bottom) - 1, through: Int(corridor.top), by: -1) {
      cutColumns[cutCount * height + row] = Int16(truncatingIfNeeded: column)
      column += Int(cutout[row * width + column]) - 1
    }
    return Int(cutColumns[cutCount * height + Int(corridor.top + corridor.bottom) / 2])
  }

  /// Takes all paths that come near a column half way up out of the choice.
  private mutating func forbid(_ middle: Int, _ corridor: PixelBox, reach: Int) {
    let half = Int(corridor.top + corridor.bottom) / 2
    for end in Int(corridor.left)..<Int(corridor.right) where cutCosts[end] < .max / 2 {
      var column = end
      for row in stride(from: Int(corridor.bottom) - 1, to: half, by: -1) {
        column += Int(cutout[row * width + column]) - 1
      }
      if abs(column - middle) <= reach { cutCosts[end] = .max }
    }
  }

  /// Orders the cuts from left to right.
  private mutating func sortCuts(at row: Int) {
    for first in 0..<cutCount {
      for other in (first + 1)..<max(cutCount, first + 1)
      where cutColumns[other * height + row] < cutColumns[first * height + row] {
        cutCharges.swapAt(first, other)
        for place in 0..<height { cutColumns.swapAt(first * height + place, other * height + place) }
      }
    }
  }
}

extension PixelBox {
  /// Whether a digit of this box would be wider than most.
  fileprivate var isWide: Bool { width * 10 > height * 9 }
}
