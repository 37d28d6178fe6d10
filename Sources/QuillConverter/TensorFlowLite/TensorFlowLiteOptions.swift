import QuillFloat

/// Reads the options of an operator; a table that the writer left out gives the schema's defaults.
struct TensorFlowLiteOptions {
  let table: FlatTable?
  let place: TensorFlowLitePlace

  private func failure(_ option: String, _ found: Int, _ expected: String) -> ImportError {
    .tensorFlowLite(place, .unsupportedOption(option, found: "\(found)", expected: expected))
  }

  private func int(_ field: Int, default fallback: Int = 0) throws(ImportError) -> Int {
    try table?.int32(field, default: fallback) ?? fallback
  }

  private func flag(_ field: Int) throws(ImportError) -> Bool { try table?.flag(field) ?? false }

  private func number(_ field: Int) throws(ImportError) -> Float { try table?.float(field) ?? 0 }

  private func activation(_ field: Int) throws(ImportError) -> Operation.Activation {
    switch try table?.int8(field) ?? 0 {
    case 0: return .none
    case 1: return .relu
    case 2: return .reluMinus1To1
    case 3: return .relu6
    case let other: throw failure("fused activation", other, "none, ReLU, ReLU-1-to-1 or ReLU6")
    }
  }

  private func padding() throws(ImportError) -> TensorFlowLiteOperation.Padding {
    let value = try table?.int8(0) ?? 0
    guard let padding = TensorFlowLiteOperation.Padding(rawValue: value) else {
      throw failure("padding", value, "SAME or VALID")
    }
    return padding
  }

  private func positive(_ field: Int, _ name: String, default fallback: Int = 0) throws(ImportError) -> Int {
    let value = try int(field, default: fallback)
    guard value >= 1, value <= 1 << 24 else { throw failure(name, value, "at least 1") }
    return value
  }

  private func convolution(
    activation field: Int, dilation: Int
  ) throws(ImportError) -> TensorFlowLiteOperation.Convolution {
    TensorFlowLiteOperation.Convolution(
      padding: try padding(), strideHeight: try positive(2, "stride_h"), strideWidth: try positive(1, "stride_w"),
      dilationHeight: try positive(dilation + 1, "dilation_h_factor", default: 1),
      dilationWidth: try positive(dilation, "dilation_w_factor", default: 1), activation: try activation(field))
  }

  private func transposedConvolution() throws(ImportError) -> TensorFlowLiteOperation.Convolution {
    TensorFlowLiteOperation.Convolution(
      padding: try padding(), strideHeight: try positive(2, "stride_h"), strideWidth: try positive(1, "stride_w"),
      dilationHeight: 1, dilationWidth: 1, activation: try activation(3))
  }

  private func pooling() throws(ImportError) -> TensorFlowLiteOperation.Pooling {
    TensorFlowLiteOperation.Pooling(
      padding: try padding(), windowHeight: try positive(4, "filter_height"),
      windowWidth: try positive(3, "filter_width"), strideHeight: try positive(2, "stride_h"),
      strideWidth: try positive(1, "stride_w"), activation: try activation(5))
  }

  private func fullyConnected() throws(ImportError) -> TensorFlowLiteOperation {
    let format = try table?.int8(1) ?? 0
    guard format == 0 else { throw failure("weights_format", format, "0, the plain order") }
    return .fullyConnected(try activation(0), keepsAxes: try flag(2))
  }

  private func stridedSlice() throws(ImportError) -> TensorFlowLiteOperation {
    guard try !flag(5) else { throw failure("offset", 1, "0") }
    return .stridedSlice(
      TensorFlowLiteOperation.StridedSlice(
        beginMask: try int(0), endMask: try int(1), ellipsisMask: try int(2), newAxisMask: try int(3),
        shrinkAxisMask: try int(4)))
  }

  /// The operation behind TensorFlow Lite's name.
  func operation(_ name: String) throws(ImportError) -> TensorFlowLiteOperation {
    if let unary = Self.unary[name] { return .unary(unary) }
    switch name {
    case "CONV_2D": return .conv2D(try convolution(activation: 3, dilation: 4))
    case "DEPTHWISE_CONV_2D": return .depthwiseConv2D(try convolution(activation: 4, dilation: 5))
    case "TRANSPOSE_CONV": return .transposedConv2D(try transposedConvolution())
    case "FULLY_CONNECTED": return try fullyConnected()
    case "MAX_POOL_2D": return .maxPool2D(try pooling())
    case "AVERAGE_POOL_2D": return .averagePool2D(try pooling())
    case "ADD": return .binary(.add, try activation(0))
    case "SUB": return .binary(.subtract, try activation(0))
    case "MUL": return .binary(.multiply, try activation(0))
    case "DIV": return .binary(.divide, try activation(0))
    case "MAXIMUM": return .binary(.maximum, .none)
    case "MINIMUM": return .binary(.minimum, .none)
    case "POW": return .binary(.power, .none)
    case "LEAKY_RELU": return .unary(.leakyRelu(alpha: try number(0)))
    case "MEAN": return .reduction(.mean, keepsAxes: try flag(0))
    case "SUM": return .reduction(.sum, keepsAxes: try flag(0))
    case "SOFTMAX": return .softmax(beta: try number(0))
    case "LOG_SOFTMAX": return .logSoftmax
    case "CONCATENATION": return .concatenation(axis: try int(0), try activation(1))
    case "RESHAPE": return .reshape(try table.map { table throws(ImportError) in try table.int32s(0) })
    case "SQUEEZE": return .squeeze(try table?.int32s(0) ?? [])
    case "RESIZE_NEAREST_NEIGHBOR":
      return .resizeNearest(.init(alignsCorners: try flag(0), halfPixelCenters: try flag(1)))
    case "RESIZE_BILINEAR":
      return .resizeBilinear(.init(alignsCorners: try flag(2), halfPixelCenters: try flag(3)))
    case "STRIDED_SLICE": return try stridedSlice()
    case "PACK": return .pack(axis: try int(1))
    case "UNPACK": return .unpack(axis: try int(1), count: try positive(0, "num"))
    case "SPLIT": return .split(count: try positive(0, "num_splits"))
    case "SPLIT_V": return .splitV(count: try positive(0, "num_splits"))
    case "GATHER":
      let batchAxes = try int(1)
      guard batchAxes == 0 else { throw failure("batch_dims", batchAxes, "0") }
      return .gather(axis: try int(0))
    case "REDUCE_MAX": return .reduction(.maximum, keepsAxes: try flag(0))
    case "REDUCE_MIN": return .reduction(.minimum, keepsAxes: try flag(0))
    case "REDUCE_PROD": return .reduction(.product, keepsAxes: try flag(0))
    case "SQUARED_DIFFERENCE": return .binary(.squaredDifference, .none)
    case "SPACE_TO_DEPTH": return .spaceToDepth(block: try positive(0, "block_size"))
    case "DEPTH_TO_SPACE": return .depthToSpace(block: try positive(0, "block_size"))
    case "MIRROR_PAD": return .mirrorPad(keepsEdge: try table?.int8(0) ?? 0 == 1)
    case "GELU": return .unary(.gelu(isApproximate: try flag(0)))
    default:
      guard let plain = Self.plain[name] else { throw .tensorFlowLite(place, .unsupportedOperator) }
      return plain
    }
  }

  private static let unary: [String: TensorFlowLiteOperation.Unary] = [
    "RELU": .relu, "RELU6": .relu6, "RELU_N1_TO_1": .reluMinus1To1, "RELU_0_TO_1": .relu0To1, "LOGISTIC": .logistic,
    "TANH": .tanh, "ELU": .elu, "HARD_SWISH": .hardSwish, "EXP": .exp, "LOG": .log, "SQRT": .squareRoot,
    "NEG": .negate, "ABS": .absolute, "RSQRT": .reciprocalSquareRoot, "SQUARE": .square,
  ]

  private static let plain: [String: TensorFlowLiteOperation] = [
    "EXPAND_DIMS": .expandDims, "PAD": .pad, "PADV2": .padV2, "TRANSPOSE": .transpose, "SLICE": .slice,
    "PRELU": .prelu, "QUANTIZE": .quantize, "DEQUANTIZE": .dequantize, "SHAPE": .shape, "CAST": .cast,
    "TILE": .tile, "SPACE_TO_BATCH_ND": .spaceToBatch, "BATCH_TO_SPACE_ND": .batchToSpace,
  ]
}
