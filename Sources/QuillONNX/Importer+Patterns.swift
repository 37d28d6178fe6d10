import QuillFloat

/// Operators that exporters take apart, put together again.
extension Importer {
  /// Remembers a comparison of tensors for the `Where` that selects by it.
  mutating func lowerComparison(_ known: ONNXOperator) throws(ONNXError) {
    _ = (try tensor(0), try tensor(1))
    let names = node.inputs
    let isLess = known == .less || known == .lessOrEqual
    try bind(0, to: .comparison(Comparison(left: names[isLess ? 0 : 1], right: names[isLess ? 1 : 0])))
  }

  /// `Where(a < b, ...)` is a minimum, a maximum or a leaky ReLU; a selection by a constant is a constant.
  mutating func lowerWhere() throws(ONNXError) {
    guard case .comparison(let comparison) = try operand(0) else {
      throw fail(.integerOperand(0, tensor: node.inputs[0]))
    }
    let (chosen, other) = (node.inputs[1], node.inputs[2])
    if [chosen, other] == [comparison.left, comparison.right] {
      try bind(binary(.minimum, tensor(1), tensor(2)))
    } else if [other, chosen] == [comparison.left, comparison.right] {
      try bind(binary(.maximum, tensor(1), tensor(2)))
    } else if let alpha = try leakySlope(comparison, chosen: chosen, other: other) {
      try bind(emit(.unary(.leakyRelu(alpha: alpha)), [tensor(2)]))
    } else if let input = try softplusInput(comparison, chosen: chosen, other: other) {
      try bind(emit(.unary(.softplus), [input]))
    } else {
      throw fail(.integerOperand(0, tensor: node.inputs[0]))
    }
  }

  /// `x` in `Where(x > t, x, softplus(x))`, or `log(exp(x) + 1)` there, with a `t` so large that both sides of it agree in Float32.
  private mutating func softplusInput(
    _ comparison: Comparison, chosen: String, other: String
  ) throws(ONNXError) -> Graph.TensorID? {
    guard comparison.right == chosen, case .constant(let bound) = try value(named: comparison.left),
      bound.count == 1, bound.floats[0] >= 16, case .computed(let input, _) = try value(named: chosen),
      case .computed(let curve, _) = try value(named: other), let log = producer(of: curve)
    else { return nil }
    if log.operation == .unary(.softplus), log.inputs == [input] { return input }
    guard log.operation == .unary(.log), let sum = producer(of: log.inputs[0]), sum.operation == .binary(.add, .none)
    else { return nil }
    for (one, exponential) in [(0, 1), (1, 0)] {
      guard graph[sum.inputs[one]].constant?.allSatisfy({ $0 == 1 }) == true,
        let exp = producer(of: sum.inputs[exponential]), exp.operation == .unary(.exp), exp.inputs == [input]
      else { continue }
      return input
    }
    return nil
  }

  /// The slope in `Where(x < 0, alpha * x, x)`.
  private mutating func leakySlope(
    _ comparison: Comparison, chosen: String, other: String
  ) throws(ONNXError) -> Float? {
    guard comparison.left == other, case .constant(let zero) = try value(named: comparison.right),
      zero.floats == [0], case .computed(let input, _) = try value(named: other),
      case .computed(let scaled, _) = try value(named: chosen), let producer = producers[scaled]
    else { return nil }
    let product = graph.nodes[producer]
    guard case .binary(.multiply, .none) = product.operation else { return nil }
    for (one, factor) in [(0, 1), (1, 0)] where product.inputs[one] == input {
      if let values = graph[product.inputs[factor]].constant, values.count == 1 { return values[0] }
    }
    return nil
  }

  /// `e / sum(e)` with `e = exp(x - max(x))` along one axis is a softmax.
  mutating func lowerSoftmaxPattern() throws(ONNXError) -> Bool {
    guard case .computed(let exponential, _) = try operand(0), case .computed(let total, _) = try operand(1),
      let sum = producer(of: total), case .sum(let axes, true) = sum.operation, axes.count == 1,
      sum.inputs == [exponential], let exp = producer(of: exponential), exp.operation == .unary(.exp),
      let difference = producer(of: exp.inputs[0]), difference.operation == .binary(.subtract, .none),
      isMaximum(difference.inputs[1], of: difference.inputs[0], axis: axes[0])
    else { return false }
    try bind(emit(.softmax(axis: axes[0]), [difference.inputs[0]]))
    return true
  }

  private func producer(of id: Graph.TensorID) -> Graph.Node? { producers[id].map { graph.nodes[$0] } }

  /// Whether a tensor is what `maximum(of:axes:keepsAxes:)` makes of another along one axis.
  private func isMaximum(_ id: Graph.TensorID, of input: Graph.TensorID, axis: Int) -> Bool {
    var expected = graph[input].shape
    expected[axis] = 1
    guard graph[id].shape == expected, let reshape = producer(of: id), reshape.operation == .reshape,
      let pool = producer(of: reshape.inputs[0]), case .maxPool2D(let pooling) = pool.operation,
      pooling.windowHeight == graph[input].shape[axis], pooling.windowWidth == 1, pooling.padding == .none,
      let rows = producer(of: pool.inputs[0]), rows.operation == .reshape,
      graph[rows.output].shape == [1, pooling.windowHeight, 1, expected.product]
    else { return false }
    let order = Self.columnOrder(of: graph[input].shape, axes: [axis])
    if order == Array(order.indices) { return rows.inputs[0] == input }
    guard let turned = producer(of: rows.inputs[0]), case .transpose(let permutation) = turned.operation else {
      return false
    }
    return turned.inputs[0] == input && permutation == order
  }
}
