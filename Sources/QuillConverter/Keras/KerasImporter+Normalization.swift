import QuillFloat

/// Normalization of each sample by itself: `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.
extension KerasImporter {
  /// Mean and variance over the last axes.
  mutating func layerNormalization(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let input = call.inputs[0]
    let rank = shape(input).count
    var axes: [Int] = []
    for value in try call.numbers("axis") ?? [-1] {
      guard let axis = Int(exactly: value) else { throw call.failure(.badOption("axis")) }
      axes.append(try call.axis(axis, rank: rank, key: "axis"))
    }
    guard axes.sorted() == Array((rank - axes.count)..<rank) else {
      throw call.failure(.unsupportedOption("axis", found: "\(axes)", expected: "the last axes"))
    }
    let normal = try normalized(input, axes.sorted(), call)
    return try scaledAndShifted(normal, extents: axes.sorted().map { shape(input)[$0] }, call)
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

  /// `(x - mean) / sqrt(variance + epsilon)` over axes.
  private mutating func normalized(
    _ input: Graph.TensorID, _ axes: [Int], _ call: KerasCall
  ) throws(ImportError) -> Graph.TensorID {
    let mean = try node(.mean(axes: axes, keepsAxes: true), [input], "\(call.name)/mean", call)
    let centred = try node(.binary(.subtract, .none), [input, mean], "\(call.name)/centred", call)
    let squares = try node(.binary(.multiply, .none), [centred, centred], "\(call.name)/squares", call)
    let variance = try node(.mean(axes: axes, keepsAxes: true), [squares], "\(call.name)/variance", call)
    let epsilon = try constant(
      "epsilon", FloatTensor(shape: [1], values: [try call.number("epsilon", default: 0.001)]), call)
    let raised = try node(.binary(.add, .none), [variance, epsilon], "\(call.name)/raised", call)
    let deviation = try node(.unary(.squareRoot), [raised], "\(call.name)/deviation", call)
    let inverse = try node(.unary(.reciprocal), [deviation], "\(call.name)/inverse", call)
    return try node(.binary(.multiply, .none), [centred, inverse], "\(call.name)/normal", call)
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
