import QuillFloat

/// Normalisation by a sample's own mean and spread.
extension Importer {
  /// `LayerNormalization`: over the axes from `axis` on.
  mutating func lowerLayerNormalization() throws(ONNXError) {
    for (position, name) in node.outputs.enumerated().dropFirst() where !name.isEmpty {
      throw fail(.unsupportedOutput(position))
    }
    var result = try scaledFromAxis(centers: true)
    if hasOperand(2) { result = try emit(.binary(.add, .none), [result, tensor(2)]) }
    try bind(result)
  }

  /// `RMSNormalization`: over the axes from `axis` on, the mean left in place.
  mutating func lowerRootMeanSquareNormalization() throws(ONNXError) {
    try bind(scaledFromAxis(centers: false))
  }

  /// The first operand, normalised over the axes from `axis` on, times the second.
  private mutating func scaledFromAxis(centers: Bool) throws(ONNXError) -> Graph.TensorID {
    let input = try tensor(0)
    let rank = graph[input].shape.count
    let first = try axis(try int("axis") ?? -1, rank: rank, named: "axis")
    let normal = try normalized(input, axes: Array(first..<rank), centers: centers)
    return try emit(.binary(.multiply, .none), [normal, tensor(1)])
  }

  /// `InstanceNormalization`: over all axes but the batch and the channels.
  mutating func lowerInstanceNormalization() throws(ONNXError) {
    let input = try tensor(0)
    let shape = graph[input].shape
    guard shape.count >= 3 else { throw shapeError(0, shape, .rank(3...64)) }
    let normal = try normalized(input, axes: Array(2..<shape.count))
    try bind(scaledAndShifted(normal))
  }

  /// `GroupNormalization`: over all places of some channels together. Scale and shift were one a group before operator set 21.
  mutating func lowerGroupNormalization() throws(ONNXError) {
    let input = try tensor(0)
    let shape = graph[input].shape
    guard shape.count >= 3 else { throw shapeError(0, shape, .rank(3...64)) }
    let groups = Int(clamping: try int("num_groups") ?? 0)
    guard groups > 0, shape[1] % groups == 0, shape[0] == 1 else {
      throw fail(
        .unsupportedAttribute("num_groups", found: "\(groups)", supported: "a divisor of the \(shape[1]) channels"))
    }
    let rows = try emit(.reshape, [input], shape: [1, groups, shape.product / groups])
    let normal = try emit(.reshape, [normalized(rows, axes: [2])], shape: shape)
    try bind(scaledAndShifted(normal, repeats: opset < 21 ? shape[1] / groups : 1))
  }

  /// `scale * x + shift`, one of each a channel, the second axis; given once for `repeats` channels.
  private mutating func scaledAndShifted(
    _ normal: Graph.TensorID, repeats: Int = 1
  ) throws(ONNXError) -> Graph.TensorID {
    let shape = graph[normal].shape
    var result = normal
    for (position, operation) in [(1, Operation.BinaryOperator.multiply), (2, .add)] {
      let values = try floatConstant(position)
      guard values.count * repeats == shape[1] else {
        throw shapeError(position, values.shape, .shape([shape[1] / repeats]))
      }
      let floats = values.floats.flatMap { [Float](repeating: $0, count: repeats) }
      let aligned = [shape[1]] + [Int](repeating: 1, count: shape.count - 2)
      let operand = try constantTensor(position == 1 ? "scale" : "shift", shape: aligned, floats)
      result = try emit(.binary(operation, .none), [result, operand])
    }
    return result
  }

  /// `(x - mean) / sqrt(spread + epsilon)` over axes.
  private mutating func normalized(
    _ input: Graph.TensorID, axes: [Int], centers: Bool = true
  ) throws(ONNXError) -> Graph.TensorID {
    try emit(.normalize(axes: axes, centers: centers, epsilon: try float("epsilon") ?? 1e-5), [input])
  }
}
