import QuillFloat

/// The weights of linear operators.
extension TensorFlowLiteIntegerImporter {
  /// The weights and bias of a linear operation.
  mutating func weights(
    of node: TensorFlowLiteModel.Node, at place: TensorFlowLitePlace
  ) throws(ImportError) -> QuantizedWeights {
    guard let index = node.inputs[1] else { throw .tensorFlowLite(place, .missing("operand 1")) }
    let described = model.tensors[index]
    guard described.type == .int8 || described.type == .uint8 else {
      throw .tensorFlowLite(constants.place(index), .unsupportedType("\(described.type)", expected: "int8 weights"))
    }
    guard let quantization = described.quantization,
      described.type == .uint8 ? quantization.scales.count == 1 : quantization.zeroPoints.allSatisfy({ $0 == 0 })
    else { throw .tensorFlowLite(constants.place(index), .badQuantization) }
    var isDepthwise = false
    if case .depthwiseConv2D = node.operation { isDepthwise = true }
    let channelAxis = isDepthwise ? 3 : 0
    guard described.shape.indices.contains(channelAxis) else {
      throw .tensorFlowLite(constants.place(index), .badShape(described.shape))
    }
    let channels = described.shape[channelAxis]
    guard
      quantization.scales.count == 1
        || quantization.scales.count == channels && quantization.axis == channelAxis
    else { throw .tensorFlowLite(constants.place(index), .badQuantization) }
    try constants.claim(described.shape.product, index)
    var bias: [Int32]?
    if node.inputs.count > 2, let biasIndex = node.inputs[2] {
      guard model.tensors[biasIndex].type == .int32, model.tensors[biasIndex].shape.product == channels else {
        throw .tensorFlowLite(
          constants.place(biasIndex),
          .unsupportedType("\(model.tensors[biasIndex].type)", expected: "\(channels) int32"))
      }
      bias = try constants.signed(biasIndex).map { Int32(truncatingIfNeeded: $0) }
    }
    if described.type == .uint8 {
      return try rerounded(index, step: quantization.scales[0], channels: channels, isLast: isDepthwise, bias)
    }
    return QuantizedWeights(
      values: try constants.signed(index).map { Int8(truncatingIfNeeded: $0) }, shape: described.shape,
      scales: quantization.scales, bias: bias)
  }

  /// Weights of uint8 with a zero point, as networks of TensorFlow 1 have them: channels that reach further than 127 steps
  /// from it are rounded anew to int8, with their bias. Answers come near the file's and are not its bytes.
  private mutating func rerounded(
    _ index: Int, step: Float, channels: Int, isLast: Bool, _ bias: [Int32]?
  ) throws(ImportError) -> QuantizedWeights {
    let reals = try constants.reals(index)
    guard channels > 0 else { throw .tensorFlowLite(constants.place(index), .badShape(reals.shape)) }
    let depth = reals.values.count / channels
    func channel(_ position: Int) -> Int { isLast ? position % channels : position / depth }
    var largest = [Float](repeating: 0, count: channels)
    for (position, value) in reals.values.enumerated() {
      largest[channel(position)] = max(largest[channel(position)], abs(value))
    }
    guard largest.allSatisfy(\.isFinite) else { throw .tensorFlowLite(constants.place(index), .badQuantization) }
    let scales = largest.indices.map { channel in
      // Channels without far values keep their integers.
      if largest[channel] <= 127 * step { return step }
      return largest[channel] / 127
    }
    reroundedCount += 1
    return QuantizedWeights(
      values: reals.values.enumerated().map { position, value in
        Int8(min(127, max(-127, (value / scales[channel(position)]).rounded(.toNearestOrAwayFromZero))))
      },
      shape: reals.shape, scales: scales,
      bias: bias?.enumerated().map { channel, value in
        Int32((Double(value) * Double(step) / Double(scales[channel])).rounded(.toNearestOrAwayFromZero))
      })
  }
}
