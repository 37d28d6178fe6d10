extension TensorFlowLiteOperation {
  /// How many operands the operator may have, those left out included.
  var operandCounts: ClosedRange<Int> {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected: 2...3
    case .binary, .reduction, .expandDims, .pad, .transpose, .resizeNearest, .prelu: 2...2
    case .padV2, .slice: 3...3
    case .stridedSlice: 4...4
    case .concatenation, .pack: 1...1_024
    case .reshape: 1...2
    case .maxPool2D, .averagePool2D, .unary, .softmax, .logSoftmax, .squeeze, .quantize, .dequantize, .shape, .cast:
      1...1
    }
  }

  /// Whether an operand is data, rather than axes, sizes or a shape.
  func readsValues(ofOperand position: Int) -> Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected, .binary, .prelu, .concatenation, .pack: true
    default: position == 0
    }
  }
}
