extension TensorFlowLiteOperation {
  /// How many operands the operator may have, those left out included.
  var operandCounts: ClosedRange<Int> {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected: 2...3
    case .binary, .reduction, .expandDims, .pad, .transpose, .resizeNearest, .resizeBilinear, .prelu, .split, .gather,
      .tile,
      .mirrorPad:
      2...2
    case .padV2, .slice, .splitV, .spaceToBatch, .batchToSpace: 3...3
    case .stridedSlice, .transposedConv2D: 4...4
    case .concatenation, .pack: 1...1_024
    case .reshape: 1...2
    case .maxPool2D, .averagePool2D, .unary, .softmax, .logSoftmax, .squeeze, .quantize, .dequantize, .shape, .cast,
      .unpack, .spaceToDepth, .depthToSpace:
      1...1
    }
  }

  /// How many results the operator has.
  var outputCount: Int {
    switch self {
    case .split(let count), .splitV(let count), .unpack(axis: _, let count): count
    default: 1
    }
  }

  /// Whether the results are parts of one operand.
  var isTakingApart: Bool {
    switch self {
    case .split, .splitV, .unpack: true
    default: false
    }
  }

  /// Whether an operand is data, rather than axes, sizes or a shape.
  func readsValues(ofOperand position: Int) -> Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected, .binary, .prelu, .concatenation, .pack: true
    case .transposedConv2D: position <= 2
    case .split: position == 1
    default: position == 0
    }
  }
}

extension TensorFlowLiteModel.Node {
  /// Checks that there are as many operands as the operator has, and that none but a bias is left out.
  func expectOperands(at place: TensorFlowLitePlace) throws(ImportError) {
    let counts = operation.operandCounts
    guard counts.contains(inputs.count) else {
      throw .tensorFlowLite(place, .operandCount(found: inputs.count, expected: counts))
    }
    for (position, input) in inputs.enumerated() where input == nil && operation.readsValues(ofOperand: position) {
      if operation.hasWeights && position == 2 { continue }
      throw .tensorFlowLite(place, .missing("operand \(position)"))
    }
  }
}
