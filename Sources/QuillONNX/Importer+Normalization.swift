import QuillFloat

/// Batch normalisation and softmax.
extension Importer {
  mutating func lowerBatchNormalization() throws(ONNXError) {
    try require("training_mode", is: 0)
    try require("spatial", is: 1)
    for (position, name) in node.outputs.enumerated().dropFirst() where !name.isEmpty {
      throw fail(.unsupportedOutput(position))
    }
    let input = try tensor(0)
    let shape = graph[input].shape
    guard shape.count >= 2 else { throw shapeError(0, shape, .rank(2...64)) }
    var operands: [Graph.TensorID] = []
    for position in 1...4 {
      let constant = try floatConstant(position)
      guard constant.shape == [shape[1]] else { throw shapeError(position, constant.shape, .shape([shape[1]])) }
      operands.append(try tensor(position))
    }
    let operation = Operation.batchNormalization(epsilon: try float("epsilon") ?? 1e-5)
    if shape.count == 2 {
      try bind(emit(operation, [input] + operands))
      return
    }
    let last = shape.count - 1
    let channelsLast = try emit(.transpose(permutation: [0] + Array(2...last) + [1]), [input])
    let normalized = try emit(operation, [channelsLast] + operands)
    try bind(emit(.transpose(permutation: [0, last] + Array(1..<last)), [normalized]))
  }

  /// Softmax along an axis, or before operator set 13 over all axes from one on, taken together.
  mutating func lowerSoftmax(_ known: ONNXOperator) throws(ONNXError) {
    let input = try tensor(0)
    let shape = graph[input].shape
    guard !shape.isEmpty else { throw shapeError(0, shape, .rank(1...64)) }
    let declared = try int("axis") ?? (opset < 13 ? 1 : -1)
    // An axis past the last one, for the second operand of a flattening at the end.
    guard opset >= 13 || declared != Int64(shape.count) else {
      throw fail(.attributeValue("axis", found: [declared]))
    }
    let axis = try axis(declared, rank: shape.count, named: "axis")
    let operation: (Int) -> Operation = { known == .softmax ? .softmax(axis: $0) : .logSoftmax(axis: $0) }
    let others = shape[axis...].filter { $0 != 1 }
    if opset >= 13 || others.count <= 1 {
      // At most one axis of those taken together has more than one element.
      let only = opset >= 13 ? axis : shape[axis...].firstIndex { $0 != 1 } ?? axis
      try bind(emit(operation(only), [input]))
      return
    }
    let flat = [shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)]
    let rows = try emit(.reshape, [input], shape: flat)
    let result = try emit(operation(1), [rows])
    try bind(emit(.reshape, [result], shape: shape))
  }
}
