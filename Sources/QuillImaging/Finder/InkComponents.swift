/// The connected components of the pixels above a threshold, by runs and union-find, in memory allocated once.
///
/// Two pixels hang together when they touch by side or corner. Rosenfeld and Pfaltz, "Sequential operations in digital
/// picture processing" (1966), with runs in place of pixels.
struct InkComponents: ~Copyable {
  private(set) var runs: [InkRun]
  private(set) var runCount = 0
  private(set) var components: [InkComponent]
  private(set) var count = 0
  /// While gathering: pixels of the component whose first run this is, then the component's number, -1 when dropped.
  private var tally: [Int32]

  /// Makes room for planes of up to `pixels` pixels.
  init(pixels: Int) {
    let noRun = InkRun(row: 0, start: 0, end: 0, link: 0)
    runs = [InkRun](repeating: noRun, count: max(1_024, pixels / 8))
    tally = [Int32](repeating: 0, count: runs.count)
    let empty = PixelBox(left: 0, top: 0, right: 0, bottom: 0)
    let none = InkComponent(box: empty, area: 0, mass: 0, runCount: 0)
    components = [InkComponent](repeating: none, count: 1_024)
  }

  /// Finds the components of pixels with a contrast of at least `threshold`, those with `leastArea` pixels or more.
  ///
  /// - Returns: false when there were more runs or components than there is room for: noise, not writing.
  mutating func find(
    in contrast: borrowing ContrastPlane, width: Int, height: Int, threshold: UInt8, leastArea: Int32
  ) -> Bool {
    let pixels = contrast.pixels.span
    let peaks = contrast.peaks.span
    let blocks = ContrastPlane.blocks(width)
    runCount = 0
    count = 0
    var above = 0
    for row in 0..<height {
      let first = runCount
      let line = pixels.extracting((row * width)..<((row + 1) * width))
      let rowPeaks = peaks.extracting((row * blocks)..<((row + 1) * blocks))
      guard appendRuns(of: line, peaks: rowPeaks, row: row, threshold: threshold) else { return forget() }
      join(above: above, to: first)
      above = first
    }
    return gather(pixels, width: width, height: height, leastArea: leastArea) || forget()
  }

  /// Drops what was found of noise.
  private mutating func forget() -> Bool {
    runCount = 0
    count = 0
    return false
  }

  private mutating func appendRuns(of line: Span<UInt8>, peaks: Span<UInt8>, row: Int, threshold: UInt8) -> Bool {
    var start = -1
    for block in peaks.indices {
      let first = block * ContrastPlane.block
      guard peaks[block] >= threshold else {
        guard start >= 0 else { continue }
        guard append(start..<first, row: row) else { return false }
        start = -1
        continue
      }
      for column in first..<min(first + ContrastPlane.block, line.count) {
        if line[column] >= threshold {
          if start < 0 { start = column }
        } else if start >= 0 {
          guard append(start..<column, row: row) else { return false }
          start = -1
        }
      }
    }
    return start < 0 || append(start..<line.count, row: row)
  }

  private mutating func append(_ columns: Range<Int>, row: Int) -> Bool {
    guard runCount < runs.count else { return false }
    runs[runCount] = InkRun(
      row: Int16(row), start: Int16(columns.lowerBound), end: Int16(columns.upperBound),
      link: Int32(truncatingIfNeeded: runCount))
    runCount += 1
    return true
  }

  /// Joins the runs from `first` on with the runs above`..<`first` that touch them and lie one row higher.
  private mutating func join(above: Int, to first: Int) {
    var upper = above
    var lower = first
    while upper < first, lower < runCount {
      if runs[upper].row + 1 == runs[lower].row, runs[upper].start <= runs[lower].end,
        runs[lower].start <= runs[upper].end
      {
        unite(upper, lower)
        let shared = min(runs[upper].end, runs[lower].end) - max(runs[upper].start, runs[lower].start)
        if shared > 0 { runs[lower].covered += shared }
      }
      if runs[upper].end < runs[lower].end { upper += 1 } else { lower += 1 }
    }
  }

  private mutating func root(_ run: Int) -> Int {
    var index = run
    while Int(runs[index].link) != index {
      runs[index].link = runs[Int(runs[index].link)].link
      index = Int(runs[index].link)
    }
    return index
  }

  private mutating func unite(_ first: Int, _ second: Int) {
    let one = root(first)
    let other = root(second)
    if one < other {
      runs[other].link = Int32(truncatingIfNeeded: one)
    } else {
      runs[one].link = Int32(truncatingIfNeeded: other)
    }
  }

  /// Numbers the components with at least `leastArea` pixels, and adds up their measures.
  private mutating func gather(_ contrast: Span<UInt8>, width: Int, height: Int, leastArea: Int32) -> Bool {
    for index in 0..<runCount { tally[index] = 0 }
    for index in 0..<runCount {
      let first = root(index)
      runs[index].link = Int32(truncatingIfNeeded: first)
      tally[first] += Int32(runs[index].end - runs[index].start)
    }
    for index in 0..<runCount where Int(runs[index].link) == index {
      guard tally[index] >= leastArea else {
        tally[index] = -1
        continue
      }
      guard count < components.count else { return false }
      components[count] = InkComponent(
        box: Self.nowhere, area: tally[index], mass: 0, runCount: 0)
      tally[index] = Int32(truncatingIfNeeded: count)
      count += 1
    }
    for index in 0..<runCount {
      let component = tally[Int(runs[index].link)]
      runs[index].link = component
      if component >= 0 { add(runs[index], to: Int(component), contrast, width, height) }
    }
    return true
  }

  private mutating func add(_ run: InkRun, to component: Int, _ contrast: Span<UInt8>, _ width: Int, _ height: Int) {
    let row = Int32(run.row)
    components[component].box = components[component].box.union(
      PixelBox(left: Int32(run.start), top: row, right: Int32(run.end), bottom: row + 1))
    components[component].runCount += 1
    components[component].columnRunCount += Int32(run.end - run.start - run.covered)
    if run.start == 0 || Int(run.end) == width { components[component].edgeLength += 1 }
    if row == 0 || Int(row) + 1 == height { components[component].edgeLength += Int32(run.end - run.start) }
    var mass: Int32 = 0
    let base = Int(run.row) * width
    for place in (base + Int(run.start))..<(base + Int(run.end)) { mass += Int32(contrast[place]) }
    components[component].mass &+= mass
  }

  /// Marks the hollow components that have another one of some size within them, with ink on all four sides of it.
  mutating func markFrames(leastSide: Int32) {
    for outer in 0..<count where components[outer].isHollow(leastSide: leastSide) {
      let box = components[outer].box
      for inner in 0..<count where inner != outer {
        let within = components[inner].box
        guard within.intersection(box) == within, within.longSide * 3 >= min(box.width, box.height) else { continue }
        if surrounds(outer, components[inner]) {
          components[outer].isFrame = true
          break
        }
      }
    }
  }

  /// Whether a component, all but convex, has ink above, below, left and right of the middle of another, and none there
  /// within its box; one side may be lost of lines that are finer than the strokes within.
  private func surrounds(_ outer: Int, _ inner: InkComponent) -> Bool {
    let box = inner.box
    // Between the first and the last of its ink in each row lie 79 hundredths of an ellipse's box, less of a digit's.
    var (covered, row, last): (Int32, Int16, Int16) = (0, -1, 0)
    let (x, y) = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    var sides: InlineArray<4, Int32> = [0, 0, 0, 0]
    for index in 0..<runCount where Int(runs[index].link) == outer {
      let run = runs[index]
      covered += Int32(run.row == row ? run.end - last : run.end - run.start)
      (row, last) = (run.row, run.end)
      if run.row == y {
        if run.end <= box.left { sides[0] = 1 }
        if run.start >= box.right { sides[1] = 1 }
      }
      guard run.start <= x, run.end > x else { continue }
      if run.row < box.top { sides[2] = 1 }
      if run.row >= box.bottom { sides[3] = 1 }
    }
    let whole = components[outer].box
    let count = sides[0] + sides[1] + sides[2] + sides[3]
    if count == 4, covered * 4 >= whole.width * whole.height * 3 { return true }
    return count >= 3 && inner.thickness * 2 >= components[outer].thickness * 3
  }

  /// A group's components as one; without area, in an empty box, for none.
  func sum(of group: Int32) -> InkComponent {
    var sum = InkComponent(box: Self.nowhere, area: 0, mass: 0, runCount: 0)
    for index in 0..<count where components[index].group == group {
      let part = components[index]
      sum.box = sum.box.union(part.box)
      sum.area += part.area
      sum.mass &+= part.mass
      sum.runCount += part.runCount
      sum.columnRunCount += part.columnRunCount
    }
    if sum.area == 0 { sum.box = PixelBox(left: 0, top: 0, right: 0, bottom: 0) }
    return sum
  }

  /// What any box makes its own when joined to it.
  private static var nowhere: PixelBox { PixelBox(left: .max, top: .max, right: .min, bottom: .min) }

  /// Says which digit a component is part of; -1 for none.
  mutating func assign(_ component: Int, to group: Int32) {
    components[component].group = group
  }
}
