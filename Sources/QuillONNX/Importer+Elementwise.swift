import QuillFloat

/// Operators that work element by element.
extension Importer {
  mutating func lowerUnary(_ known: ONNXOperator) throws(ONNXError) {
    let operation: Operation.UnaryOperator
    switch known {
    case .abs: operation = .absolute
    case .elu: operation = .elu(alpha: try float("alpha") ?? 1)
    case .erf: operation = .errorFunction
    case .exp: operation = .exp
    case .hardSigmoid: operation = .hardSigmoid(alpha: try float("alpha") ?? 0.2, beta: try float("beta") ?? 0.5)
    case .hardSwish: operation = .hardSwish
    case .leakyRelu: operation = .leakyRelu(alpha: try float("alpha") ?? 0.01)
    case .log: operation = .log
    case .neg: operation = .negate
    case .reciprocal: operation = .reciprocal
    case .relu: operation = .activation(.relu)
    case .sigmoid: operation = .sigmoid
    case .softplus: operation = .softplus
    case .sqrt: operation = .squareRoot
    case .tanh: operation = .tanh
    default: throw fail(.unsupportedOperator(domain: node.domain, opset: opset))
    }
    try bind(emit(.unary(operation), [tensor(0)]))
  }

  /// Clipping; the ends are attributes before operator set 11 and operands since.
  mutating func lowerClip() throws(ONNXError) {
    let input = try tensor(0)
    var (low, high) = (-Float.infinity, Float.infinity)
    if opset < 11 {
      low = try float("min") ?? low
      high = try float("max") ?? high
    } else {
      if hasOperand(1) { low = try floatScalar(1) }
      if hasOperand(2) { high = try floatScalar(2) }
    }
    // The largest finite numbers are how old exporters leave an end open.
    if low <= -Float.greatestFiniteMagnitude { low = -.infinity }
    if high >= Float.greatestFiniteMagnitude { high = .infinity }
    // Where the ends cross, ONNX answers the upper one.
    if low > high { low = high }
    switch (low, high) {
    case (-.infinity, .infinity): try bind(input)
    case (0, .infinity): try bind(emit(.unary(.activation(.relu)), [input]))
    case (0, 6): try bind(emit(.unary(.activation(.relu6)), [input]))
    case (-1, 1): try bind(emit(.unary(.activation(.reluMinus1To1)), [input]))
    default: try bind(emit(.unary(.clip(low: low, high: high)), [input]))
    }
  }

  /// `max(x, 0) + slope * min(x, 0)`, or a leaky ReLU where there is one slope.
  mutating func lowerPRelu() throws(ONNXError) {
    let input = try tensor(0)
    let slope = try floatConstant(1)
    if slope.count == 1 {
      try bind(emit(.unary(.leakyRelu(alpha: slope.floats[0])), [input]))
      return
    }
    let shape = graph[input].shape
    guard [Int].broadcasting(shape, slope.shape) == shape else {
      throw shapeError(1, slope.shape, .broadcastable(shape))
    }
    let zero = try constantTensor("zero", shape: [1], [0])
    let positive = try emit(.unary(.activation(.relu)), [input])
    let negative = try emit(.binary(.minimum, .none), [input, zero])
    let scaled = try emit(.binary(.multiply, .none), [negative, tensor(1)])
    try bind(emit(.binary(.add, .none), [positive, scaled]))
  }

  /// Operators that change nothing in a trained network.
  mutating func lowerPassage(_ known: ONNXOperator) throws(ONNXError) {
    let value = try operand(0)
    switch known {
    case .dropout:
      if isRead(output: 1) { throw fail(.unsupportedOutput(1)) }
      if hasOperand(2), try constant(2).floats.contains(where: { $0 != 0 }) {
        throw fail(.unsupportedAttribute("training_mode", found: "true", supported: "false"))
      }
    case .cast, .castLike:
      let type = try castTarget(known)
      if case .constant(let constant) = value {
        try bind(cast(constant, to: type))
        return
      }
      guard case .computed(let id, _) = value else { throw fail(.integerOperand(0, tensor: node.inputs[0])) }
      guard type.kind == .float else { throw fail(.unsupportedAttribute("to", found: type.name, supported: "float")) }
      try bind(0, to: .computed(id, type))
      return
    default: break
    }
    try bind(0, to: value)
  }

  /// The type that a cast casts to.
  mutating func castTarget(_ known: ONNXOperator) throws(ONNXError) -> ElementType {
    if known == .castLike {
      switch try operand(1) {
      case .constant(let constant): return constant.type
      case .computed(_, let type): return type
      case .comparison: return .bool
      }
    }
    guard let number = try int("to") else { throw fail(.missingAttribute("to")) }
    guard let type = ElementType(rawValue: Int(truncatingIfNeeded: number)), type.kind != .unsupported else {
      throw fail(.unsupportedAttribute("to", found: String(number), supported: "a float, integer or bool type"))
    }
    return type
  }

  mutating func lowerBinary(_ known: ONNXOperator) throws(ONNXError) {
    if known == .div, try lowerSoftmaxPattern() { return }
    let operation: Operation.BinaryOperator =
      switch known {
      case .sub: .subtract
      case .mul: .multiply
      case .div: .divide
      case .pow: .power
      default: .add
      }
    try bind(binary(operation, operandTensor(0), rightOperand()))
  }

  /// The second operand; before operator set 7 an attribute could say where its axes begin among the first one's.
  private mutating func rightOperand() throws(ONNXError) -> Graph.TensorID {
    let id = try operandTensor(1)
    guard opset < 7, let declared = try int("axis") else { return id }
    let rank = try shape(0).count
    let missing = rank - (try axis(declared, rank: rank, named: "axis")) - graph[id].shape.count
    guard missing > 0 else { return id }
    return try emit(.reshape, [id], shape: graph[id].shape + [Int](repeating: 1, count: missing))
  }

  /// An operand of an arithmetic operator; exponents and such may be integers.
  private mutating func operandTensor(_ position: Int) throws(ONNXError) -> Graph.TensorID {
    guard case .constant(let constant) = try operand(position), constant.type.kind == .integer,
      node.operatorName == "Pow"
    else { return try tensor(position) }
    return try constantTensor("exponent", shape: constant.shape, constant.floats)
  }

  /// Emits an operation of two tensors. A constant that the exporter repeated for each image of its batch is taken once.
  mutating func binary(
    _ operation: Operation.BinaryOperator, _ left: Graph.TensorID, _ right: Graph.TensorID
  ) throws(ONNXError) -> Graph.TensorID {
    let (left, right) = (try withoutBatch(left, beside: right), try withoutBatch(right, beside: left))
    return try emit(.binary(operation, .none), [left, right])
  }

  private mutating func withoutBatch(
    _ id: Graph.TensorID, beside other: Graph.TensorID
  ) throws(ONNXError) -> Graph.TensorID {
    let shape = graph[id].shape
    guard let batch = exportedBatch, let values = graph[id].constant, shape.count >= 2, shape[0] == batch,
      graph[other].constant == nil, graph[other].shape.count == shape.count, graph[other].shape[0] == 1
    else { return id }
    let size = values.count / batch
    guard (1..<batch).allSatisfy({ values[..<size] == values[($0 * size)..<(($0 + 1) * size)] }) else { return id }
    return try constantTensor("one", shape: [1] + shape[1...], Array(values[..<size]))
  }

  /// Maximum, minimum, sum and mean of any number of operands.
  mutating func lowerVariadic(_ known: ONNXOperator) throws(ONNXError) {
    let operation: Operation.BinaryOperator =
      switch known {
      case .max: .maximum
      case .min: .minimum
      default: .add
      }
    var result = try tensor(0)
    for position in 1..<max(1, node.inputs.count) {
      result = try binary(operation, result, tensor(position))
    }
    if known == .mean, node.inputs.count > 1 {
      let count = try constantTensor("count", shape: [], [Float(node.inputs.count)])
      result = try emit(.binary(.divide, .none), [result, count])
    }
    try bind(result)
  }
}
