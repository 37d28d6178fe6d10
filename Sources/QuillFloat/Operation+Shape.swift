extension Operation {
  /// The shape of the result for operands of the given shapes.
  ///
  /// `reshape`, `slice` and `resizeNearest` take it from `declared`, the shape of the node's output tensor, and check
  /// it; every other operation ignores `declared`. Attributes and operands are checked completely: where a shape is
  /// answered, the operation can run.
  public func outputShape(of inputs: [[Int]], declared: [Int]? = nil) throws(GraphError) -> [Int] {
    let rule = ShapeRule(name: name, inputs: inputs)
    try rule.expectOperands(operandCounts)
    switch self {
    case .conv2D(let convolution): return try rule.convolution(convolution)
    case .depthwiseConv2D(let convolution): return try rule.depthwiseConvolution(convolution)
    case .fullyConnected: return try rule.fullyConnected()
    case .matrixMultiply: return try rule.matrixMultiply()
    case .maxPool2D(let pooling), .averagePool2D(let pooling, countsPadding: _): return try rule.pool(pooling)
    case .mean(let axes, let keepsAxes), .sum(let axes, let keepsAxes):
      return try rule.reduction(axes: axes, keepsAxes: keepsAxes)
    case .batchNormalization(let epsilon): return try rule.batchNormalization(epsilon: epsilon)
    case .normalize(let axes, centers: _, let epsilon):
      _ = try rule.reduction(axes: axes, keepsAxes: true)
      try rule.expectEpsilon(epsilon)
      return inputs[0]
    case .binary: return try rule.broadcast(inputs[0], inputs[1])
    case .unary(let unaryOperator): return try rule.unary(unaryOperator)
    case .softmax(let axis), .logSoftmax(let axis):
      try rule.expectAxis(axis, rank: inputs[0].count)
      return inputs[0]
    case .pad(let before, let after, let value): return try rule.pad(before: before, after: after, value: value)
    case .reshape: return try rule.reshape(to: declared)
    case .transpose(let permutation): return try rule.transpose(permutation)
    case .concatenate(let axis): return try rule.concatenate(axis: axis)
    case .slice(let starts, let steps): return try rule.slice(starts: starts, steps: steps, to: declared)
    case .resizeNearest: return try rule.resize(to: declared)
    }
  }

  /// How many operands the operation takes.
  package var operandCounts: ClosedRange<Int> {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected: 2...3
    case .matrixMultiply, .binary: 2...2
    case .batchNormalization: 5...5
    case .concatenate: 1...Int.max
    case .maxPool2D, .averagePool2D, .mean, .sum, .unary, .softmax, .logSoftmax, .pad, .reshape, .transpose, .slice,
      .resizeNearest, .normalize:
      1...1
    }
  }
}
