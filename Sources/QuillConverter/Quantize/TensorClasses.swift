import QuillFloat

/// Which tensors share a scale and zero point.
struct TensorClasses {
  private var parent: [Int]
  private var ranges: [Calibration.Range]
  private var fixed: [QuantizationParameters?]

  /// The finest scale that the operators which compute or read a class can serve, by its root.
  private var minimumScales: [Int: Float] = [:]

  /// The tensors, by their roots, whose range was learnt and is not widened by what was only seen.
  private var learnt: Set<Int>

  /// - Parameter composed: nodes that become part of a table, which binds no scales.
  init(
    _ graph: Graph, _ calibration: Calibration, learnt: Set<Int>, _ inputRanges: [Calibration.Range],
    composed: Set<Int>
  ) {
    self.learnt = learnt
    parent = Array(graph.tensors.indices)
    ranges = calibration.ranges
    fixed = [QuantizationParameters?](repeating: nil, count: graph.tensors.count)
    for (input, range) in zip(graph.inputs, inputRanges) { fixed[input.index] = QuantizationParameters(range) }
    for node in graph.nodes {
      fixed[node.output.index] = Self.fixedParameters(node.operation)
    }
    for (index, node) in graph.nodes.enumerated() where Self.keepsScale(node.operation) && !composed.contains(index) {
      let inputs = NodeQuantizer.tensorInputs(of: node)
      for input in inputs where inputs.count == 1 || fixed[root(input.index)] == nil {
        union(input.index, node.output.index)
      }
    }
    for node in graph.nodes { coarsen(around: node) }
  }

  /// Sets the finest scale of what an operator computes or reads: a mean of rounding errors, or scores that are all alike,
  /// would ask for multipliers that leave its integers (`arithmetic.md`: Mean and Mul shift left, Add divides, Softmax
  /// multiplies by 2^26).
  private mutating func coarsen(around node: Graph.Node) {
    let scales = NodeQuantizer.tensorInputs(of: node).map { parameters(of: $0).scale }
    guard let first = scales.first, let largest = scales.max() else { return }
    switch node.operation {
    case .mean, .sum: raise(node.output, to: first * 0x1p-10)
    case .binary(.multiply, _): raise(node.output, to: scales.reduce(1, *) * 0x1p-12)
    case .binary(.add, _), .binary(.subtract, _): raise(node.output, to: largest * 0x1p-16)
    case .unary(.activation), .unary(.leakyRelu): raise(node.output, to: first * 0x1p-16)
    case .softmax: raise(node.inputs[0], to: 0x1p-20)
    case .normalize: raise(node.output, to: 0x1p-15)
    default: break
    }
  }

  private mutating func raise(_ id: Graph.TensorID, to scale: Float) {
    let root = root(id.index)
    minimumScales[root] = max(minimumScales[root] ?? 0, scale)
  }

  /// The scale and zero point of a tensor's class.
  func parameters(of id: Graph.TensorID) -> QuantizationParameters {
    let root = root(id.index)
    return fixed[root] ?? QuantizationParameters(ranges[root], minimumScale: minimumScales[root] ?? 0)
  }

  /// Operations whose output has the scale and zero point of what they read.
  static func keepsScale(_ operation: Operation) -> Bool {
    switch operation {
    case .maxPool2D, .averagePool2D, .pad, .reshape, .transpose, .concatenate, .slice, .resizeNearest,
      .binary(.maximum, _), .binary(.minimum, _), .unary(.activation(.relu6)):
      true
    case .conv2D, .depthwiseConv2D, .fullyConnected, .matrixMultiply, .mean, .sum, .batchNormalization, .binary, .unary,
      .softmax, .logSoftmax, .normalize:
      false
    }
  }

  /// The scale that an operation's output always has.
  private static func fixedParameters(_ operation: Operation) -> QuantizationParameters? {
    switch operation {
    case .softmax, .unary(.sigmoid): QuantizationParameters(scale: 1.0 / 256, zeroPoint: -128)
    case .unary(.tanh): QuantizationParameters(scale: 1.0 / 128, zeroPoint: 0)
    default: nil
    }
  }

  private func root(_ index: Int) -> Int {
    var index = index
    while parent[index] != index { index = parent[index] }
    return index
  }

  private mutating func union(_ a: Int, _ b: Int) {
    let from = root(b)
    let to = root(a)
    if from == to { return }
    parent[from] = to
    switch (learnt.contains(to), learnt.contains(from)) {
    case (true, false): break
    case (false, true): ranges[to] = ranges[from]
    case (true, true), (false, false): ranges[to] = ranges[to].union(ranges[from])
    }
    if learnt.contains(from) { learnt.insert(to) }
    fixed[to] = fixed[to] ?? fixed[from]
  }
}
