import QuillFloat

/// Normalization of each sample by itself: `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.
extension KerasImporter {
  /// Mean and variance over the last axes.
  mutating func layerNormalization(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    if try call.flag("rms_scaling", default: false) {
      throw call.failure(.unsupportedOption("rms_scaling", found: "true", expected: "false"))
    }
    let axes = try lastAxes(call)
    let normal = try normalized(call.inputs[0], axes, call)
    return try scaledAndShifted(normal, extents: axes.map { shape(call.inputs[0])[$0] }, call)
  }

  /// Spread over the last axes around 0: the mean stays.
  mutating func rootMeanSquareNormalization(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let axes = try lastAxes(call)
    let normal = try normalized(call.inputs[0], axes, centers: false, epsilon: 1e-6, call)
    let scale = try constant("scale", try weights(call, [axes.map { shape(call.inputs[0])[$0] }])[0], call)
    return try node(.binary(.multiply, .none), [normal, scale], call.name, call)
  }

  /// The axes that a layer normalises over: one or more at the end.
  private func lastAxes(_ call: KerasCall) throws(ImportError) -> [Int] {
    let rank = shape(call.inputs[0]).count
    var axes: [Int] = []
    for value in try call.numbers("axis") ?? [-1] {
      guard let axis = Int(exactly: value) else { throw call.failure(.badOption("axis")) }
      axes.append(try call.axis(axis, rank: rank, key: "axis"))
    }
    guard axes.sorted() == Array((rank - axes.count)..<rank) else {
      throw call.failure(.unsupportedOption("axis", found: "\(axes)", expected: "the last axes"))
    }
    return axes.sorted()
  }

  /// Mean and variance over all places of some channels together.
  mutating func groupNormalization(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let extents = shape(call.inputs[0])
    let axis = try call.axis(
      try call.integer("axis", default: -1, in: -64...64), rank: extents.count, key: "axis")
    guard extents.count >= 2, axis == extents.count - 1 else {
      throw call.failure(.unsupportedOption("axis", found: "\(axis)", expected: "-1, the channels"))
    }
    let depth = extents[axis]
    let wanted = try call.integer("groups", default: 32, in: -1...(1 << 24))
    let groups = wanted == -1 ? depth : wanted
    guard groups > 0, depth % groups == 0 else { throw call.failure(.badOption("groups")) }
    let grouped = [1, extents[1..<axis].reduce(1, *), groups, depth / groups]
    let folded = try node(.reshape, call.inputs, "\(call.name)/groups", call, shape: grouped)
    let normal = try normalized(folded, [1, 3], call)
    let result = try node(.reshape, [normal], "\(call.name)/channels", call, shape: extents)
    return try scaledAndShifted(result, extents: [depth], call)
  }

  /// `(x - mean) / sqrt(spread + epsilon)` over axes.
  private mutating func normalized(
    _ input: Graph.TensorID, _ axes: [Int], centers: Bool = true, epsilon: Float = 0.001, _ call: KerasCall
  ) throws(ImportError) -> Graph.TensorID {
    let epsilon = try call.number("epsilon", default: epsilon)
    return try node(
      .normalize(axes: axes, centers: centers, epsilon: epsilon), [input], "\(call.name)/normal", call)
  }

  /// `gamma * x + beta`, where the layer has them.
  private mutating func scaledAndShifted(
    _ input: Graph.TensorID, extents: [Int], _ call: KerasCall
  ) throws(ImportError) -> Graph.TensorID {
    let isScaled = try call.flag("scale", default: true)
    let isShifted = try call.flag("center", default: true)
    var arrays = try weights(call, [[Int]](repeating: extents, count: (isScaled ? 1 : 0) + (isShifted ? 1 : 0)))
    var result = input
    if isScaled {
      let scale = try constant("gamma", arrays.removeFirst(), call)
      result = try node(.binary(.multiply, .none), [result, scale], "\(call.name)/scaled", call)
    }
    guard isShifted else { return result }
    return try node(.binary(.add, .none), [result, try constant("beta", arrays[0], call)], call.name, call)
  }
}
