extension DigitFinder {
  /// Tries neighbourhoods and polarities until one shows a digit clearly, and keeps the best; group 0 is the digit.
  ///
  /// Even light needs one level for the whole plane. Under uneven light the neighbourhood must be smaller than the
  /// shadows and larger than the strokes, neither of which is known: two sizes are tried.
  ///
  /// - Parameter stopsAtSheet: whether to stop where something stands out that may be a sheet of paper, which is then in
  ///   `sheetSeen`.
  mutating func search(stopsAtSheet: Bool) -> Bool {
    sheetSeen = nil
    paper.measure(plane, width: width, height: height)
    attempt = FinderAttempt()
    var best = FinderAttempt()
    let whole = max(paper.columns, paper.rows)
    tryPolarities(reach: whole, keeping: &best)
    if stopsAtSheet, let sheet = sheetSeen, !best.isClear || best.covers(sheet) || best.liesOn(sheet) {
      return false
    }
    sheetSeen = nil
    if !paper.isEven || !best.isClear {
      if 4 < whole, mayGoOn { tryPolarities(reach: 4, keeping: &best) }
      if 9 < whole, !best.isClear, mayGoOn { tryPolarities(reach: 9, keeping: &best) }
    }
    guard best.score > 0 else { return false }
    if weighedReach != best.reach {
      var (dark, light) = (Histogram(), Histogram())
      weigh(reach: best.reach, dark: &dark, light: &light)
      run(best)
    } else if attempt.reach != best.reach || attempt.polarity != best.polarity || attempt.threshold != best.threshold {
      run(best)
    }
    attempt = best
    return true
  }

  /// Tries both polarities against one estimate of the paper, the more likely one first.
  private mutating func tryPolarities(reach: Int, keeping best: inout FinderAttempt) {
    var (dark, light) = (Histogram(), Histogram())
    weigh(reach: reach, dark: &dark, light: &light)
    let darkWeight = dark.weight(from: Int(paper.noise))
    let lightWeight = light.weight(from: Int(paper.noise))
    let darkFirst = darkWeight >= lightWeight
    for turn in 0..<2 {
      let isDark = (turn == 0) == darkFirst
      let (own, other) = isDark ? (darkWeight, lightWeight) : (lightWeight, darkWeight)
      guard own > 0, turn == 0 || best.score == 0 || (own > other / 16 && mayGoOn) else { continue }
      let histogram = isDark ? dark : light
      guard let parting = histogram.partingLevel(from: Int(paper.noise)) else { continue }
      var next = FinderAttempt()
      next.polarity = isDark ? .darkOnLight : .lightOnDark
      next.reach = reach
      // Where several digits may differ in strength, the faintest should not fall apart.
      next.threshold = UInt8(max(paper.noise, Int32(parting) * (wantsLine ? 5 : 6) / 8))
      run(next)
      if attempt.isBetter(than: best) { best = attempt }
      let first = attempt
      let shadow = first.score > 0 && !first.isClear && !wantsLine ? levelAboveShadow() : nil
      // A dark table may be what was parted from paper and writing alike: part what stands out less.
      if !first.isClear, mayGoOn, let lower = histogram.partingLevel(from: Int(paper.noise), below: Int(next.threshold))
      {
        next.threshold = UInt8(max(paper.noise, Int32(lower) * 3 / 4))
        run(next)
        if attempt.isBetter(than: best) { best = attempt }
      }
      next.isSecond = true
      if let shadow, mayGoOn {
        next.threshold = shadow
        run(next)
        if attempt.isWritten(in: first) { best = attempt }
      }
      // Lines on the paper may be what was parted from it, with the writing lost among them: part what stands out more.
      guard !first.isClear, mayGoOn, first.refusedMass > first.chosenMass,
        let higher = histogram.partingLevel(from: Int(parting))
      else { continue }
      next.threshold = higher
      run(next)
      if attempt.isBetter(than: best) { best = attempt }
    }
  }

  /// Where what was chosen is part dark and part much lighter, as writing in a shadow is: the level that parts the two.
  private func levelAboveShadow() -> UInt8? {
    let histogram = inkHistogram(of: 0)
    guard let level = histogram.partingLevel(from: Int(attempt.threshold)) else { return nil }
    var (dark, darkSum, sum): (Int32, Int32, Int32) = (0, 0, 0)
    for value in 0..<256 {
      sum += histogram[value] * Int32(value)
      guard value >= Int(level) else { continue }
      dark += histogram[value]
      darkSum += histogram[value] * Int32(value)
    }
    let light = histogram.total - dark
    guard light > dark / 2, dark > light / 16 else { return nil }
    return darkSum / dark * 2 > (sum - darkSum) / light * 3 ? level : nil
  }

  /// Finds the components of one polarity and chooses the digit.
  mutating func run(_ next: FinderAttempt) {
    attempt = next
    turn(to: next.polarity)
    var threshold = next.threshold
    for _ in 0..<3 {
      work += width * height
      if ink.find(in: contrast, width: width, height: height, threshold: threshold, leastArea: leastArea) {
        attempt.threshold = threshold
        if mayShowRules(), eraseRules(threshold: max(threshold / 2, UInt8(truncatingIfNeeded: paper.noise))) {
          hasErasedRules = true
          _ = ink.find(in: contrast, width: width, height: height, threshold: threshold, leastArea: leastArea)
        }
        if !isSmall { ink.markFrames(leastSide: 40) }
        choose()
        if sheetSeen == nil, let sheet = sheetComponent() {
          var seen = attempt
          seen.box = ink.components[sheet].box
          if seen.box != attempt.box { seen.quality = 0 }
          seen.score = likeness(of: ink.components[sheet])
          sheetSeen = seen
        }
        return
      }
      threshold = UInt8(min(255, Int32(threshold) * 3 / 2))
    }
    attempt.score = 0
  }
}
