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
}
