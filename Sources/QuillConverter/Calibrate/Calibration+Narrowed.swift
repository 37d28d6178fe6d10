import QuillFloat

extension Calibration {
  /// Images whose values are counted, at most.
  private static let countedImageCount = 256

  /// Ranges that cut rare values off where finer steps are worth more to all others: of each tensor the range with the
  /// least mean square error.
  ///
  /// Inputs keep theirs, which follows from what they mean, and so do answers and the scores that a softmax reads, of which
  /// the greatest counts. Source: Nagel et al. 2021 (arXiv 2106.08295), section 3.1.
  func narrowed(
    _ graph: Graph, count: Int, threadCount: Int, inputs: @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) -> Calibration {
    let kept = Self.scores(of: graph).union((graph.inputs + graph.outputs).map(\.index))
    let none = graph.tensors.indices.map { tensor in
      kept.contains(tensor) || graph.tensors[tensor].constant != nil ? nil : ValueCounts(ranges[tensor])
    }
    let counts = try graph.program().foldSamples(
      count: min(count, Self.countedImageCount), threadCount: threadCount, initial: none
    ) { counts, engine, image in
      engine.run(inputs(image)) { tensor, values in counts[tensor.index]?.add(values) }
    } combine: { total, chunk in
      for tensor in total.indices {
        if let more = chunk[tensor] { total[tensor]?.add(more) }
      }
    }
    var narrowed = self
    for (tensor, counts) in counts.enumerated() {
      if let counts { narrowed.ranges[tensor] = counts.rangeOfLeastError }
    }
    return narrowed
  }
}

/// How often a tensor took which values: counts in equal intervals of its range.
private struct ValueCounts: Sendable {
  private static let intervalCount = 1024
  /// Ends of a range are tried in steps of a 64th of what was seen, down to a quarter of it.
  private static let shares = (16...64).reversed().map { Float($0) / 64 }

  private let range: Calibration.Range
  private var counts = [Int](repeating: 0, count: intervalCount)

  /// `nil` for a range without extent.
  init?(_ range: Calibration.Range) {
    guard range.low < range.high else { return nil }
    self.range = range
  }

  /// Zeros are left out: zero is one of the steps of any scale.
  mutating func add(_ values: Span<Float>) {
    let perUnit = Float(Self.intervalCount) / (range.high - range.low)
    for index in 0..<values.count where values[index] != 0 {
      let interval = Int((range.clamping(values[index]) - range.low) * perUnit)
      counts[min(interval, Self.intervalCount - 1)] += 1
    }
  }

  mutating func add(_ other: ValueCounts) {
    for interval in counts.indices { counts[interval] += other.counts[interval] }
  }

  /// What is cut off at one end: how many values, and the sum of their squared errors.
  private struct Cut {
    var end: Float
    var count = 0
    var error = 0.0

    /// - Parameter isBeyond: whether a value lies outside.
    init(_ end: Float, _ values: [(value: Double, count: Int)], _ isBeyond: (Double, Double) -> Bool) {
      self.end = end
      for (value, count) in values where isBeyond(value, Double(end)) {
        self.count += count
        error += Double(count) * (value - Double(end)) * (value - Double(end))
      }
    }
  }

  /// The range with the least sum of squared errors: of rounding to 255 steps within it, and of what lies beyond its ends.
  var rangeOfLeastError: Calibration.Range {
    let width = Double(range.high - range.low) / Double(Self.intervalCount)
    let values = counts.enumerated().map { (Double(range.low) + (Double($0) + 0.5) * width, $1) }
    let lows = Self.shares.map { Cut(min(range.low, 0) * $0, values, <) }
    let highs = Self.shares.map { Cut(max(range.high, 0) * $0, values, >) }
    let total = counts.reduce(0, +)
    var best = (error: Double.infinity, range: range)
    for low in lows {
      for high in highs {
        let step = Double(high.end - low.end) / 255
        let rounded = Double(total - low.count - high.count) * step * step / 12
        let error = rounded + low.error + high.error
        if error < best.error { best = (error, Calibration.Range(low: low.end, high: high.end)) }
      }
    }
    return best.range
  }
}
