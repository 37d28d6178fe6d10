import QuillFloat

/// `TRANSPOSE_CONV`, as the convolutions that it stands for; shared by float and int8 networks.
extension TensorFlowLiteGeometry {
  func transposedConvolution(
    _ options: TensorFlowLiteOperation.Convolution, weights: [Int]
  ) throws(ImportError) -> TransposedConvolution {
    let size = try constants.knownIntegers(node, 3, at: place)
    guard input.count == 4, size.count == 4, weights.count == 4, weights[3] == input[3], size[3] == weights[0],
      size.allSatisfy({ (1...(1 << 20)).contains($0) })
    else { throw .tensorFlowLite(place, .badShape(size)) }
    func axis(_ axis: Int, _ stride: Int) -> TransposedConvolution.Axis? {
      let same = SamePadding.split(extent: size[axis], window: weights[axis], stride: stride)
      return TransposedConvolution.Axis(
        input: input[axis], output: size[axis], kernel: weights[axis], stride: stride, dilation: 1,
        before: options.padding == .same ? same.before : 0)
    }
    guard let rows = axis(1, options.strideHeight), let columns = axis(2, options.strideWidth) else {
      throw .tensorFlowLite(
        place,
        .unsupportedOption(
          "stride", found: "\(options.strideHeight) x \(options.strideWidth)",
          expected: "at most \(TransposedConvolution.Axis.permittedStride)"))
    }
    return TransposedConvolution(rows: rows, columns: columns, kernelShape: weights)
  }
}

extension TensorFlowLiteEmitter {
  mutating func transposedConvolution(
    _ options: TensorFlowLiteOperation.Convolution, _ operands: [Graph.TensorID], _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) -> Graph.TensorID {
    let plan = try geometry.transposedConvolution(options, weights: shape(operands[1]))
    guard let kernel = builder.graph[operands[1]].constant else { throw .tensorFlowLite(place, .unsupportedOperator) }
    let bias = operands.count > 2 ? builder.graph[operands[2]].constant : nil
    var parts: [Graph.TensorID] = []
    for part in 0..<plan.partCount {
      var inputs = [operands[0]]
      inputs.append(
        try constant(
          "/kernel\(part)", shape: plan.weightShape(part), plan.weights(part, of: kernel, zero: 0)))
      if let bias {
        let values = plan.perChannel(bias)
        inputs.append(try constant("/bias\(part)", shape: [values.count], values))
      }
      parts.append(
        try node(
          .conv2D(plan.convolution(part, activation: options.activation)), inputs, suffix: "/rows\(part)"))
    }
    return try plan.assembled(parts) { operation, inputs, shape throws(ImportError) in
      try node(operation, inputs, shape: shape)
    }
  }

  mutating func constant(
    _ suffix: String, shape: [Int], _ values: [Float]
  ) throws(ImportError) -> Graph.TensorID {
    do throws(GraphError) {
      return try builder.constant(name + suffix, shape: shape, values)
    } catch {
      throw .tensorFlowLite(place, .graph(error))
    }
  }
}

extension TensorFlowLiteIntegerImporter {
  /// The same sums as the reference kernel's, rounded in the same way.
  mutating func transposedConvolution(
    _ input: Int, _ weights: QuantizedWeights, _ options: TensorFlowLiteOperation.Convolution,
    _ geometry: TensorFlowLiteGeometry, like result: QuantizedGraph.Tensor
  ) throws(ImportError) -> Int {
    let plan = try geometry.transposedConvolution(options, weights: weights.shape)
    var parts: [Int] = []
    for part in 0..<plan.partCount {
      try constants.claim(plan.weightShape(part).product, geometry.node.inputs[1] ?? 0)
      let partWeights = QuantizedWeights(
        values: plan.weights(part, of: weights.values, zero: 0), shape: plan.weightShape(part),
        scales: weights.scales.count == 1 ? weights.scales : plan.perChannel(weights.scales),
        bias: weights.bias.map(plan.perChannel))
      parts.append(
        emit(
          .conv2D(plan.convolution(part, activation: options.activation), partWeights), [input], like: result,
          shape: plan.partShape))
    }
    return try plan.assembled(parts) { operation, inputs, shape throws(ImportError) in
      switch operation {
      case .reshape: return emit(.reshape, inputs, like: result, shape: shape)
      case .concatenate(let axis): return emit(.concatenate(axis: axis), inputs, like: result, shape: shape)
      case .slice(let starts, let steps):
        return emit(.slice(starts: starts, steps: steps), inputs, like: result, shape: shape)
      default: throw .tensorFlowLite(geometry.place, .unsupportedOperator)
      }
    }
  }
}
