extension QuantizedGraph {
  /// The same network with matrices of several rows, `[N, C]`, as `[1, N, C]`.
  ///
  /// TensorFlow Lite makes rows of an image's places before a dense layer; here the first axis is the batch. A tensor whose
  /// axes an operation names, or which the caller sees, stays as it is.
  func withRowsBehindBatch() -> QuantizedGraph {
    var result = self
    for index in tensors.indices where tensors[index].shape.count == 2 && tensors[index].shape[0] > 1 {
      if inputs.contains(index) || outputs.contains(index) { continue }
      let around = nodes.filter { $0.output == index || $0.inputs.contains(index) }
      if around.allSatisfy(\.operation.takesRows) { result.tensors[index].shape.insert(1, at: 0) }
    }
    return result
  }
}

extension QuantizedOperation {
  /// Whether the operation takes values one by one, or in rows of the last axis, however many axes stand before it.
  fileprivate var takesRows: Bool {
    switch self {
    case .fullyConnected, .lookup, .softmax, .reshape: true
    case .conv2D, .depthwiseConv2D, .maxPool2D, .averagePool2D, .mean, .sum, .add, .subtract, .multiply, .maximum,
      .minimum, .pad, .transpose, .concatenate, .slice, .resizeNearest, .normalize, .constant:
      false
    }
  }
}
