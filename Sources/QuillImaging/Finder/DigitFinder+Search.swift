extension DigitFinder {
  /// Tries neighbourhoods and polarities until one shows a digit clearly, and keeps the best; group 0 is the digit.
  ///
  /// Even light needs one level for the whole plane. Under uneven light the neighbourhood must be smaller than the
  /// shadows and larger than the strokes, neither of which is known: two sizes are tried.
  mutating func search() -> Bool {
    paper.measure(plane, width: width, height: height)
    var best = FinderAttempt()
    let whole = max(paper.columns, paper.rows)
    tryPolarities(reach: whole, keeping: &best)
    if !paper.isEven || best.quality < FoundDigit.unsureQuality {
      tryPolarities(reach: 4, keeping: &best)
      if best.quality < FoundDigit.unsureQuality { tryPolarities(reach: 9, keeping: &best) }
    }
    guard best.score > 0 else { return false }
    if attempt.reach != best.reach || attempt.polarity != best.polarity || attempt.threshold != best.threshold {
      paper.settle(plane, width: width, height: height, reach: best.reach)
      run(best)
    }
    attempt = best
    return true
  }

  /// Tries both polarities against one estimate of the paper, the more likely one first.
  private mutating func tryPolarities(reach: Int, keeping best: inout FinderAttempt) {
    paper.settle(plane, width: width, height: height, reach: reach)
    var dark = Histogram()
    var light = Histogram()
    countContrast(dark: &dark, light: &light)
    let darkWeight = dark.weight(from: Int(paper.noise))
    let lightWeight = light.weight(from: Int(paper.noise))
    let darkFirst = darkWeight >= lightWeight
    for turn in 0..<2 {
      let isDark = (turn == 0) == darkFirst
      let (own, other) = isDark ? (darkWeight, lightWeight) : (lightWeight, darkWeight)
      guard own > 0, turn == 0 || own > other / 16 || best.score == 0 else { continue }
      let histogram = isDark ? dark : light
      guard let parting = histogram.partingLevel(from: Int(paper.noise)) else { continue }
      var next = FinderAttempt()
      next.polarity = isDark ? .darkOnLight : .lightOnDark
      next.reach = reach
      next.threshold = UInt8(max(paper.noise, Int32(parting) * 3 / 4))
      run(next)
      if attempt.score > best.score { best = attempt }
      // Lines on the paper may be what was parted from it, with the writing lost among them: part once more.
      guard attempt.refusedMass > attempt.chosenMass else { continue }
      guard let second = histogram.partingLevel(from: Int(parting)) else { continue }
      next.threshold = second
      run(next)
      if attempt.score > best.score { best = attempt }
    }
  }

  /// Counts how far pixels stand out below (`dark`) and above (`light`) their paper.
  private mutating func countContrast(dark: inout Histogram, light: inout Histogram) {
    let scale = ContrastScale(noise: paper.noise)
    for row in 0..<height {
      paper.writeRow(row, width: width, into: &paperRow)
      let line = paperRow.span
      let pixels = plane.span
      for column in 0..<width {
        let difference = Int32(line[column]) - Int32(pixels[row * width + column])
        if difference >= scale.noise {
          dark.add(scale.dark(difference, paper: line[column]))
        } else if -difference >= scale.noise {
          light.add(clampedByte(-difference))
        }
      }
    }
  }

  /// Writes the contrast plane of one polarity, finds its components and chooses the digit.
  private mutating func run(_ next: FinderAttempt) {
    attempt = next
    writeContrast(next.polarity)
    var threshold = next.threshold
    for _ in 0..<3 {
      if ink.find(in: contrast, width: width, height: height, threshold: threshold, leastArea: leastArea) {
        attempt.threshold = threshold
        choose()
        return
      }
      threshold = UInt8(min(255, Int32(threshold) * 3 / 2))
    }
    attempt.score = 0
  }

  private mutating func writeContrast(_ polarity: Polarity) {
    let scale = ContrastScale(noise: paper.noise)
    for row in 0..<height {
      paper.writeRow(row, width: width, into: &paperRow)
      scale.write(plane, paperRow, polarity: polarity, row: row, width: width, into: &contrast)
    }
  }
}

extension Histogram {
  /// The sum of squares of what was counted from `lowest` upwards: how much stands out, and how far.
  func weight(from lowest: Int) -> Int64 {
    var sum: Int64 = 0
    for value in lowest..<256 { sum += Int64(self[value]) * Int64(value) * Int64(value) }
    return sum
  }
}
