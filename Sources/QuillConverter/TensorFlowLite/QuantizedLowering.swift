import QuillFloat

/// Finds the quantised operation for one TensorFlow Lite operator.
struct QuantizedLowering {
  let geometry: TensorFlowLiteGeometry

  /// The weights of a linear operator.
  let weights: QuantizedWeights?

  private var unsupported: ImportError { .tensorFlowLite(geometry.place, .unsupportedOperator) }

  func operation() throws(ImportError) -> QuantizedOperation {
    switch geometry.node.operation {
    case .conv2D(let options):
      guard let weights else { throw unsupported }
      return .conv2D(try geometry.convolution(options, weights: weights.shape, isDepthwise: false), weights)
    case .depthwiseConv2D(let options):
      guard let weights else { throw unsupported }
      return .depthwiseConv2D(try geometry.convolution(options, weights: weights.shape, isDepthwise: true), weights)
    case .fullyConnected(let activation, keepsAxes: _):
      guard let weights else { throw unsupported }
      return .fullyConnected(activation, weights)
    case .maxPool2D(let options): return .maxPool2D(try geometry.pooling(options), options.activation)
    case .averagePool2D(let options): return .averagePool2D(try geometry.pooling(options), options.activation)
    case .binary(let binary, let activation): return try self.binary(binary, activation)
    case .unary(let unary): return .lookup(try function(unary))
    case .reduction(.mean, keepsAxes: _): return .mean(axes: try geometry.reducedAxes())
    case .reduction(.sum, keepsAxes: _): return .sum(axes: try geometry.reducedAxes())
    case .softmax(let beta): return .softmax(beta: beta)
    case .concatenation(let axis, .none): return .concatenate(axis: try geometry.axis(axis))
    case .reshape, .squeeze, .expandDims: return .reshape
    case .pad:
      let paddings = try geometry.paddings()
      return .pad(before: paddings.before, after: paddings.after)
    case .transpose: return .transpose(permutation: try geometry.permutation())
    case .slice, .stridedSlice:
      let slice = try geometry.slice()
      return .slice(starts: slice.starts, steps: slice.steps)
    case .resizeNearest(let options): return .resizeNearest(options)
    case .concatenation, .logSoftmax, .padV2, .prelu, .quantize, .dequantize, .shape, .pack, .cast, .split, .splitV,
      .unpack, .gather, .transposedConv2D, .tile, .spaceToDepth, .depthToSpace, .mirrorPad, .resizeBilinear,
      .spaceToBatch,
      .batchToSpace, .reduction:
      throw unsupported
    }
  }

  private func binary(
    _ binary: TensorFlowLiteOperation.Binary, _ activation: Operation.Activation
  ) throws(ImportError) -> QuantizedOperation {
    switch binary {
    case .add: return .add(activation)
    case .subtract: return .subtract(activation)
    case .multiply: return .multiply(activation)
    case .maximum: return .maximum
    case .minimum: return .minimum
    case .divide, .power, .squaredDifference: throw unsupported
    }
  }

  private func function(_ unary: TensorFlowLiteOperation.Unary) throws(ImportError) -> LookupFunction {
    switch unary {
    case .relu: return .relu
    case .relu6: return .relu6
    case .reluMinus1To1: return .reluMinus1To1
    case .leakyRelu(let alpha):
      guard alpha.isFinite, alpha >= 0 else {
        throw .tensorFlowLite(
          geometry.place, .unsupportedOption("alpha", found: "\(alpha)", expected: "at least 0"))
      }
      return .leakyRelu(alpha: alpha)
    case .logistic: return .logistic
    case .tanh: return .tanh
    case .elu: return .elu(alpha: 1)
    case .hardSwish: return .hardSwish
    case .absolute: return .absolute
    case .exp: return .tabulated(.exponential)
    case .gelu(let isApproximate): return .tabulated(.gelu(isApproximate: isApproximate))
    case .reciprocalSquareRoot: return .reciprocalSquareRoot
    case .log: return .tabulated(.logarithm)
    case .squareRoot: return .squareRoot
    case .negate: return .negatedByte
    case .relu0To1: return .relu0To1
    case .square: throw unsupported
    }
  }
}

extension TensorFlowLiteOperation {
  /// Whether the second operand is weights, and the third a bias.
  var hasWeights: Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected, .transposedConv2D: true
    default: false
    }
  }
}

extension TensorFlowLiteGeometry {
  /// The shape that only attributes tell, for operations whose result has one.
  func target(of operation: QuantizedOperation) throws(ImportError) -> [Int]? {
    switch operation {
    case .reshape:
      if case .reshape(let target) = node.operation { return try reshaped(target) }
      return declared
    case .slice: return try slice().extents
    case .resizeNearest: return try resized()
    case .fullyConnected, .mean, .sum: return declared
    default: return nil
    }
  }
}
