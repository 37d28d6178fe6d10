import QuillFloat

/// Functions of one number that the graph has no operation for, put together from those that it has.
extension Importer {
  mutating func lowerFunction(_ known: ONNXOperator) throws(ONNXError) {
    let input = try tensor(0)
    switch known {
    case .gelu: try bind(gelu(input))
    case .mish:
      let gate = try emit(.unary(.tanh), [emit(.unary(.softplus), [input])])
      try bind(emit(.binary(.multiply, .none), [input, gate]))
    case .softsign:
      let divisor = try plus(emit(.unary(.absolute), [input]), by: 1)
      try bind(emit(.binary(.divide, .none), [input, divisor]))
    case .selu:
      // ONNX's own defaults, after Klambauer et al. 2017.
      let curve = try emit(.unary(.elu(alpha: try float("alpha") ?? 1.673_263_2)), [input])
      try bind(times(curve, by: try float("gamma") ?? 1.050_701))
    case .celu:
      let alpha = try float("alpha") ?? 1
      guard alpha.isFinite, alpha != 0 else {
        throw fail(.unsupportedAttribute("alpha", found: "\(alpha)", supported: "other than 0"))
      }
      // x for x >= 0, else alpha * (exp(x / alpha) - 1): an ELU of slope 1 in other units.
      try bind(times(emit(.unary(.elu(alpha: 1)), [times(input, by: 1 / alpha)]), by: alpha))
    default: throw fail(.unsupportedOperator(domain: node.domain, opset: opset))
    }
  }

  /// `x * Phi(x)` with the normal distribution, or its approximation by a hyperbolic tangent
  /// (Hendrycks and Gimpel 2016, arXiv 1606.08415).
  private mutating func gelu(_ input: Graph.TensorID) throws(ONNXError) -> Graph.TensorID {
    let approximation = try string("approximate") ?? "none"
    let gate: Graph.TensorID
    switch approximation {
    case "none": gate = try emit(.unary(.errorFunction), [times(input, by: 0.707_106_8)])
    case "tanh":
      let square = try emit(.binary(.multiply, .none), [input, input])
      let cube = try emit(.binary(.multiply, .none), [square, input])
      let sum = try emit(.binary(.add, .none), [input, times(cube, by: 0.044_715)])
      gate = try emit(.unary(.tanh), [times(sum, by: 0.797_884_56)])
    default:
      throw fail(.unsupportedAttribute("approximate", found: approximation, supported: "none, tanh"))
    }
    let share = try times(plus(gate, by: 1), by: 0.5)
    return try emit(.binary(.multiply, .none), [input, share])
  }

  private mutating func times(_ input: Graph.TensorID, by factor: Float) throws(ONNXError) -> Graph.TensorID {
    try emit(.binary(.multiply, .none), [input, constantTensor("factor", shape: [1], [factor])])
  }

  private mutating func plus(_ input: Graph.TensorID, by summand: Float) throws(ONNXError) -> Graph.TensorID {
    try emit(.binary(.add, .none), [input, constantTensor("summand", shape: [1], [summand])])
  }

  // MARK: Normalisation by a sample's own mean and variance

  /// `LayerNormalization`: over the axes from `axis` on.
  mutating func lowerLayerNormalization() throws(ONNXError) {
    for (position, name) in node.outputs.enumerated().dropFirst() where !name.isEmpty {
      throw fail(.unsupportedOutput(position))
    }
    let input = try tensor(0)
    let rank = graph[input].shape.count
    let first = try axis(try int("axis") ?? -1, rank: rank, named: "axis")
    let normal = try normalized(input, axes: Array(first..<rank))
    var result = try emit(.binary(.multiply, .none), [normal, tensor(1)])
    if hasOperand(2) { result = try emit(.binary(.add, .none), [result, tensor(2)]) }
    try bind(result)
  }

  /// `InstanceNormalization`: over all axes but the batch and the channels.
  mutating func lowerInstanceNormalization() throws(ONNXError) {
    let input = try tensor(0)
    let shape = graph[input].shape
    guard shape.count >= 3 else { throw shapeError(0, shape, .rank(3...64)) }
    let normal = try normalized(input, axes: Array(2..<shape.count))
    var result = normal
    for (position, operation) in [(1, Operation.BinaryOperator.multiply), (2, .add)] {
      let values = try floatConstant(position)
      guard values.count == shape[1] else { throw shapeError(position, values.shape, .shape([shape[1]])) }
      let aligned = [shape[1]] + [Int](repeating: 1, count: shape.count - 2)
      let operand = try constantTensor(position == 1 ? "scale" : "shift", shape: aligned, values.floats)
      result = try emit(.binary(operation, .none), [result, operand])
    }
    try bind(result)
  }

  /// `(x - mean) / sqrt(variance + epsilon)` over axes.
  private mutating func normalized(_ input: Graph.TensorID, axes: [Int]) throws(ONNXError) -> Graph.TensorID {
    let mean = try emit(.mean(axes: axes, keepsAxes: true), [input])
    let centred = try emit(.binary(.subtract, .none), [input, mean])
    let squares = try emit(.binary(.multiply, .none), [centred, centred])
    let variance = try emit(.mean(axes: axes, keepsAxes: true), [squares])
    let deviation = try emit(.unary(.squareRoot), [plus(variance, by: try float("epsilon") ?? 1e-5)])
    return try emit(.binary(.multiply, .none), [centred, emit(.unary(.reciprocal), [deviation])])
  }
}
