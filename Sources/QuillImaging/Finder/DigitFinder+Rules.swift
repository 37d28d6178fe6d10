extension DigitFinder {
  /// Most lines that are taken off in one direction.
  private static let mostRules = 48

  /// So many dashes are the remains of lines that lie askew to the pixels, and are now above the threshold, now below.
  private static let manyDashes = 12

  /// Whether the ink holds something long and thin, as a paper's lines are, or, once a picture, many dashes.
  mutating func mayShowRules() -> Bool {
    guard !isSmall else { return false }
    var dashes = 0
    for index in 0..<ink.count {
      let component = ink.components[index]
      let spans =
        component.box.width * 2 > Int32(width) || component.box.height * 2 > Int32(height)
      if spans, component.thickness * 16 <= component.box.longSide { return true }
      if component.thickness <= 3, component.box.longSide >= 10 * max(1, component.thickness) { dashes += 1 }
    }
    guard dashes >= Self.manyDashes, !hasSeenDashes else { return false }
    hasSeenDashes = true
    return true
  }

  /// Takes the lines of ruled and squared paper off the contrast plane, even those as dark as the ink.
  ///
  /// A line is straight and thin, and goes from side to side or comes with others like it. As with the staves of sheet
  /// music, what is taken away of it is where it is no thicker than a line: where a stroke crosses, the stroke stays.
  /// - Returns: whether there were any.
  mutating func eraseRules(threshold: UInt8) -> Bool {
    work += 4 * width * height
    let level = RuleDirection(length: width, breadth: height, alongStep: 1, acrossStep: width)
    let upright = RuleDirection(length: height, breadth: width, alongStep: width, acrossStep: 1)
    let one = eraseRules(level, threshold)
    let other = eraseRules(upright, threshold)
    return one || other
  }

  private mutating func eraseRules(_ way: RuleDirection, _ threshold: UInt8) -> Bool {
    let thickest = max(4, way.breadth / 60)
    rules.gather(contrast.pixels, way, threshold: threshold, thickest: thickest)
    let samples = Int32(RuleSearch.samples(way.length))
    guard rules.count * 20 >= Int(samples) * 9 else { return false }
    rules.countVotes(near: rules.commonSlope(breadth: way.breadth), breadth: way.breadth)
    var lines = InlineArray<48, RuleLine>(repeating: RuleLine())
    var count = 0
    while count < Self.mostRules {
      let line = rules.takeBest(breadth: way.breadth)
      // A line need not cross the whole picture where it has company.
      guard line.votes * 20 >= samples * 9 else { break }
      lines[count] = line
      count += 1
    }
    var erased = false
    for index in 0..<count {
      let line = lines[index]
      guard count >= 3 || (line.votes * 10 >= samples * 7 && reachesBothEnds(line, way, threshold)) else { continue }
      erase(line, way, threshold, thickest: thickest)
      erased = true
    }
    return erased
  }

  /// Whether ink of the line is found at both ends of the plane: a long upright one does not reach them.
  private func reachesBothEnds(_ line: RuleLine, _ way: RuleDirection, _ threshold: UInt8) -> Bool {
    let pixels = contrast.pixels.span
    var ends = 0
    for side in 0..<2 {
      var hits = 0
      for step in 0..<8 {
        let along = side == 0 ? step : way.length - 1 - step
        let middle = Int(line.place + line.rise(Int32(along - way.length / 2)))
        if inkNear(middle, along, way, pixels, threshold) != nil { hits += 1 }
      }
      if hits >= 5 { ends += 1 }
    }
    return ends == 2
  }

  /// The place of ink on the line or next to it.
  private func inkNear(
    _ middle: Int, _ along: Int, _ way: RuleDirection, _ pixels: Span<UInt8>, _ threshold: UInt8
  ) -> Int? {
    for distance in 0...3 {
      let (lower, upper) = (middle - distance, middle + distance)
      if lower >= 0, lower < way.breadth, pixels[way.place(along, lower)] >= threshold { return lower }
      if upper >= 0, upper < way.breadth, pixels[way.place(along, upper)] >= threshold { return upper }
    }
    return nil
  }

  private mutating func erase(_ line: RuleLine, _ way: RuleDirection, _ threshold: UInt8, thickest: Int) {
    let limit = usualThickness(of: line, way, threshold, thickest: thickest) + 2
    for along in 0..<way.length {
      let middle = Int(line.place + line.rise(Int32(along - way.length / 2)))
      guard let run = runAcross(middle, along, way, threshold), run.count <= limit else { continue }
      // The faint rims on both sides go with it.
      var pixels = contrast.pixels.mutableSpan
      for across in max(0, run.lowerBound - 2)..<min(way.breadth, run.upperBound + 2) {
        pixels[way.place(along, across)] = 0
      }
    }
  }

  /// The run of ink across a line at one place along it.
  private func runAcross(_ middle: Int, _ along: Int, _ way: RuleDirection, _ threshold: UInt8) -> Range<Int>? {
    let pixels = contrast.pixels.span
    guard let ink = inkNear(middle, along, way, pixels, threshold) else { return nil }
    var first = ink
    while first > 0, pixels[way.place(along, first - 1)] >= threshold { first -= 1 }
    var last = ink
    while last + 1 < way.breadth, pixels[way.place(along, last + 1)] >= threshold { last += 1 }
    return first..<(last + 1)
  }

  /// The median thickness of a line in pixels.
  private func usualThickness(of line: RuleLine, _ way: RuleDirection, _ threshold: UInt8, thickest: Int) -> Int {
    var lengths = Histogram()
    for along in stride(from: 0, to: way.length, by: RuleSearch.step) {
      let middle = Int(line.place + line.rise(Int32(along - way.length / 2)))
      guard let run = runAcross(middle, along, way, threshold), run.count <= thickest else { continue }
      lengths.add(UInt8(truncatingIfNeeded: run.count))
    }
    return Int(lengths.level(permille: 500))
  }
}
