/// Rules of products, reductions and element-by-element operations.
extension ShapeRule {
  func fullyConnected() throws(GraphError) -> [Int] {
    try expectRank(atLeast: 1, of: .input, inputs[0])
    try expectRank(2, of: .weights, inputs[1])
    try expectExtent(inputs[0][inputs[0].count - 1], of: .weights, inputs[1], axis: 1)
    try expectBias(count: inputs[1][0])
    return try expectCountable(inputs[0].dropLast() + [inputs[1][0]])
  }

  func matrixMultiply() throws(GraphError) -> [Int] {
    let (left, right) = (inputs[0], inputs[1])
    try expectRank(atLeast: 2, of: .left, left)
    try expectRank(atLeast: 2, of: .right, right)
    try expectExtent(left[left.count - 1], of: .right, right, axis: right.count - 2)
    let leading = try broadcast(Array(left.dropLast(2)), Array(right.dropLast(2)))
    return try expectCountable(leading + [left[left.count - 2], right[right.count - 1]])
  }

  func broadcast(_ left: [Int], _ right: [Int]) throws(GraphError) -> [Int] {
    let rank = max(left.count, right.count)
    let left = Array(repeating: 1, count: rank - left.count) + left
    let right = Array(repeating: 1, count: rank - right.count) + right
    var shape: [Int] = []
    for (one, other) in zip(left, right) {
      guard one == other || one == 1 || other == 1 else { throw fail(.broadcast(inputs[0], inputs[1])) }
      shape.append(max(one, other))
    }
    return try expectCountable(shape)
  }

  func reduction(axes: [Int], keepsAxes: Bool) throws(GraphError) -> [Int] {
    var kept = inputs[0].map { Optional($0) }
    for axis in axes {
      try expectAxis(axis, rank: kept.count)
      guard kept[axis] != nil else { throw fail(.repeatedAxis(axis)) }
      kept[axis] = nil
    }
    return keepsAxes ? kept.map { $0 ?? 1 } : kept.compactMap { $0 }
  }

  func batchNormalization(epsilon: Float) throws(GraphError) -> [Int] {
    try expectRank(atLeast: 1, of: .input, inputs[0])
    let channels = inputs[0][inputs[0].count - 1]
    for (operand, shape) in zip([GraphError.Operand.scale, .shift, .mean, .variance], inputs.dropFirst()) {
      try expectRank(1, of: operand, shape)
      try expectExtent(channels, of: operand, shape, axis: 0)
    }
    try expectEpsilon(epsilon)
    return inputs[0]
  }

  func expectEpsilon(_ epsilon: Float) throws(GraphError) {
    try expectFinite(epsilon, .epsilon)
    guard epsilon >= 0 else { throw fail(.negativeParameter(.epsilon, epsilon)) }
  }

  func unary(_ unaryOperator: Operation.UnaryOperator) throws(GraphError) -> [Int] {
    switch unaryOperator {
    case .leakyRelu(let alpha), .elu(let alpha):
      try expectFinite(alpha, .alpha)
    case .hardSigmoid(let alpha, let beta):
      try expectFinite(alpha, .alpha)
      try expectFinite(beta, .beta)
    case .clip(let low, let high):
      // Infinities are open ends.
      if low.isNaN { throw fail(.nonFiniteParameter(.low, .nan)) }
      if high.isNaN { throw fail(.nonFiniteParameter(.high, .nan)) }
    case .activation, .sigmoid, .hardSwish, .tanh, .exp, .log, .squareRoot, .absolute, .negate, .reciprocal,
      .errorFunction, .softplus:
      break
    }
    return inputs[0]
  }
}
