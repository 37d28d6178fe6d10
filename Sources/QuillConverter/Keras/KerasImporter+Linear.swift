import QuillFloat

/// Dense layers and convolutions.
extension KerasImporter {
  mutating func dense(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let units = try call.integer("units")
    let input = shape(call.inputs[0])
    guard input.count >= 2, let depth = input.last else {
      throw call.failure(.unsupportedOption("input", found: "\(input)", expected: "[batch, ..., features]"))
    }
    let usesBias = try call.flag("use_bias", default: true)
    let arrays = try weights(call, [[depth, units]] + (usesBias ? [[units]] : []))
    let kernel = arrays[0].transposed([1, 0])
    return try linear(.fullyConnected(.none), kernel, bias: usesBias ? arrays[1] : nil, call)
  }

  mutating func convolution(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let filters = try call.integer("filters")
    let groups = try call.integer("groups", default: 1)
    var parameters = try parameters(call)
    parameters.groups = groups
    let kernel = try call.pair("kernel_size")
    let usesBias = try call.flag("use_bias", default: true)
    let depth = shape(call.inputs[0])[3] / groups
    let arrays = try weights(
      call, [[kernel.height, kernel.width, depth, filters]] + (usesBias ? [[filters]] : []))
    return try linear(
      .conv2D(parameters), arrays[0].transposed([3, 0, 1, 2]), bias: usesBias ? arrays[1] : nil, call)
  }

  mutating func depthwiseConvolution(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let depthwise = try depthwise(call)
    let usesBias = try call.flag("use_bias", default: true)
    let arrays = try weights(call, [depthwise.storedShape] + (usesBias ? [[depthwise.outputs]] : []))
    return try linear(
      .depthwiseConv2D(depthwise.parameters), depthwise.weights(arrays[0]), bias: usesBias ? arrays[1] : nil, call)
  }

  mutating func separableConvolution(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let depthwise = try depthwise(call)
    let filters = try call.integer("filters")
    let usesBias = try call.flag("use_bias", default: true)
    let arrays = try weights(
      call, [depthwise.storedShape, [1, 1, depthwise.outputs, filters]] + (usesBias ? [[filters]] : []))
    let kernel = try constant("depthwise_kernel", depthwise.weights(arrays[0]), call)
    let middle = try node(
      .depthwiseConv2D(depthwise.parameters), [call.inputs[0], kernel], "\(call.name)/depthwise", call)
    return try linear(
      .conv2D(Operation.Convolution()), arrays[1].transposed([3, 0, 1, 2]), bias: usesBias ? arrays[2] : nil, call,
      input: middle)
  }

  /// A convolution of each channel by itself, as a layer's options tell it.
  private struct Depthwise {
    let parameters: Operation.Convolution

    /// The kernel as Keras stores it: rows, columns, channels, multiplier.
    let storedShape: [Int]

    /// Channels times multiplier.
    let outputs: Int

    /// The stored kernel as the graph takes it.
    func weights(_ stored: FloatTensor) -> FloatTensor {
      FloatTensor(shape: [1, storedShape[0], storedShape[1], outputs], values: stored.values)
    }
  }

  private func depthwise(_ call: KerasCall) throws(ImportError) -> Depthwise {
    var parameters = try parameters(call)
    let kernel = try call.pair("kernel_size")
    let multiplier = try call.integer("depth_multiplier", default: 1)
    let depth = shape(call.inputs[0])[3]
    parameters.groups = depth
    let (outputs, overflow) = depth.multipliedReportingOverflow(by: multiplier)
    guard !overflow else { throw call.failure(.badOption("depth_multiplier")) }
    return Depthwise(
      parameters: parameters, storedShape: [kernel.height, kernel.width, depth, multiplier], outputs: outputs)
  }

  /// Strides, dilation and padding of a convolution.
  private func parameters(_ call: KerasCall) throws(ImportError) -> Operation.Convolution {
    let one = KerasCall.Pair(height: 1, width: 1)
    let kernel = try call.pair("kernel_size")
    let strides = try call.pair("strides", default: one)
    let dilation = try call.pair("dilation_rate", default: one)
    let reach = KerasCall.Pair(
      height: (kernel.height - 1) * dilation.height + 1, width: (kernel.width - 1) * dilation.width + 1)
    return Operation.Convolution(
      strideHeight: strides.height, strideWidth: strides.width, dilationHeight: dilation.height,
      dilationWidth: dilation.width,
      padding: try call.padding(over: shape(call.inputs[0]), window: reach, strides: strides))
  }

  /// Adds a linear operation and its activation, fused where the operation can carry it.
  private mutating func linear(
    _ operation: Operation, _ kernel: FloatTensor, bias: FloatTensor?, _ call: KerasCall,
    input: Graph.TensorID? = nil
  ) throws(ImportError) -> Graph.TensorID {
    var operands = [input ?? call.inputs[0], try constant("kernel", kernel, call)]
    if let bias { operands.append(try constant("bias", bias, call)) }
    let function = try KerasActivation(call.option("activation"), call)
    let fused = function.fused
    let result = try node(operation.carrying(fused ?? .none), operands, call.name, call)
    return fused == nil ? try apply(function, to: result, call) : result
  }
}

extension Operation {
  /// The same linear operation with an activation; others stay as they are.
  fileprivate func carrying(_ activation: Activation) -> Operation {
    switch self {
    case .conv2D(var convolution):
      convolution.activation = activation
      return .conv2D(convolution)
    case .depthwiseConv2D(var convolution):
      convolution.activation = activation
      return .depthwiseConv2D(convolution)
    case .fullyConnected: return .fullyConnected(activation)
    default: return self
    }
  }
}

extension FloatTensor {
  /// The tensor with its axes reordered: axis `i` of the result is axis `order[i]` of this one.
  func transposed(_ order: [Int]) -> FloatTensor {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    let target = order.map { shape[$0] }
    let steps = order.map { strides[$0] }
    var result: [Float] = []
    result.reserveCapacity(values.count)
    var position = [Int](repeating: 0, count: order.count)
    var source = 0
    for _ in 0..<values.count {
      result.append(values[source])
      for axis in order.indices.reversed() {
        position[axis] += 1
        source += steps[axis]
        if position[axis] < target[axis] { break }
        source -= steps[axis] * target[axis]
        position[axis] = 0
      }
    }
    return FloatTensor(shape: target, values: result)
  }
}
