/// Counts of the 256 grey levels, on the stack.
struct Histogram {
  private var counts = InlineArray<256, Int32>(repeating: 0)
  private(set) var total: Int32 = 0

  /// Counts one value.
  mutating func add(_ value: UInt8) {
    counts[Int(value)] += 1
    total += 1
  }

  /// Counts the pixels of a box that lies inside a plane of `width` pixels a row.
  mutating func add(_ plane: Span<UInt8>, width: Int, box: PixelBox) {
    for row in Int(box.top)..<Int(box.bottom) {
      for place in (row * width + Int(box.left))..<(row * width + Int(box.right)) { add(plane[place]) }
    }
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
  subscript(value: Int) -> Int32 { counts[value] }

  /// The smallest level at which `permille` thousandths of what was counted are no larger; 0 when nothing was counted.
  func level(permille: Int64) -> UInt8 {
    let needed = (Int64(total) * permille + 999) / 1_000
    var sum: Int64 = 0
    for value in 0..<256 {
      sum += Int64(counts[value])
      if sum >= max(needed, 1) { return UInt8(value) }
    }
    return 0
  }

  /// The level that best parts what was counted from `lowest` upwards into two classes: pixels of at least the result
  /// belong to the upper one. Otsu, "A threshold selection method from gray-level histograms" (1979): the between-class
  /// variance is largest. Nil when fewer than two levels occur.
  func partingLevel(from lowest: Int) -> UInt8? {
    var count: Int64 = 0
    var sum: Int64 = 0
    for value in lowest..<256 {
      count += Int64(counts[value])
      sum += Int64(counts[value]) * Int64(value)
    }
    var best: Int64 = -1
    var answer: UInt8?
    var lowCount: Int64 = 0
    var lowSum: Int64 = 0
    for value in lowest..<255 {
      lowCount += Int64(counts[value])
      lowSum += Int64(counts[value]) * Int64(value)
      let highCount = count - lowCount
      guard lowCount > 0, highCount > 0 else { continue }
      // Means with 2 fractional bits: with at most 2^20 pixels the product stays below 2^38 x 2^20.
      let difference = (sum - lowSum) * 4 / highCount - lowSum * 4 / lowCount
      let variance = lowCount * highCount * difference * difference
      if variance > best {
        best = variance
        answer = UInt8(value + 1)
      }
    }
    return answer
  }
}
