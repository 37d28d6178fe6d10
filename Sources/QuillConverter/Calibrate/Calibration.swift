import QuillFloat

/// The least and the greatest value that each tensor of a float network took on calibration images, as far as its readers
/// tell values apart.
package struct Calibration: Sendable {
  /// A tensor's range.
  package struct Range: Sendable, Equatable {
    package var low: Float
    package var high: Float

    package init(low: Float, high: Float) {
      self.low = low
      self.high = high
    }

    /// The smallest range that holds both.
    package func union(_ other: Range) -> Range { Range(low: min(low, other.low), high: max(high, other.high)) }
  }

  /// A range a tensor of the graph; constants have that of their values.
  package internal(set) var ranges: [Range]

  /// Runs a network on calibration images.
  ///
  /// - Parameters:
  ///   - graph: the network, as it will be quantised.
  ///   - count: the number of images.
  ///   - threadCount: the ranges do not depend on it.
  ///   - inputs: the network's inputs for an image.
  package init(
    _ graph: Graph, count: Int, threadCount: Int = 2, inputs: @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) {
    guard count > 0 else { throw .noCalibrationImages }
    let empty = Observation(
      ranges: [Range?](repeating: nil, count: graph.tensors.count), scores: Self.scores(of: graph))
    let seen = try graph.program().foldSamples(count: count, threadCount: threadCount, initial: empty) {
      seen, engine, image in
      engine.run(inputs(image)) { tensor, values in seen.add(values, tensor.index, image) }
    } combine: { total, chunk in
      total.add(chunk)
    }
    if let fault = seen.fault {
      throw .notFinite(tensor: graph.tensors[fault.tensor].name, image: fault.image)
    }
    ranges = zip(graph.tensors.indices, graph.reaches()).map { index, reach in
      if let constant = graph.tensors[index].constant {
        return Range(low: constant.min() ?? 0, high: constant.max() ?? 0)
      }
      return (seen.range(of: index) ?? Range(low: 0, high: 0)).limited(to: reach)
    }
  }

  /// The tensors that only a softmax reads.
  package static func scores(of graph: Graph) -> Set<Int> {
    var scores: Set<Int> = []
    var others = Set(graph.outputs.map(\.index))
    for node in graph.nodes {
      if case .softmax = node.operation {
        scores.formUnion(node.inputs.map(\.index))
      } else {
        others.formUnion(node.inputs.map(\.index))
      }
    }
    return scores.subtracting(others)
  }

  /// Takes the ranges that training has learnt, in place of those that were seen, for the tensors that they name.
  /// - Returns: the positions of those tensors.
  package mutating func adopt(_ learnt: [String: LearntRanges.Range], _ graph: Graph) -> Set<Int> {
    var adopted: Set<Int> = []
    for node in graph.nodes {
      let name = graph[node.output].name
      guard let range = learnt[name] ?? learnt[Self.nameInTraining(of: name, node.operation)] else { continue }
      ranges[node.output.index] = Range(low: range.low, high: range.high)
      adopted.insert(node.output.index)
    }
    return adopted
  }

  /// A tensor's name before it was written in ONNX's order of axes (`/NCHW`), and read and laid out again (`/` and the
  /// operation).
  private static func nameInTraining(of name: String, _ operation: Operation) -> String {
    var name = name[...]
    for suffix in ["/" + operation.name, "/NCHW"] where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
    return String(name)
  }

  /// How many tensors have another range.
  func differenceCount(from other: Calibration) -> Int { zip(ranges, other.ranges).count { $0 != $1 } }

  /// The range of a tensor.
  package subscript(id: Graph.TensorID) -> Range {
    get { ranges[id.index] }
    set { ranges[id.index] = newValue }
  }
}

/// What some images showed.
private struct Observation: Sendable {
  struct Fault: Sendable {
    var tensor: Int
    var image: Int
  }

  /// A score this far below its image's greatest has a probability of 2^-23 at the most: nothing that eight bits show, with
  /// room for images that are less sure than these.
  static let scoreReach: Float = 16

  var ranges: [Calibration.Range?]
  /// The tensors that only a softmax reads.
  let scores: Set<Int>
  /// For each of them, the least of its images' greatest values.
  var leastGreatest: [Int: Float] = [:]
  var fault: Fault?

  init(ranges: [Calibration.Range?], scores: Set<Int>) {
    self.ranges = ranges
    self.scores = scores
  }

  /// A tensor's range; scores that no softmax can tell from each other do not widen it.
  func range(of tensor: Int) -> Calibration.Range? {
    guard var range = ranges[tensor] else { return nil }
    if let least = leastGreatest[tensor] { range.low = max(range.low, min(least - Self.scoreReach, range.high)) }
    return range
  }

  mutating func add(_ values: Span<Float>, _ tensor: Int, _ image: Int) {
    guard values.count > 0 else { return }
    var low = values[0]
    var high = values[0]
    // A sum that is not finite shows a value that is not finite: cheaper than a test of each value.
    var sum: Float = 0
    for index in 0..<values.count {
      let value = values[index]
      low = value < low ? value : low
      high = value > high ? value : high
      sum += value - value
    }
    if sum != 0 || !low.isFinite || !high.isFinite {
      if fault == nil { fault = Fault(tensor: tensor, image: image) }
      return
    }
    let range = Calibration.Range(low: low, high: high)
    ranges[tensor] = ranges[tensor]?.union(range) ?? range
    if scores.contains(tensor) { leastGreatest[tensor] = min(leastGreatest[tensor] ?? high, high) }
  }

  mutating func add(_ other: Observation) {
    fault = fault ?? other.fault
    leastGreatest.merge(other.leastGreatest) { min($0, $1) }
    for (index, range) in other.ranges.enumerated() {
      if let range { ranges[index] = ranges[index]?.union(range) ?? range }
    }
  }
}
