import QuillFloat

extension Graph {
  /// For each tensor that one sigmoid or hyperbolic tangent alone reads, how far from 0 its values can tell: beyond it the
  /// eight bits of the answer stay the same, and a range that goes further leaves fewer steps for what lies between.
  ///
  /// The scores of a classifier that ends in sigmoids are none of them: their order names the class. Neither are those
  /// whose answer goes through another function, which may tell apart what the eight bits do not.
  package func saturatingReaches() -> [Int: Float] {
    var readers: [TensorID: [Node]] = [:]
    for node in nodes {
      for input in Set(node.inputs) { readers[input, default: []].append(node) }
    }
    var reaches: [Int: Float] = [:]
    for node in nodes {
      guard case .unary(let function) = node.operation, let reach = function.saturatingReach,
        readers[node.inputs[0]]?.count == 1, !outputs.contains(node.inputs[0])
      else { continue }
      let shape = self[node.output].shape
      if outputs.contains(node.output), shape.last == shape.product { continue }
      let isReadAlone = (readers[node.output] ?? []).allSatisfy { reader in
        if case .unary = reader.operation { return false }
        guard case .binary = reader.operation else { return true }
        return reader.inputs.allSatisfy { self[$0].constant == nil }
      }
      if isReadAlone { reaches[node.inputs[0].index] = reach }
    }
    return reaches
  }
}

extension Operation.UnaryOperator {
  /// Beyond it the function is within a tenth of a step of its end, at 1 / 256 a step (sigmoid) or 1 / 128 (tangent).
  fileprivate var saturatingReach: Float? {
    switch self {
    case .sigmoid: 8
    case .tanh: 4
    default: nil
    }
  }
}
