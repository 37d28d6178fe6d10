import QuillFloat

/// `Conv2DTranspose`, as the convolutions that it stands for.
extension KerasImporter {
  mutating func transposedConvolution(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let filters = try call.integer("filters")
    let kernel = try call.pair("kernel_size")
    let usesBias = try call.flag("use_bias", default: true)
    let input = shape(call.inputs[0])
    guard input.count == 4 else {
      throw call.failure(.unsupportedOption("input", found: "\(input)", expected: "an image"))
    }
    let plan = try plan(call, input, filters: filters)
    let arrays = try weights(
      call, [[kernel.height, kernel.width, filters, input[3]]] + (usesBias ? [[filters]] : []))
    let ordered = arrays[0].transposed([2, 0, 1, 3])
    let function = try KerasActivation(call.option("activation"), call)
    let fused = function.fused
    var parts: [Graph.TensorID] = []
    for part in 0..<plan.partCount {
      let weights = FloatTensor(
        shape: plan.weightShape(part), values: plan.weights(part, of: ordered.values, zero: 0))
      var operands = [call.inputs[0], try constant("kernel/\(part)", weights, call)]
      if usesBias {
        let bias = plan.perChannel(arrays[1].values)
        operands.append(try constant("bias/\(part)", FloatTensor(shape: [bias.count], values: bias), call))
      }
      let convolution = plan.convolution(part, activation: fused ?? .none)
      parts.append(try node(.conv2D(convolution), operands, "\(call.name)/rows\(part)", call))
    }
    let result = try plan.assembled(parts) { operation, inputs, shape throws(ImportError) in
      try node(operation, inputs, call.name, call, shape: shape)
    }
    return fused == nil ? try apply(function, to: result, call) : result
  }

  /// Where the kernel's elements go. TensorFlow pads as the convolution of which this one is the transpose.
  private func plan(
    _ call: KerasCall, _ input: [Int], filters: Int
  ) throws(ImportError) -> TransposedConvolution {
    let one = KerasCall.Pair(height: 1, width: 1)
    let kernel = try call.pair("kernel_size")
    let strides = try call.pair("strides", default: one)
    let dilation = try call.pair("dilation_rate", default: one)
    let more = try call.numbers("output_padding")?.map { Int(exactly: $0) ?? -1 }
    let padding = call.option("padding")?.string ?? "valid"
    guard padding == "valid" || padding == "same" else {
      throw call.failure(.unsupportedOption("padding", found: padding, expected: "valid or same"))
    }
    let isSame = padding == "same"
    func axis(
      _ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ more: Int?
    ) -> TransposedConvolution.Axis? {
      let span = (kernel - 1) * dilation + 1
      guard input <= 1 << 20, kernel <= 1 << 12, stride <= 1 << 12, dilation <= 1 << 12, more.map({ $0 >= 0 }) ?? true
      else { return nil }
      let output =
        more.map { (input - 1) * stride + span - (isSame ? span / 2 * 2 : 0) + $0 }
        ?? (isSame ? input * stride : (input - 1) * stride + max(span, stride))
      guard output >= 1 else { return nil }
      return TransposedConvolution.Axis(
        input: input, output: output, kernel: kernel, stride: stride, dilation: dilation,
        before: isSame ? SamePadding.split(extent: output, window: span, stride: stride).before : 0)
    }
    guard
      let rows = axis(input[1], kernel.height, strides.height, dilation.height, more?.first),
      let columns = axis(input[2], kernel.width, strides.width, dilation.width, more?.last)
    else {
      let most = TransposedConvolution.Axis.permittedStride
      throw call.failure(
        .unsupportedOption(
          "strides", found: "\(strides.height) x \(strides.width)",
          expected: "at most \(most), and a kernel that fits the image"))
    }
    return TransposedConvolution(
      rows: rows, columns: columns, kernelShape: [filters, kernel.height, kernel.width, input[3]])
  }
}
