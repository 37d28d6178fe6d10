import QuillFloat

/// Layers whose axes stand in another order, or are fewer, than those that the rest of the importer reads.
extension KerasImporter {
  /// Whether a layer of images takes them with channels first.
  func isTurning(_ call: KerasCall) throws(ImportError) -> Bool {
    guard !call.isTurned else { return false }
    if call.className == "BatchNormalization" {
      return try call.numbers("axis") == [1]
    }
    return try call.hasChannelsFirst()
  }

  /// The layer between two transposes, as Keras computes it: channels last, and back where an image comes out.
  mutating func appendTurned(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    var turned = call
    turned.isTurned = true
    turned.inputs = [
      try node(.transpose(permutation: [0, 2, 3, 1]), call.inputs, "\(call.name)/channels_last", call)
    ]
    let result = try append(turned)
    guard shape(result).count == 4 else { return result }
    return try node(.transpose(permutation: [0, 3, 1, 2]), [result], "\(call.name)/channels_first", call)
  }

  /// A layer of sequences as one of images with a single row.
  mutating func appendLine(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    var line = call
    line.isLine = true
    var input = call.inputs[0]
    let isTurned = try call.hasChannelsFirst()
    if isTurned { input = try node(.transpose(permutation: [0, 2, 1]), [input], "\(call.name)/channels_last", call) }
    let steps = shape(input)
    line.isTurned = true
    line.inputs = [
      try node(.reshape, [input], "\(call.name)/row", call, shape: [steps[0], 1, steps[1], steps[2]])
    ]
    let image = try append(line)
    let extents = shape(image)
    guard extents.count == 4 else { return image }
    let result = try node(
      .reshape, [image], "\(call.name)/steps", call, shape: [extents[0], extents[2], extents[3]])
    return isTurned
      ? try node(.transpose(permutation: [0, 2, 1]), [result], "\(call.name)/channels_first", call) : result
  }

  /// `[batch, features]` so many times below itself.
  mutating func repeatVector(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let count = try call.integer("n", in: 1...64)
    let input = shape(call.inputs[0])
    guard input.count == 2 else {
      throw call.failure(.unsupportedOption("input", found: "\(input)", expected: "[batch, features]"))
    }
    let row = try node(.reshape, call.inputs, "\(call.name)/row", call, shape: [1, 1, input[1]])
    return try node(
      .concatenate(axis: 1), [Graph.TensorID](repeating: row, count: count), call.name, call)
  }

  /// `gamma * (x - mean) / sqrt(variance + epsilon) + beta` over axes of each sample.
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
    let extents = axes.sorted().map { shape(input)[$0] }
    let isScaled = try call.flag("scale", default: true)
    let isShifted = try call.flag("center", default: true)
    var arrays = try weights(call, [[Int]](repeating: extents, count: (isScaled ? 1 : 0) + (isShifted ? 1 : 0)))
    let mean = try node(.mean(axes: axes.sorted(), keepsAxes: true), [input], "\(call.name)/mean", call)
    let centred = try node(.binary(.subtract, .none), [input, mean], "\(call.name)/centred", call)
    let squares = try node(.binary(.multiply, .none), [centred, centred], "\(call.name)/squares", call)
    let variance = try node(.mean(axes: axes.sorted(), keepsAxes: true), [squares], "\(call.name)/variance", call)
    let epsilon = try constant(
      "epsilon", FloatTensor(shape: [1], values: [try call.number("epsilon", default: 0.001)]), call)
    let raised = try node(.binary(.add, .none), [variance, epsilon], "\(call.name)/raised", call)
    let deviation = try node(.unary(.squareRoot), [raised], "\(call.name)/deviation", call)
    let inverse = try node(.unary(.reciprocal), [deviation], "\(call.name)/inverse", call)
    var result = try node(.binary(.multiply, .none), [centred, inverse], "\(call.name)/normal", call)
    if isScaled {
      let scale = try constant("gamma", arrays.removeFirst(), call)
      result = try node(.binary(.multiply, .none), [result, scale], "\(call.name)/scaled", call)
    }
    guard isShifted else { return result }
    return try node(.binary(.add, .none), [result, try constant("beta", arrays[0], call)], call.name, call)
  }
}
