import QuillFloat

/// NCHW images: transposes there and back, convolutions, and windows.
extension Importer {
  static let toNHWC = [0, 2, 3, 1]
  static let toNCHW = [0, 3, 1, 2]

  /// Computes something on NHWC images from an NCHW operand, and answers in NCHW.
  mutating func onNHWC(
    _ input: Graph.TensorID, _ body: (inout Importer, Graph.TensorID) throws(ONNXError) -> Graph.TensorID
  ) throws(ONNXError) -> Graph.TensorID {
    let image = try emit(.transpose(permutation: Self.toNHWC), [input])
    let result = try body(&self, image)
    return try emit(.transpose(permutation: Self.toNCHW), [result])
  }

  /// The current node's first operand, which must be an image of two dimensions.
  mutating func imageOperand() throws(ONNXError) -> Graph.TensorID {
    let id = try tensor(0)
    guard graph[id].shape.count == 4 else { throw shapeError(0, graph[id].shape, .rank(4...4)) }
    return id
  }

  mutating func lowerConvolution() throws(ONNXError) {
    let input = try tensor(0)
    let weights = try floatConstant(1)
    let bias = hasOperand(2) ? try biasOperand(2, count: weights.shape.first ?? 0) : nil
    try bind(convolved(input, weights, at: 1, bias: bias))
  }

  /// The convolution that the node's attributes say, of an NCHW image with weights `[O, I / groups, KH, KW]`, which the
  /// operand at `position` gives; or of a sequence.
  mutating func convolved(
    _ input: Graph.TensorID, _ weights: Constant, at position: Int, bias: Graph.TensorID?
  ) throws(ONNXError) -> Graph.TensorID {
    if isSequence(input) {
      guard weights.shape.count == 3 else { throw shapeError(position, weights.shape, .rank(3...3)) }
      var row = weights
      row.shape.insert(1, at: 2)
      return try asImage(input) { (importer, image) throws(ONNXError) in
        try importer.convolved(image, row, at: position, bias: bias)
      }
    }
    guard graph[input].shape.count == 4 else { throw shapeError(0, graph[input].shape, .rank(4...4)) }
    let channels = graph[input].shape[1]
    guard weights.shape.count == 4 else { throw shapeError(position, weights.shape, .rank(4...4)) }
    let groups = try groupCount(channels: channels, weights: weights, at: position)
    if let kernel = try extents("kernel_shape"), kernel != weights.shape[2...].map(Int64.init) {
      throw fail(.attributeValue("kernel_shape", found: kernel))
    }
    let extents = Array(graph[input].shape[2...])
    let windows = try windows(extents: extents, kernel: Array(weights.shape[2...]))
    let convolution = Operation.Convolution(
      strideHeight: windows.strides[0], strideWidth: windows.strides[1],
      dilationHeight: windows.dilations[0], dilationWidth: windows.dilations[1],
      padding: windows.padding, groups: groups)
    try reserve(weights.shape)
    let isDepthwise = groups == channels && groups > 1
    let laid = weights.transposed(isDepthwise ? [1, 2, 3, 0] : [0, 2, 3, 1])
    let operands = [try weightsTensor(laid)] + [bias].compactMap { $0 }
    return try onNHWC(input) { (importer, image) throws(ONNXError) in
      try importer.emit(
        isDepthwise ? .depthwiseConv2D(convolution) : .conv2D(convolution), [image] + operands)
    }
  }

  /// A layer's weights as a tensor of the graph, with the scales that they have.
  mutating func weightsTensor(_ weights: Constant, scaledBy factor: Float = 1) throws(ONNXError) -> Graph.TensorID {
    let values = factor == 1 ? weights.floats : weights.floats.map { factor * $0 }
    let id = try constantTensor("weights", shape: weights.shape, values)
    if keepsScales, var quantization = weights.quantization {
      quantization.scales = quantization.scales.map { factor * $0 }
      quantizations[id] = quantization.ofTensor
    }
    return id
  }

  private mutating func groupCount(
    channels: Int, weights: Constant, at position: Int
  ) throws(ONNXError) -> Int {
    let declared = try int("group") ?? 1
    guard declared >= 1, let groups = Int(exactly: declared), groups <= channels, channels % groups == 0,
      weights.shape[0] % groups == 0
    else { throw fail(.attributeValue("group", found: [declared])) }
    guard weights.shape[1] == channels / groups, !weights.shape.contains(0) else {
      throw shapeError(position, weights.shape, .convolutionWeights(channels: channels, groups: groups))
    }
    return groups
  }

  private mutating func biasOperand(_ position: Int, count: Int) throws(ONNXError) -> Graph.TensorID {
    let bias = try floatConstant(position)
    guard bias.shape == [count] else { throw shapeError(position, bias.shape, .shape([count])) }
    return try tensor(position)
  }

  // MARK: Windows

  /// How windows lie over an image, as a convolution or pool of ONNX says.
  struct Windows {
    /// Rows and columns of the window, the distance between windows and between taps.
    var kernel: [Int], strides: [Int], dilations: [Int]

    /// The padding in front and behind that the file asks for.
    var before: [Int], after: [Int]

    /// What rounding up (`ceil_mode`) adds behind.
    var extra: [Int]

    /// How many windows there are.
    var counts: [Int]

    /// All padding.
    var padding: Operation.Padding {
      Operation.Padding(
        top: before[0], left: before[1], bottom: after[0] + extra[0], right: after[1] + extra[1])
    }

    /// The padding that the file asks for, without what rounding up adds.
    var declaredPadding: Operation.Padding {
      Operation.Padding(top: before[0], left: before[1], bottom: after[0], right: after[1])
    }
  }

  /// The windows of the current node; attributes as in ONNX's Conv, MaxPool and AveragePool.
  func windows(extents: [Int], kernel: [Int], roundsUp: Bool = false) throws(ONNXError) -> Windows {
    let strides = try pair("strides", default: 1)
    let dilations = try pair("dilations", default: 1)
    let autoPad = try string("auto_pad") ?? "NOTSET"
    let pads = try self.extents("pads") ?? [0, 0, 0, 0]
    guard pads.count == 4, pads.allSatisfy({ (0...Int64(Int32.max)).contains($0) }) else {
      throw fail(.attributeValue("pads", found: pads))
    }
    var result = Windows(
      kernel: kernel, strides: strides, dilations: dilations, before: [0, 0], after: [0, 0], extra: [0, 0],
      counts: [0, 0])
    for axis in 0..<2 {
      let span = (kernel[axis] - 1) * dilations[axis] + 1
      switch autoPad {
      case "NOTSET", "":
        (result.before[axis], result.after[axis]) = (Int(pads[axis]), Int(pads[axis + 2]))
      case "VALID": break
      case "SAME_UPPER", "SAME_LOWER":
        let count = (extents[axis] - 1) / strides[axis] + 1
        let total = max(0, (count - 1) * strides[axis] + span - extents[axis])
        let front = autoPad == "SAME_UPPER" ? total / 2 : (total + 1) / 2
        (result.before[axis], result.after[axis]) = (front, total - front)
      default:
        throw fail(
          .unsupportedAttribute("auto_pad", found: autoPad, supported: "NOTSET, VALID, SAME_UPPER, SAME_LOWER"))
      }
      let free = extents[axis] + result.before[axis] + result.after[axis] - span
      guard free >= 0 else { throw fail(.attributeValue("kernel_shape", found: kernel.map(Int64.init))) }
      result.counts[axis] = free / strides[axis] + 1
      // A window more, unless it would begin in the padding behind.
      if roundsUp, free % strides[axis] != 0,
        result.counts[axis] * strides[axis] < extents[axis] + result.before[axis]
      {
        result.extra[axis] = strides[axis] - free % strides[axis]
        result.counts[axis] += 1
      }
    }
    return result
  }

  /// Two sizes, at least 1.
  private func pair(_ name: String, default value: Int64) throws(ONNXError) -> [Int] {
    let values = try self.extents(name) ?? [value, value]
    guard values.count == 2, values.allSatisfy({ (1...(1 << 20)).contains($0) }) else {
      throw fail(.attributeValue(name, found: values))
    }
    return values.map { Int($0) }
  }

  /// The `kernel_shape` that a pool must have.
  func kernelShape() throws(ONNXError) -> [Int] {
    guard try ints("kernel_shape") != nil else { throw fail(.missingAttribute("kernel_shape")) }
    return try pair("kernel_shape", default: 1)
  }
}
