import QuillFloat

/// onnxruntime's own operators on integers (domain `com.microsoft`): floats between a dequantisation and a quantisation.
extension Importer {
  mutating func lowerQLinear(_ known: ONNXOperator) throws(ONNXError) {
    switch known {
    case .qLinearAdd, .qLinearMul:
      let left = try realOperand(0, scale: 1, zeroPoint: 2)
      let right = try realOperand(3, scale: 4, zeroPoint: 5)
      try bind(binary(known == .qLinearAdd ? .add : .multiply, left, right), scale: 6, zeroPoint: 7)
    case .qLinearConcat: try lowerQLinearConcat()
    case .qGemm: try lowerQGemm()
    default:
      let input = try realOperand(0, scale: 1, zeroPoint: 2)
      try bind(ofOneOperand(known, input), scale: 3, zeroPoint: 4)
    }
  }

  private mutating func ofOneOperand(
    _ known: ONNXOperator, _ input: Graph.TensorID
  ) throws(ONNXError) -> Graph.TensorID {
    switch known {
    case .qLinearSigmoid: return try emit(.unary(.sigmoid), [input])
    case .qLinearLeakyRelu: return try emit(.unary(.leakyRelu(alpha: float("alpha") ?? 0.01)), [input])
    case .qLinearSoftmax:
      let rank = graph[input].shape.count
      return try emit(.softmax(axis: axis(int("axis") ?? -1, rank: rank, named: "axis")), [input])
    case .qLinearGlobalAveragePool:
      try require("channels_last", is: 0)
      let rank = graph[input].shape.count
      guard rank >= 3 else { throw shapeError(0, graph[input].shape, .rank(3...64)) }
      return try emit(.mean(axes: Array(2..<rank), keepsAxes: true), [input])
    default:
      try require("channels_last", is: 0)
      return try averagePool(of: input)
    }
  }

  /// Operands: scale and zero point of the result, then tensor, scale and zero point of each part.
  private mutating func lowerQLinearConcat() throws(ONNXError) {
    guard (node.inputs.count - 2) % 3 == 0 else {
      throw fail(.operandCount(found: node.inputs.count, expected: 5...Int.max))
    }
    guard let declared = try int("axis") else { throw fail(.missingAttribute("axis")) }
    var parts: [Graph.TensorID] = []
    for position in stride(from: 2, to: node.inputs.count, by: 3) {
      parts.append(try realOperand(position, scale: position + 1, zeroPoint: position + 2))
    }
    guard let first = parts.first else { throw fail(.missingOperand(2)) }
    let axis = try axis(declared, rank: graph[first].shape.count, named: "axis")
    try bind(emit(.concatenate(axis: axis), parts), scale: 0, zeroPoint: 1)
  }

  /// `alpha * A * B' + C` with scale and zero point after A and B; those of the result may be left out.
  private mutating func lowerQGemm() throws(ONNXError) {
    try require("transA", is: 0)
    let alpha = try float("alpha") ?? 1
    let left = try realOperand(0, scale: 1, zeroPoint: 2)
    let integers = try constant(3)
    guard integers.shape.count == 2 else { throw shapeError(3, integers.shape, .rank(2...2)) }
    let steps = try steps(scale: 4, zeroPoint: 5, type: integers.type)
    let isTurned = try flag("transB")
    let weights = try real(integers, steps, axis: steps.scales.count > 1 ? (isTurned ? 0 : 1) : nil)
    let laid = isTurned ? weights : weights.transposed([1, 0])
    var operands = [left, try weightsTensor(laid, scaledBy: alpha)]
    if hasOperand(6) {
      operands.append(try realBias(6, input: alpha * floatScalar(1), weights: steps.scales.floats))
    }
    let product = try emit(.fullyConnected(.none), operands)
    guard hasOperand(7) else { return try bind(0, to: .computed(product, .float32)) }
    try bind(product, scale: 7, zeroPoint: 8)
  }
}
