import QuillFloat

/// Matrix products: a constant right-hand side becomes a fully connected layer.
extension Importer {
  /// `alpha * A' * B' + beta * C`.
  mutating func lowerGemm() throws(ONNXError) {
    let alpha = try float("alpha") ?? 1
    let beta = try float("beta") ?? 1
    var left = try tensor(0)
    guard graph[left].shape.count == 2 else { throw shapeError(0, graph[left].shape, .rank(2...2)) }
    if try flag("transA") { left = try emit(.transpose(permutation: [1, 0]), [left]) }
    let right = try shape(1)
    guard right.count == 2 else { throw shapeError(1, right, .rank(2...2)) }
    guard case .constant = try operand(1) else {
      try bind(computedGemm(left, alpha: alpha, beta: beta))
      return
    }
    let weights = try floatConstant(1)
    try reserve(weights.shape)
    let laid = try flag("transB") ? weights : weights.transposed([1, 0])
    var operands = [left, try weightsTensor(laid, scaledBy: alpha)]
    if let bias = try vectorBias(count: laid.shape[0], beta: beta) {
      operands.append(bias)
      try bind(emit(.fullyConnected(.none), operands))
    } else {
      let product = try emit(.fullyConnected(.none), operands)
      try bind(addingScaled(product, beta: beta))
    }
  }

  private mutating func computedGemm(
    _ left: Graph.TensorID, alpha: Float, beta: Float
  ) throws(ONNXError) -> Graph.TensorID {
    var right = try tensor(1)
    if try flag("transB") { right = try emit(.transpose(permutation: [1, 0]), [right]) }
    var product = try emit(.matrixMultiply, [left, right])
    if alpha != 1 { product = try scaled(product, by: alpha) }
    return try addingScaled(product, beta: beta)
  }

  /// `C` as a bias of the layer, where it is one number an output.
  private mutating func vectorBias(count: Int, beta: Float) throws(ONNXError) -> Graph.TensorID? {
    guard hasOperand(2), case .constant = try operand(2) else { return nil }
    let bias = try floatConstant(2)
    guard bias.shape.count <= 2, bias.shape.dropLast().allSatisfy({ $0 == 1 }), bias.count == 1 || bias.count == count
    else { return nil }
    if bias.shape == [count], beta == 1 { return try tensor(2) }
    try reserve([count])
    let values = bias.floats.map { beta == 1 ? $0 : beta * $0 }
    let filled = values.count == count ? values : [Float](repeating: values[0], count: count)
    return try constantTensor("bias", shape: [count], filled)
  }

  private mutating func addingScaled(_ product: Graph.TensorID, beta: Float) throws(ONNXError) -> Graph.TensorID {
    guard hasOperand(2) else { return product }
    let shape = graph[product].shape
    let addend = try tensor(2)
    guard [Int].broadcasting(shape, graph[addend].shape) == shape else {
      throw shapeError(2, graph[addend].shape, .broadcastable(shape))
    }
    return try emit(.binary(.add, .none), [product, beta == 1 ? addend : try scaled(addend, by: beta)])
  }

  /// A tensor times a number.
  mutating func scaled(_ id: Graph.TensorID, by factor: Float) throws(ONNXError) -> Graph.TensorID {
    let factor = try constantTensor("factor", shape: [], [factor])
    return try emit(.binary(.multiply, .none), [id, factor])
  }

  /// numpy's `matmul`; operands of one axis are rows or columns.
  mutating func lowerMatrixMultiply() throws(ONNXError) {
    let (leftShape, rightShape) = (try shape(0), try shape(1))
    guard !leftShape.isEmpty else { throw shapeError(0, leftShape, .rank(1...64)) }
    guard !rightShape.isEmpty else { throw shapeError(1, rightShape, .rank(1...64)) }
    if rightShape.count == 2, case .constant = try operand(1), case .computed = try operand(0) {
      try reserve(rightShape)
      let weights = try floatConstant(1).transposed([1, 0])
      let left = try tensor(0)
      try bind(emit(.fullyConnected(.none), [left, weightsTensor(weights)]))
      return
    }
    var (left, right) = (try tensor(0), try tensor(1))
    if leftShape.count == 1 { left = try emit(.reshape, [left], shape: [1] + leftShape) }
    if rightShape.count == 1 { right = try emit(.reshape, [right], shape: rightShape + [1]) }
    var product = try emit(.matrixMultiply, [left, right])
    var shape = graph[product].shape
    if rightShape.count == 1 { shape.removeLast() }
    if leftShape.count == 1 { shape.remove(at: shape.count - (rightShape.count == 1 ? 1 : 2)) }
    if shape != graph[product].shape { product = try emit(.reshape, [product], shape: shape) }
    try bind(product)
  }
}
