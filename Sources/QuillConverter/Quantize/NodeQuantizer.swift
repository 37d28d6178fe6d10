import Quill
import QuillFloat

/// One float node as an int8 operation, weights and bias quantised.
struct NodeQuantizer {
  let graph: Graph
  let node: Graph.Node
  let perTensor: Bool

  /// The operands that are tensors of the int8 network: weights and biases belong to their operation.
  static func tensorInputs(of node: Graph.Node) -> [Graph.TensorID] {
    switch node.operation {
    case .conv2D, .depthwiseConv2D, .fullyConnected: [node.inputs[0]]
    default: node.inputs
    }
  }

  /// The int8 operation for the scales of its first operand and its output.
  func operation(
    input: QuantizedGraph.Tensor?, output: QuantizedGraph.Tensor
  ) throws(ConverterError) -> QuantizedOperation {
    switch node.operation {
    case .conv2D(let parameters): return .conv2D(parameters, try weights(channelAxis: 0, input))
    case .depthwiseConv2D(let parameters): return .depthwiseConv2D(parameters, try weights(channelAxis: 3, input))
    case .fullyConnected(let activation): return .fullyConnected(activation, try weights(channelAxis: 0, input))
    case .maxPool2D(let pooling): return .maxPool2D(pooling, .none)
    case .averagePool2D(let pooling, false): return .averagePool2D(pooling, .none)
    case .mean(let axes, _): return .mean(axes: axes)
    case .sum(let axes, _): return .sum(axes: axes)
    case .binary(.add, let activation): return .add(activation)
    case .binary(.subtract, let activation): return .subtract(activation)
    case .binary(.multiply, let activation): return .multiply(activation)
    case .binary(.maximum, .none): return .maximum
    case .binary(.minimum, .none): return .minimum
    case .unary(let function): return .lookup(lookup(function))
    case .softmax(let axis):
      guard axis == graph[node.output].shape.count - 1 else {
        throw unsupported("it runs along axis \(axis), not the last")
      }
      return .softmax(beta: 1)
    case .pad(let before, let after, 0): return .pad(before: before, after: after)
    case .reshape: return .reshape
    case .transpose(let permutation): return .transpose(permutation: permutation)
    case .concatenate(let axis): return .concatenate(axis: axis)
    case .slice(let starts, let steps): return .slice(starts: starts, steps: steps)
    case .resizeNearest(let resize): return .resizeNearest(resize)
    case .normalize(let axes, let centers, let epsilon):
      return .normalize(axes: axes, centers: centers, epsilon: epsilon)
    case .pad: throw unsupported("it pads with a number other than 0")
    case .matrixMultiply:
      throw unsupported(
        "the network computes both of its operands, as attention does; the runtime multiplies by constants")
    case .averagePool2D, .batchNormalization, .logSoftmax, .binary:
      throw unsupported("the runtime has no operator for it in this place; write this part with other layers")
    }
  }

  private func unsupported(_ reason: String) -> ConverterError {
    .unsupported(node: node.name, operation: node.operation.name, reason: reason)
  }

  private func lookup(_ function: Operation.UnaryOperator) -> LookupFunction {
    switch function {
    case .activation(.none): .requantize
    case .activation(.relu): .relu
    case .activation(.relu6): .relu6
    case .activation(.reluMinus1To1): .reluMinus1To1
    case .leakyRelu(let alpha) where alpha >= 0: .leakyRelu(alpha: alpha)
    case .elu(let alpha): .elu(alpha: alpha)
    case .sigmoid: .logistic
    case .tanh: .tanh
    case .hardSwish: .hardSwish
    case .leakyRelu, .clip, .hardSigmoid, .exp, .log, .squareRoot, .absolute, .negate, .reciprocal,
      .errorFunction, .softplus:
      .other(function)
    }
  }

  // MARK: Weights

  private func weights(
    channelAxis: Int, _ input: QuantizedGraph.Tensor?
  ) throws(ConverterError) -> QuantizedWeights {
    let tensor = graph[node.inputs[1]]
    guard let values = tensor.constant, let input else { throw unsupported("its weights are not constant") }
    let channels = tensor.shape[channelAxis]
    let bias = node.inputs.count > 2 ? graph[node.inputs[2]].constant : nil
    if node.inputs.count > 2 && bias == nil { throw unsupported("its bias is not constant") }
    let inner = tensor.shape[(channelAxis + 1)...].reduce(1, *)
    var magnitudes = [Float](repeating: 0, count: channels)
    for (position, value) in values.enumerated() {
      let channel = position / inner % channels
      magnitudes[channel] = max(magnitudes[channel], abs(value))
    }
    if perTensor { magnitudes = [Float](repeating: magnitudes.max() ?? 0, count: channels) }
    let perChannelCount = values.count / channels
    let scales = (0..<channels).map {
      scale(magnitude: magnitudes[$0], bias: bias?[$0] ?? 0, inputScale: input.scale, count: perChannelCount)
    }
    // A single scale has to serve the most demanding channel.
    let used = perTensor ? [Float](repeating: scales.max() ?? 1, count: channels) : scales
    let quantized = values.indices.map { position in
      max(-127, QuillConverter.quantize(values[position], scale: used[position / inner % channels], zeroPoint: 0))
    }
    let steps = bias.map { bias in
      bias.indices.map { channel in
        let real = Double(bias[channel]) / (Double(input.scale) * Double(used[channel]))
        return Int32(max(-0x1p31, min(0x1p31 - 1, real.rounded(.toNearestOrAwayFromZero))))
      }
    }
    return QuantizedWeights(values: quantized, shape: tensor.shape, scales: used, bias: steps)
  }

  /// The finest scale that holds a channel's weights and keeps its sum, bias included, within 31 bits.
  private func scale(magnitude: Float, bias: Float, inputScale: Float, count: Int) -> Float {
    let fit = Double(magnitude) / 127
    // |bias| / (inputScale * scale) + 127 * 255 * count < 2^31, with room for rounding.
    let room = max(0x1p31 - 0x1p16 - Double(count) * 127 * 255, 0x1p24)
    let forBias = Double(abs(bias)) / (Double(inputScale) * room)
    let scale = max(fit, forBias)
    return scale > 0 ? max(Float(scale), 0x1p-100) : 1
  }
}
