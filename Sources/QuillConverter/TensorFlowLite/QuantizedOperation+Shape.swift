import QuillFloat

extension QuantizedOperation {
  /// The shape of the result for operands of those shapes, by the rules of the float operations.
  ///
  /// `declared` is the shape that only attributes or the file tell: of a reshape, slice or resize, and for a product
  /// or reduction whether axes are kept; those are checked against the number of elements that the operation gives.
  func outputShape(of inputs: [[Int]], declared: [Int]?) throws(GraphError) -> [Int] {
    switch self {
    case .conv2D(let convolution, let weights):
      return try Operation.conv2D(convolution).outputShape(of: inputs + [weights.shape])
    case .depthwiseConv2D(let convolution, let weights):
      return try Operation.depthwiseConv2D(convolution).outputShape(of: inputs + [weights.shape])
    case .fullyConnected(let activation, let weights):
      let depth = weights.shape.count == 2 ? weights.shape[1] : 0
      let count = inputs[0].product
      let rows = depth > 0 && count % depth == 0 ? [count / depth, depth] : inputs[0]
      let result = try Operation.fullyConnected(activation).outputShape(of: [rows, weights.shape])
      // A file of an open batch may declare fewer rows than there are.
      let rowCount = declared.map { $0.product == result.product } ?? false
      return try Operation.reshape.outputShape(of: [result], declared: rowCount ? declared : result)
    case .mean(let axes): return try reduced(.mean(axes: axes, keepsAxes: false), inputs, declared)
    case .sum(let axes): return try reduced(.sum(axes: axes, keepsAxes: false), inputs, declared)
    case .maxPool2D(let pooling, _): return try Operation.maxPool2D(pooling).outputShape(of: inputs)
    case .averagePool2D(let pooling, _):
      return try Operation.averagePool2D(pooling, countsPadding: false).outputShape(of: inputs)
    case .add(let activation): return try Operation.binary(.add, activation).outputShape(of: inputs)
    case .subtract(let activation): return try Operation.binary(.subtract, activation).outputShape(of: inputs)
    case .multiply(let activation): return try Operation.binary(.multiply, activation).outputShape(of: inputs)
    case .maximum: return try Operation.binary(.maximum, .none).outputShape(of: inputs)
    case .minimum: return try Operation.binary(.minimum, .none).outputShape(of: inputs)
    case .lookup: return try Operation.unary(.activation(.relu)).outputShape(of: inputs)
    case .softmax: return try Operation.softmax(axis: max(0, inputs[0].count - 1)).outputShape(of: inputs)
    case .pad(let before, let after):
      return try Operation.pad(before: before, after: after, value: 0).outputShape(of: inputs)
    case .reshape: return try Operation.reshape.outputShape(of: inputs, declared: declared)
    case .transpose(let permutation): return try Operation.transpose(permutation: permutation).outputShape(of: inputs)
    case .concatenate(let axis): return try Operation.concatenate(axis: axis).outputShape(of: inputs)
    case .slice(let starts, let steps):
      return try Operation.slice(starts: starts, steps: steps).outputShape(of: inputs, declared: declared)
    case .resizeNearest(let options):
      return try Operation.resizeNearest(options).outputShape(of: inputs, declared: declared)
    case .normalize(let axes, let centers, let epsilon):
      return try Operation.normalize(axes: axes, centers: centers, epsilon: epsilon).outputShape(of: inputs)
    case .constant: return declared ?? []
    }
  }

  private func reduced(_ operation: Operation, _ inputs: [[Int]], _ declared: [Int]?) throws(GraphError) -> [Int] {
    let result = try operation.outputShape(of: inputs)
    return try Operation.reshape.outputShape(of: [result], declared: declared ?? result)
  }

  /// Whether operands and result hold the same bytes for the same numbers.
  var keepsQuantization: Bool {
    switch self {
    case .maxPool2D, .averagePool2D, .maximum, .minimum, .pad, .reshape, .transpose, .concatenate, .slice,
      .resizeNearest:
      true
    case .conv2D, .depthwiseConv2D, .fullyConnected, .mean, .sum, .add, .subtract, .multiply, .lookup, .softmax,
      .normalize, .constant:
      false
    }
  }

  /// The scale and zero point that the operation's result always has (`arithmetic.md`, "Numbers"), or nil.
  var fixedOutput: (scale: Float, zeroPoint: Int32)? {
    switch self {
    case .softmax, .lookup(.logistic): (0x1p-8, -128)
    case .lookup(.tanh): (0x1p-7, 0)
    default: nil
    }
  }
}
