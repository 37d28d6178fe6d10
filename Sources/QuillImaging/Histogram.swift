/// Counts of the 256 grey levels, on the stack.
struct Histogram {
  /// Fewer pixels of one level than this are noise and not flat ink.
  private static let leastFlatInk: Int64 = 8

  private var counts = InlineArray<256, Int32>(repeating: 0)
  private(set) var total: Int32 = 0

  /// Counts one value.
  mutating func add(_ value: UInt8) {
    counts[Int(value)] += 1
    total += 1
  }

  /// Takes back one value that was counted.
  mutating func remove(_ value: UInt8) {
    counts[Int(value)] -= 1
    total -= 1
  }

  /// Counts the pixels of a box that lies inside a plane of `width` pixels a row.
  mutating func add(_ plane: Span<UInt8>, width: Int, box: PixelBox) {
    var cells = counts.mutableSpan
    for row in Int(box.top)..<Int(box.bottom) {
      let line = plane.extracting((row * width + Int(box.left))..<(row * width + Int(box.right)))
      for place in line.indices { cells[Int(line[place])] &+= 1 }
    }
    total += box.width * box.height
  }

  /// Counts the outermost pixels of a whole plane.
  mutating func addBorder(of plane: Span<UInt8>, width: Int, height: Int) {
    for column in 0..<width {
      add(plane[column])
      add(plane[(height - 1) * width + column])
    }
    for row in 0..<height {
      add(plane[row * width])
      add(plane[row * width + width - 1])
    }
  }

  /// Occurrences of a value.
  subscript(value: Int) -> Int32 { counts.span[value] }

  /// The smallest level at which `permille` thousandths of what was counted are no larger; 0 when nothing was counted.
  func level(permille: Int64) -> UInt8 {
    let cells = counts.span
    let needed = max(1, share(permille))
    var sum: Int32 = 0
    for value in 0..<256 {
      sum &+= cells[value]
      if sum >= needed { return UInt8(truncatingIfNeeded: value) }
    }
    return 0
  }

  /// The levels of 250, 500 and 750 thousandths, in one pass from `lowest`, below which nothing was counted.
  func quartiles(from lowest: UInt8) -> (lower: UInt8, median: UInt8, upper: UInt8) {
    let cells = counts.span
    var value = Int(lowest)
    var sum = cells[value]
    let lower = climb(cells, &value, &sum, to: share(250))
    let median = climb(cells, &value, &sum, to: share(500))
    return (lower, median, climb(cells, &value, &sum, to: share(750)))
  }

  private func climb(_ cells: Span<Int32>, _ value: inout Int, _ sum: inout Int32, to needed: Int32) -> UInt8 {
    while sum < needed, value < 255 {
      value += 1
      sum &+= cells[value]
    }
    return UInt8(truncatingIfNeeded: value)
  }

  /// `permille` thousandths of what was counted, rounded up.
  private func share(_ permille: Int64) -> Int32 {
    Int32(truncatingIfNeeded: (Int64(total) * permille + 999) / 1_000)
  }

  /// The sum of squares of what was counted from `lowest` upwards: how much stands out, and how far.
  func weight(from lowest: Int) -> Int64 {
    let cells = counts.span
    var sum: Int64 = 0
    for value in lowest..<256 { sum += Int64(cells[value]) * Int64(value * value) }
    return sum
  }

  /// The level that best parts what was counted from `lowest` upwards into two classes: pixels of at least the result
  /// belong to the upper one; what is `highest` or more takes no part. Otsu, "A threshold selection method from
  /// gray-level histograms" (1979): the between-class variance is largest. A single level is its own answer; nil where
  /// nothing occurs.
  func partingLevel(from lowest: Int, below highest: Int = 256) -> UInt8? {
    guard lowest < highest else { return nil }
    let cells = counts.span
    var count: Int64 = 0
    var sum: Int64 = 0
    for value in lowest..<highest {
      count += Int64(cells[value])
      sum += Int64(cells[value]) * Int64(value)
    }
    var best: Int64 = -1
    var answer = 0
    var lowCount: Int64 = 0
    var lowSum: Int64 = 0
    for value in lowest..<(highest - 1) {
      let own = Int64(cells[value])
      guard own > 0 else { continue }
      lowCount += own
      lowSum += own * Int64(value)
      let highCount = count - lowCount
      guard highCount > 0 else { continue }
      // Means with 2 fractional bits: with at most 2^20 pixels the product stays below 2^38 x 2^20.
      let difference = (sum - lowSum) * 4 / highCount - lowSum * 4 / lowCount
      let variance = lowCount * highCount * difference * difference
      if variance > best {
        best = variance
        answer = value + 1
      }
    }
    // Ink of a single shade, as a program draws it, has nothing to part: it is all ink. A few pixels are noise.
    if answer == 0, count >= Self.leastFlatInk { answer = Int(sum / count) }
    return answer == 0 ? nil : UInt8(truncatingIfNeeded: answer)
  }
}
