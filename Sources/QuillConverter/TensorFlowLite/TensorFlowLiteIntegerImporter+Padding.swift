import QuillFloat

/// Operators that put values around a tensor, from joins of constants and of parts of the tensor itself.
extension TensorFlowLiteIntegerImporter {
  /// `MIRROR_PAD`: parts of the tensor backwards on both its sides, axis by axis.
  mutating func appendMirror(
    _ input: Int, keepsEdge: Bool, _ geometry: TensorFlowLiteGeometry, _ output: Int
  ) throws(ImportError) {
    let (before, after) = try geometry.paddings()
    let result = try tensor(output, shape: geometry.declared)
    var id = relabelled(input, like: result)
    for axis in before.indices where before[axis] + after[axis] > 0 {
      var parts = [id]
      for mirror in try geometry.mirrors(
        of: graph.tensors[id].shape, axis: axis, counts: (before[axis], after[axis]), keepsEdge: keepsEdge)
      {
        let part = emit(
          .slice(starts: mirror.starts, steps: mirror.steps), [id], like: result, shape: mirror.extents)
        parts.insert(part, at: mirror.isAfter ? parts.count : 0)
      }
      id = joined(parts, axis: axis, like: result)
    }
    finish(output, id)
  }

  /// `PADV2` with a number other than the zero point: constants beside the tensor, axis by axis.
  mutating func appendPadding(
    _ input: Int, _ geometry: TensorFlowLiteGeometry, _ output: Int
  ) throws(ImportError) {
    let (before, after) = try geometry.paddings()
    let result = try tensor(output, shape: geometry.declared)
    guard let operand = geometry.node.inputs[2], model.tensors[operand].type == .int8,
      let value = try constants.signed(operand).first
    else { throw .tensorFlowLite(geometry.place, .missing("operand 2")) }
    let byte = Int8(truncatingIfNeeded: value)
    finish(
      output, try padded(relabelled(input, like: result), before, after, with: byte, tensor: operand, like: result))
  }

  /// TensorFlow Lite Micro's `SPACE_TO_BATCH_ND` pads with bytes of 0, whatever the zero point: a dilated convolution
  /// that stands for one reads an image padded so.
  mutating func padWithBytesOfZero(
    _ node: inout TensorFlowLiteModel.Node, _ operands: inout [Int], at place: TensorFlowLitePlace
  ) throws(ImportError) {
    func withoutPadding(
      _ options: TensorFlowLiteOperation.Convolution
    ) -> (TensorFlowLiteOperation.Convolution, Operation.Padding)? {
      guard let padding = options.explicitPadding else { return nil }
      var options = options
      options.explicitPadding = nil
      return (options, padding)
    }
    let padding: Operation.Padding
    let operation: TensorFlowLiteOperation
    switch node.operation {
    case .conv2D(let options):
      guard let (plain, around) = withoutPadding(options) else { return }
      (operation, padding) = (.conv2D(plain), around)
    case .depthwiseConv2D(let options):
      guard let (plain, around) = withoutPadding(options) else { return }
      (operation, padding) = (.depthwiseConv2D(plain), around)
    default: return
    }
    guard let input = operands.first, graph.tensors[input].zeroPoint != 0, let source = node.inputs[0] else { return }
    microPaddedCount += 1
    operands[0] = try padded(
      input, [0, padding.top, padding.left, 0], [0, padding.bottom, padding.right, 0], with: 0, tensor: source,
      like: graph.tensors[input])
    node.operation = operation
  }

  /// The tensor with constants beside it, axis by axis.
  private mutating func padded(
    _ input: Int, _ before: [Int], _ after: [Int], with byte: Int8, tensor: Int, like result: QuantizedGraph.Tensor
  ) throws(ImportError) -> Int {
    var id = input
    for axis in before.indices {
      var parts = [id]
      for (count, isAfter) in [(before[axis], false), (after[axis], true)] where count > 0 {
        var shape = graph.tensors[id].shape
        shape[axis] = count
        try constants.claim(shape.product, tensor)
        let fill = [Int8](repeating: byte, count: shape.product)
        let constant = emit(.constant(fill), [], like: result, shape: shape)
        parts.insert(constant, at: isAfter ? parts.count : 0)
      }
      id = joined(parts, axis: axis, like: result)
    }
    return id
  }
}
