import QuillFloat

/// Arithmetic of two tensors that comes down to tables and the core's products and sums, to the same bytes.
extension TensorFlowLiteIntegerImporter {
  /// `PRELU`: the positive steps requantised as a ReLU does, plus the negative ones times alpha; one of the two is always
  /// zero, and a sum of equal scales is exact.
  mutating func parametricReLU(_ operands: [Int], like result: QuantizedGraph.Tensor) -> Int {
    let source = graph.tensors[operands[0]]
    let positive = emit(.lookup(.relu), [operands[0]], like: result, shape: source.shape)
    let negative = emit(.lookup(.negativePart), [operands[0]], like: source, shape: source.shape)
    let scaled = emit(.multiply(.none), [negative, operands[1]], like: result, shape: source.shape)
    return emit(.add(.none), [positive, scaled], like: result, shape: source.shape)
  }

  /// `DIV` by constants: a table for each different divisor; along the last axis where there are several.
  mutating func quotient(
    _ operands: [Int], _ activation: Operation.Activation, _ geometry: TensorFlowLiteGeometry,
    like result: QuantizedGraph.Tensor
  ) throws(ImportError) -> Int {
    let divisor = graph.tensors[operands[1]]
    let source = graph.tensors[operands[0]]
    guard let values = constantValues(operands[1]) else {
      throw .tensorFlowLite(geometry.place, .notConstant(divisor.name))
    }
    let isPerChannel = values.count == divisor.shape.last && values.count == source.shape.last
    guard isPerChannel || values.count == 1, source.shape == result.shape, (1...64).contains(values.count) else {
      throw .tensorFlowLite(
        geometry.place,
        .unsupportedOption(
          "divisor", found: "of shape \(divisor.shape)", expected: "one number, or one for each of 64 channels at most")
      )
    }
    func function(_ value: Int8) -> LookupFunction {
      .quotient(divisor: Int32(value) - divisor.zeroPoint, divisorScale: divisor.scale, activation)
    }
    guard values.allSatisfy({ Int32($0) != divisor.zeroPoint }) else {
      throw .tensorFlowLite(
        geometry.place, .unsupportedOption("divisor", found: "0", expected: "numbers other than 0"))
    }
    if Set(values).count == 1 {
      return emit(.lookup(function(values[0])), [operands[0]], like: result, shape: source.shape)
    }
    let axis = source.shape.count - 1
    var parts: [Int] = []
    for (channel, value) in values.enumerated() {
      var shape = source.shape
      shape[axis] = 1
      var starts = shape.map { _ in 0 }
      starts[axis] = channel
      let part = emit(
        .slice(starts: starts, steps: shape.map { _ in 1 }), [operands[0]], like: source, shape: shape)
      parts.append(emit(.lookup(function(value)), [part], like: result, shape: shape))
    }
    return emit(.concatenate(axis: axis), parts, like: result, shape: source.shape)
  }

  private func constantValues(_ id: Int) -> [Int8]? {
    guard let node = graph.nodes.first(where: { $0.output == id }), case .constant(let values) = node.operation else {
      return nil
    }
    return values
  }
}
