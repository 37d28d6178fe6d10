import QuillFloat

/// `ConvTranspose`, as the convolutions that it stands for.
extension Importer {
  mutating func lowerTransposedConvolution() throws(ONNXError) {
    let input = try tensor(0)
    let weights = try floatConstant(1)
    let bias = hasOperand(2) ? try floatConstant(2) : nil
    try bind(transposedConvolved(input, weights, bias))
  }

  /// Of an NCHW image with weights `[I, O, KH, KW]`, or of a sequence.
  private mutating func transposedConvolved(
    _ input: Graph.TensorID, _ weights: Constant, _ bias: Constant?
  ) throws(ONNXError) -> Graph.TensorID {
    if isSequence(input) {
      guard weights.shape.count == 3 else { throw shapeError(1, weights.shape, .rank(3...3)) }
      var row = weights
      row.shape.insert(1, at: 2)
      return try asImage(input) { (importer, image) throws(ONNXError) in
        try importer.transposedConvolved(image, row, bias)
      }
    }
    let shape = graph[input].shape
    guard shape.count == 4 else { throw shapeError(0, shape, .rank(4...4)) }
    guard weights.shape.count == 4 else { throw shapeError(1, weights.shape, .rank(4...4)) }
    let groups = try groupCount(weights, channels: shape[1])
    let outputs = weights.shape[1] * groups
    if let bias, bias.shape != [outputs] { throw shapeError(2, bias.shape, .shape([outputs])) }
    let plan = TransposedConvolution(
      rows: try transposedAxis(0, input: shape[2], kernel: weights.shape[2]),
      columns: try transposedAxis(1, input: shape[3], kernel: weights.shape[3]),
      kernelShape: [outputs, weights.shape[2], weights.shape[3], shape[1]])
    try reserve([outputs] + weights.shape[2...] + [shape[1]])
    let kernel = Self.kernel(weights, groups: groups)
    return try onNHWC(input) { (importer, image) throws(ONNXError) in
      var parts: [Graph.TensorID] = []
      for part in 0..<plan.partCount {
        var operands = [
          image,
          try importer.constantTensor(
            "weights", shape: plan.weightShape(part), plan.weights(part, of: kernel, zero: 0)),
        ]
        if let bias {
          let values = plan.perChannel(bias.floats)
          operands.append(try importer.constantTensor("bias", shape: [values.count], values))
        }
        parts.append(try importer.emit(.conv2D(plan.convolution(part)), operands))
      }
      return try plan.assembled(parts) { operation, inputs, shape throws(ONNXError) in
        try importer.emit(operation, inputs, shape: shape)
      }
    }
  }

  private func groupCount(_ weights: Constant, channels: Int) throws(ONNXError) -> Int {
    let declared = try int("group") ?? 1
    guard declared >= 1, let groups = Int(exactly: declared), channels % groups == 0 else {
      throw fail(.attributeValue("group", found: [declared]))
    }
    guard weights.shape[0] == channels, !weights.shape.contains(0) else {
      throw shapeError(1, weights.shape, .shape([channels] + weights.shape[1...]))
    }
    return groups
  }

  /// Weights `[I, O / groups, KH, KW]` as `[O, KH, KW, I]`, with zeros between groups.
  private static func kernel(_ weights: Constant, groups: Int) -> [Float] {
    let turned = weights.transposed([1, 2, 3, 0]).floats
    if groups == 1 { return turned }
    let channels = weights.shape[0]
    let perGroup = channels / groups
    let taps = weights.shape[2] * weights.shape[3]
    var kernel: [Float] = []
    kernel.reserveCapacity(turned.count * groups)
    for group in 0..<groups {
      for row in 0..<weights.shape[1] * taps {
        for channel in 0..<channels {
          kernel.append(channel / perGroup == group ? turned[row * channels + channel] : 0)
        }
      }
    }
    return kernel
  }

  /// The rows (0) or columns (1), by the attributes of the current node (operator `ConvTranspose`).
  private func transposedAxis(
    _ axis: Int, input: Int, kernel: Int
  ) throws(ONNXError) -> TransposedConvolution.Axis {
    func value(_ name: String, _ position: Int, of count: Int, default fallback: Int) throws(ONNXError) -> Int {
      guard let values = try extents(name) else { return fallback }
      guard values.count == count, (0...(1 << 20)).contains(values[position]) else {
        throw fail(.attributeValue(name, found: values))
      }
      return Int(values[position])
    }
    let stride = try value("strides", axis, of: 2, default: 1)
    let dilation = try value("dilations", axis, of: 2, default: 1)
    let more = try value("output_padding", axis, of: 2, default: 0)
    var before = try value("pads", axis, of: 4, default: 0)
    let after = try value("pads", axis + 2, of: 4, default: 0)
    let full = (input - 1) * stride + (kernel - 1) * dilation + 1 + more
    let autoPad = try string("auto_pad") ?? "NOTSET"
    var output = full - before - after
    var wanted: Int?
    if try extents("output_shape") != nil {
      wanted = try value("output_shape", axis, of: 2, default: 0)
    } else if autoPad.hasPrefix("SAME") {
      wanted = input * stride
    }
    if autoPad == "VALID" { (before, output) = (0, full) }
    if let wanted {
      // The odd element before, unless said otherwise.
      let total = max(0, full - wanted)
      before = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2
      output = wanted
    }
    guard
      let result = TransposedConvolution.Axis(
        input: input, output: output, kernel: kernel, stride: stride, dilation: dilation, before: before)
    else {
      throw fail(.attributeValue("strides", found: [Int64(stride)]))
    }
    return result
  }
}
