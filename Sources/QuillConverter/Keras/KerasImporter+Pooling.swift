import QuillFloat

/// Pools and normalisations.
extension KerasImporter {
  mutating func pool(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let window = try call.pair("pool_size", default: KerasCall.Pair(height: 2, width: 2))
    let strides = try call.pair("strides", default: window)
    let pooling = Operation.Pooling(
      windowHeight: window.height, windowWidth: window.width, strideHeight: strides.height,
      strideWidth: strides.width,
      padding: try call.padding(over: shape(call.inputs[0]), window: window, strides: strides))
    let isMaximum = call.className.hasPrefix("Max")
    return try node(
      isMaximum ? .maxPool2D(pooling) : .averagePool2D(pooling, countsPadding: false), call.inputs, call.name, call)
  }

  mutating func globalAverage(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let keeps = try call.flag("keepdims", default: false)
    return try node(.mean(axes: [1, 2], keepsAxes: keeps), call.inputs, call.name, call)
  }

  mutating func globalMaximum(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let input = shape(call.inputs[0])
    guard input.count == 4 else {
      throw call.failure(.unsupportedOption("input", found: "\(input)", expected: "an image"))
    }
    let pooling = Operation.Pooling(
      windowHeight: input[1], windowWidth: input[2], strideHeight: 1, strideWidth: 1)
    if try call.flag("keepdims", default: false) {
      return try node(.maxPool2D(pooling), call.inputs, call.name, call)
    }
    let pooled = try node(.maxPool2D(pooling), call.inputs, "\(call.name)/maximum", call)
    return try node(.reshape, [pooled], call.name, call, shape: [input[0], input[3]])
  }

  mutating func batchNormalization(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let input = shape(call.inputs[0])
    let axes = try call.numbers("axis") ?? [-1]
    guard axes.count == 1, let value = Int(exactly: axes[0]), let depth = input.last else {
      throw call.failure(.badOption("axis"))
    }
    let axis = try call.axis(value, rank: input.count, key: "axis")
    guard call.isTurned || axis == input.count - 1 else {
      throw call.failure(.unsupportedOption("axis", found: "\(value)", expected: "-1, the channels"))
    }
    let isScaled = try call.flag("scale", default: true)
    let isShifted = try call.flag("center", default: true)
    var arrays = try weights(
      call, [[Int]](repeating: [depth], count: 2 + (isScaled ? 1 : 0) + (isShifted ? 1 : 0)))
    let scale = isScaled ? arrays.removeFirst() : FloatTensor(shape: [depth], repeating: 1)
    let shift = isShifted ? arrays.removeFirst() : FloatTensor(shape: [depth], repeating: 0)
    let operands = [
      call.inputs[0], try constant("gamma", scale, call), try constant("beta", shift, call),
      try constant("moving_mean", arrays[0], call), try constant("moving_variance", arrays[1], call),
    ]
    let epsilon = try call.number("epsilon", default: 0.001)
    return try node(.batchNormalization(epsilon: epsilon), operands, call.name, call)
  }

  /// `(x - mean) / max(sqrt(variance), 1e-7)` for each channel, from the options or learnt by `adapt`.
  mutating func normalization(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let input = shape(call.inputs[0])
    var mean = try call.numbers("mean") ?? []
    var variance = try call.numbers("variance") ?? []
    if mean.isEmpty {
      let objects = try call.store.objects()
      guard objects.count >= 2 else { throw call.failure(.missingWeights(found: objects.count, expected: 2)) }
      mean = try values(of: objects[0], layer: call.name).values
      variance = try values(of: objects[1], layer: call.name).values
    }
    let isInverted = try call.flag("invert", default: false)
    guard mean.count == variance.count, mean.count == 1 || mean.count == input.last, !isInverted else {
      throw call.failure(.unsupportedOption("axis", found: "\(mean.count) means", expected: "one for each channel"))
    }
    let deviation = variance.map { max($0.squareRoot(), 1e-7) }
    let center = try constant("mean", FloatTensor(shape: [mean.count], values: mean), call)
    let spread = try constant("deviation", FloatTensor(shape: [mean.count], values: deviation), call)
    let centred = try node(.binary(.subtract, .none), [call.inputs[0], center], "\(call.name)/centred", call)
    return try node(.binary(.divide, .none), [centred, spread], call.name, call)
  }

  /// `x * scale + offset`.
  mutating func rescaling(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let scale = try call.numbers("scale") ?? [1]
    let offset = try call.numbers("offset") ?? [0]
    var result = call.inputs[0]
    let isShifted = offset.contains { $0 != 0 }
    if scale.contains(where: { $0 != 1 }) {
      let factor = try constant("scale", FloatTensor(shape: [scale.count], values: scale), call)
      result = try node(
        .binary(.multiply, .none), [result, factor], isShifted ? "\(call.name)/scaled" : call.name, call)
    }
    guard isShifted else { return result }
    let summand = try constant("offset", FloatTensor(shape: [offset.count], values: offset), call)
    return try node(.binary(.add, .none), [result, summand], call.name, call)
  }
}
