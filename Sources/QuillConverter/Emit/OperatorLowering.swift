import Quill
import QuillFloat

/// Turns a quantised network's nodes into the core's operators, with all their constants.
struct OperatorLowering {
  let graph: QuantizedGraph
  let match: Match
  private(set) var weights = WeightPacker()
  /// The tensors as the file stores them; halos grow as convolutions ask for them.
  private(set) var tensors: [TensorRecord] = []

  init(_ graph: QuantizedGraph, match: Match) throws(ConverterError) {
    self.graph = graph
    self.match = match
    for tensor in graph.tensors { tensors.append(try Self.record(tensor)) }
  }

  /// A tensor as an image.
  private static func record(_ tensor: QuantizedGraph.Tensor) throws(ConverterError) -> TensorRecord {
    let shape = tensor.shape
    guard (1...4).contains(shape.count) else {
      throw .shape(tensor: tensor.name, shape: shape, reason: "the runtime stores tensors of one to four axes")
    }
    return try record(tensor, axes: axes(of: shape))
  }

  /// `[N, H, W, C]` of a shape with fewer axes.
  private static func axes(of shape: [Int]) -> [Int] {
    switch shape.count {
    case 1: [1, 1, 1, shape[0]]
    case 2: [shape[0], 1, 1, shape[1]]
    case 3: [shape[0], 1, shape[1], shape[2]]
    default: shape
    }
  }

  private static func record(_ tensor: QuantizedGraph.Tensor, axes: [Int]) throws(ConverterError) -> TensorRecord {
    guard axes[0] == 1 else {
      throw .shape(tensor: tensor.name, shape: tensor.shape, reason: "the first axis is the batch; expected 1")
    }
    guard axes[1] <= 65_535, axes[2] <= 65_535, axes.product < 1 << 30 else {
      throw .shape(
        tensor: tensor.name, shape: tensor.shape,
        reason: "the runtime stores at most 65,535 rows and columns and 2^30 values")
    }
    return TensorRecord(
      height: axes[1], width: axes[2], channels: axes[3], rank: tensor.shape.count, scaleBits: tensor.scale.bitPattern,
      zeroPoint: tensor.zeroPoint)
  }

  /// The core's operator for a node.
  mutating func lower(_ node: QuantizedGraph.Node) throws(ConverterError) -> Operator {
    switch node.operation {
    case .conv2D(let parameters, let weights): return .conv2D(try convolution(node, parameters, weights))
    case .depthwiseConv2D(let parameters, let weights):
      return .depthwiseConv2D(try depthwise(node, parameters, weights))
    case .fullyConnected(let activation, let weights):
      return .fullyConnected(try fullyConnected(node, activation, weights))
    case .maxPool2D(let pooling, let activation): return .maxPool2D(pool(node, pooling, activation))
    case .averagePool2D(let pooling, let activation): return .averagePool2D(pool(node, pooling, activation))
    case .mean(let axes): return .mean(try reduction(node, axes, isMean: true))
    case .sum(let axes): return .sum(try reduction(node, axes, isMean: false))
    case .add(let activation): return .add(try addition(node, activation))
    case .subtract(let activation): return .subtract(try addition(node, activation))
    case .multiply(let activation): return .multiply(try multiplication(node, activation))
    case .maximum: return .maximum
    case .minimum: return .minimum
    case .lookup(let function): return .lookup(try lookup(node, function))
    case .softmax(let beta): return .softmax(try softmax(node, beta))
    case .pad(let before, _): return .pad(try padding(node, before))
    case .reshape: return .reshape
    case .transpose(let permutation): return .transpose(try transposition(node, permutation))
    case .concatenate(let axis): return .concatenate(try concatenation(node, axis))
    case .slice(let starts, let steps): return .slice(try slice(node, starts, steps))
    case .resizeNearest(let resize): return .resizeNearest(nearestResize(node, resize))
    case .normalize(let axes, let centers, let epsilon):
      return .normalize(try normalization(node, axes, centers, epsilon))
    case .constant(let values):
      var constant = Constant()
      constant.valuesOffset = weights.append(values, alignment: 16)
      return .constant(constant)
    }
  }

  private func input(_ node: QuantizedGraph.Node) -> QuantizedGraph.Tensor { graph.tensors[node.inputs[0]] }
  private func output(_ node: QuantizedGraph.Node) -> QuantizedGraph.Tensor { graph.tensors[node.output] }

  private func range(_ node: QuantizedGraph.Node, _ activation: Operation.Activation) -> OutputRange {
    OutputRange(activation, scale: output(node).scale, zeroPoint: output(node).zeroPoint)
  }

  // MARK: Linear operators

  /// Geometry shared by both convolutions; the input's halo grows to hold the padding.
  private mutating func geometry(
    _ node: QuantizedGraph.Node, _ parameters: Operation.Convolution, kernel: [Int]
  ) throws(ConverterError) -> Convolution {
    let limits = [
      kernel[0], kernel[1], parameters.strideHeight, parameters.strideWidth, parameters.dilationHeight,
      parameters.dilationWidth,
    ]
    guard limits.allSatisfy({ (1...1024).contains($0) }), parameters.padding.top <= 4096,
      parameters.padding.left <= 4096
    else {
      throw .unsupported(
        node: node.name, operation: "Conv2D", reason: "kernel, stride or dilation is above 1024, or padding above 4096")
    }
    var result = Convolution()
    result.kernelHeight = UInt16(kernel[0])
    result.kernelWidth = UInt16(kernel[1])
    result.strideHeight = UInt16(parameters.strideHeight)
    result.strideWidth = UInt16(parameters.strideWidth)
    result.dilationHeight = UInt16(parameters.dilationHeight)
    result.dilationWidth = UInt16(parameters.dilationWidth)
    result.padTop = UInt16(parameters.padding.top)
    result.padLeft = UInt16(parameters.padding.left)
    result.range = range(node, parameters.activation)
    growHalo(of: node.inputs[0], to: tensors[node.output], result)
    return result
  }

  private mutating func growHalo(of index: Int, to output: TensorRecord, _ convolution: Convolution) {
    var tensor = tensors[index]
    let rows =
      (Int(output.height) - 1) * Int(convolution.strideHeight)
      + (Int(convolution.kernelHeight) - 1) * Int(convolution.dilationHeight) + 1
    let columns =
      (Int(output.width) - 1) * Int(convolution.strideWidth)
      + (Int(convolution.kernelWidth) - 1) * Int(convolution.dilationWidth) + 1
    tensor.haloTop = max(tensor.haloTop, convolution.padTop)
    tensor.haloLeft = max(tensor.haloLeft, convolution.padLeft)
    tensor.haloBottom = max(
      tensor.haloBottom, UInt16(max(0, rows - Int(convolution.padTop) - Int(tensor.height))))
    tensor.haloRight = max(
      tensor.haloRight, UInt16(max(0, columns - Int(convolution.padLeft) - Int(tensor.width))))
    let pixels = Int(tensor.haloLeft) + Int(tensor.width) + Int(tensor.haloRight)
    tensor.rowPitch = UInt32(pixels) * tensor.channels
    tensors[index] = tensor
  }

  private mutating func convolution(
    _ node: QuantizedGraph.Node, _ parameters: Operation.Convolution, _ linear: QuantizedWeights
  ) throws(ConverterError) -> Convolution {
    var result = try geometry(node, parameters, kernel: Array(linear.shape[1...2]))
    let linear = settled(node, linear, result.range)
    result.groups = UInt32(parameters.groups)
    let order = result.runs(input: tensors[node.inputs[0]], output: tensors[node.output])
    result.linear = try pack(node, linear, order, rounding: .double)
    return result
  }

  private mutating func depthwise(
    _ node: QuantizedGraph.Node, _ parameters: Operation.Convolution, _ linear: QuantizedWeights
  ) throws(ConverterError) -> Convolution {
    var result = try geometry(node, parameters, kernel: Array(linear.shape[1...2]))
    let linear = settled(node, linear, result.range, isDepthwise: true)
    result.groups = tensors[node.inputs[0]].channels
    let channels = linear.shape[3]
    let taps = linear.shape[1] * linear.shape[2]
    let perChannel = (0..<channels).map { channel in (0..<taps).map { linear.values[$0 * channels + channel] } }
    let table = try LinearLowering(
      node: node, weights: linear, input: input(node), output: output(node), rounding: .double
    ).table(channels: perChannel, columns: Array(0..<channels), rowLength: (channels + 15) / 16 * 16)
    result.linear.weightsOffset = weights.append(
      WeightPacker.packedDepthwise(linear.values, result, channels: channels))
    result.linear.channelsOffset = weights.append(table)
    return result
  }

  private mutating func fullyConnected(
    _ node: QuantizedGraph.Node, _ activation: Operation.Activation, _ linear: QuantizedWeights
  ) throws(ConverterError) -> FullyConnected {
    var result = FullyConnected()
    result.inputDepth = UInt32(linear.shape[1])
    result.range = range(node, activation)
    let rounding: Rounding = match == .liteRT ? .real : .double
    result.linear = try pack(
      node, settled(node, linear, result.range, rounding: rounding), result.order(outputs: linear.shape[0]),
      rounding: rounding)
    return result
  }

  private func settled(
    _ node: QuantizedGraph.Node, _ linear: QuantizedWeights, _ range: OutputRange, isDepthwise: Bool = false,
    rounding: Rounding = .double
  ) -> QuantizedWeights {
    ConstantChannels(
      weights: linear, isDepthwise: isDepthwise, input: input(node), output: output(node), range: range,
      rounding: rounding
    ).settled
  }

  private mutating func pack(
    _ node: QuantizedGraph.Node, _ linear: QuantizedWeights, _ order: WeightOrder, rounding: Rounding
  ) throws(ConverterError) -> LinearWeights {
    let perChannel = order.runCount * order.runByteCount
    let channels = (0..<order.groups * order.channelsPerGroup).map {
      Array(linear.values[$0 * perChannel..<($0 + 1) * perChannel])
    }
    let columns = channels.indices.map {
      $0 / order.channelsPerGroup * order.blocks * 16 + $0 % order.channelsPerGroup
    }
    let table = try LinearLowering(
      node: node, weights: linear, input: input(node), output: output(node), rounding: rounding
    ).table(channels: channels, columns: columns, rowLength: order.paddedChannels)
    var result = LinearWeights()
    result.weightsOffset = weights.append(WeightPacker.packed(linear.values, order))
    result.channelsOffset = weights.append(table)
    result.roundingNumber = UInt32(rounding.rawValue)
    return result
  }

  /// Keeps a table in the weights section.
  mutating func keep(_ values: [Int8]) -> UInt32 { weights.append(values) }

  /// Keeps numbers in the weights section.
  mutating func keep(_ numbers: [Int32]) -> UInt32 { weights.append(numbers) }
}
