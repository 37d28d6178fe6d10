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
}
