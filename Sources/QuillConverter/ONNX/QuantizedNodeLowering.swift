import Quill
import QuillFloat
import QuillONNX

/// One node of an ONNX network of integers as an int8 operation, its weights as the file has them.
struct QuantizedNodeLowering {
  let graph: Graph
  let node: Graph.Node
  let source: QuantizedONNX

  /// The int8 operation.
  func operation(inputScale: Float) throws(ConverterError) -> QuantizedOperation {
    switch node.operation {
    case .conv2D(let parameters): return .conv2D(parameters, try weights(channelAxis: 0, inputScale))
    case .depthwiseConv2D(let parameters): return .depthwiseConv2D(parameters, try weights(channelAxis: 3, inputScale))
    case .fullyConnected(let activation): return .fullyConnected(activation, try weights(channelAxis: 0, inputScale))
    // onnxruntime computes functions of one number in Float32.
    case .unary(let function): return .lookup(.other(function))
    case .batchNormalization, .binary(.power, _), .binary(.divide, _):
      throw unsupported("its operand is kept in floats; give the float network instead, which quill convert quantises")
    default: return try NodeQuantizer(graph: graph, node: node, perTensor: false).operation(input: nil, output: plain)
    }
  }

  /// What operations without weights do not look at.
  private var plain: QuantizedGraph.Tensor {
    QuantizedGraph.Tensor(name: "", shape: [1], scale: 1, zeroPoint: 0)
  }

  private func unsupported(_ reason: String) -> ConverterError {
    .unsupported(node: node.name, operation: node.operation.name, reason: reason)
  }

  /// An average whose result has other steps than its operand, or which counts its padding, as a convolution with ones
  /// of scale 1 / taps, which rounds once; `nil` where the number of taps varies.
  func pool(isSame: Bool) throws(ConverterError) -> QuantizedOperation? {
    guard case .averagePool2D(let pooling, let countsPadding) = node.operation else { return nil }
    let isPadded = pooling.padding != .none
    if isSame, !isPadded || !countsPadding { return .averagePool2D(pooling, .none) }
    guard !isPadded || countsPadding else { return nil }
    let channels = graph[node.output].shape[3]
    let taps = pooling.windowHeight * pooling.windowWidth
    guard taps <= 4096 else { throw unsupported("its window has \(taps) taps; expected at most 4096") }
    let convolution = Operation.Convolution(
      strideHeight: pooling.strideHeight, strideWidth: pooling.strideWidth, padding: pooling.padding, groups: channels)
    let weights = QuantizedWeights(
      values: [Int8](repeating: 1, count: taps * channels),
      shape: [1, pooling.windowHeight, pooling.windowWidth, channels], scales: [1 / Float(taps)], bias: nil)
    return .depthwiseConv2D(convolution, weights)
  }

  /// The integers that the file has for weights and bias, found again from what they stand for.
  private func weights(channelAxis: Int, _ inputScale: Float) throws(ConverterError) -> QuantizedWeights {
    let tensor = graph[node.inputs[1]]
    guard let values = tensor.constant else { throw unsupported("its weights are not constant") }
    guard let known = source.quantization(of: tensor.name) else {
      throw unsupported("its weights have no scale; \(ONNXRehosting.advice)")
    }
    guard known.zeroPoint == 0 else {
      throw unsupported(
        "its weights have the zero point \(known.zeroPoint); expected 0: quantise with weight_type=QuantType.QInt8")
    }
    let channels = tensor.shape[channelAxis]
    guard known.scales.count == 1 || known.scales.count == channels else {
      throw unsupported("its weights have \(known.scales.count) scales; expected 1 or \(channels)")
    }
    let inner = tensor.shape[(channelAxis + 1)...].reduce(1, *)
    func scale(_ channel: Int) -> Float { known.scales.count == 1 ? known.scales[0] : known.scales[channel] }
    var integers: [Int8] = []
    integers.reserveCapacity(values.count)
    for (position, value) in values.enumerated() {
      let steps = value / scale(position / inner % channels)
      guard abs(steps - steps.rounded()) <= 0x1p-10, abs(steps) < 128.5 else {
        throw unsupported("weight \(position) is \(value), which is no multiple of its scale")
      }
      integers.append(Int8(max(-128, min(127, steps.rounded()))))
    }
    return QuantizedWeights(
      values: integers, shape: tensor.shape, scales: known.scales,
      bias: try bias { Double(inputScale) * Double(scale($0)) })
  }

  private func bias(_ step: (Int) -> Double) throws(ConverterError) -> [Int32]? {
    guard node.inputs.count > 2 else { return nil }
    guard let values = graph[node.inputs[2]].constant else { throw unsupported("its bias is not constant") }
    var steps: [Int32] = []
    for (channel, value) in values.enumerated() {
      guard let integer = Int32(exactly: (Double(value) / step(channel)).rounded()) else {
        throw unsupported("the bias of channel \(channel) does not fit 32 bits in steps of its input and weights")
      }
      steps.append(integer)
    }
    return steps
  }
}

extension Operation {
  /// Whether the core computes it in the steps of its operands.
  var keepsSteps: Bool {
    if case .unary = self { false } else { TensorClasses.keepsScale(self) }
  }
}

extension Operation.UnaryOperator {
  /// The function as what a linear operation can carry, where the result is stored in the given steps.
  func asActivation(within steps: QuantizationParameters?) -> Operation.Activation? {
    switch self {
    case .activation(let activation): return activation
    case .clip(0, 6): return .relu6
    case .clip(-1, 1): return .reluMinus1To1
    case .clip(let low, let high):
      guard let steps else { return nil }
      // What the result cannot hold is cut off anyway.
      let first = steps.scale * Float(-128 - steps.zeroPoint)
      let last = steps.scale * Float(127 - steps.zeroPoint)
      let isCut = last <= high + steps.scale / 2
      if isCut, first >= low - steps.scale / 2 { return Operation.Activation.none }
      return isCut && low == 0 ? .relu : nil
    default: return nil
    }
  }
}
