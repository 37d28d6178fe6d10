import Quill
import QuillFloat

/// Takes the systematic part of the quantisation error out of each linear layer's bias.
///
/// Rounding weights and inputs shifts a channel's mean. Since a linear layer of a mean is the mean of the layer, the
/// shift of channel `c` is `layer(quantised weights, mean int8 input)[c] - layer(weights, mean input)[c]`, averaged over
/// positions: exact on the calibration images. Layers are corrected in order, each on what the corrected ones before it
/// now answer. Source: Nagel et al. 2019 (arXiv 1906.04721), section 4.2, with measured means.
struct BiasCorrection {
  private let reference: FloatReference
  private var quantized: QuantizedGraph

  /// The network with corrected biases.
  static func corrected(
    _ quantized: QuantizedGraph, _ reference: FloatReference
  ) throws(ConverterError) -> QuantizedGraph {
    var correction = BiasCorrection(reference: reference, quantized: quantized)
    try correction.run()
    return correction.quantized
  }

  private mutating func run() throws(ConverterError) {
    let lowered = reference.graph
    let nodes = Dictionary(
      lowered.nodes.map { (lowered[$0.output].name, $0) }, uniquingKeysWith: { first, _ in first })
    var run = try reference.run(of: quantized, count: reference.count)
    for index in quantized.nodes.indices where quantized.nodes[index].operation.weights != nil {
      guard let node = nodes[quantized.tensors[quantized.nodes[index].output].name],
        let mean = reference.means[node.inputs[0]]
      else { continue }
      let reach = reference.reaches[node.inputs[0].index]
      try correct(index, node, float: mean, quantized: try quantizedMean(of: index, reach: reach, &run))
    }
  }

  /// The mean of a node's operand in the int8 network as it stands.
  private func quantizedMean(
    of index: Int, reach: Calibration.Range, _ run: inout QuantizedRun
  ) throws(ConverterError) -> [Double] {
    let operand = quantized.nodes[index].inputs[0]
    let tensor = quantized.tensors[operand]
    let reals = (-128...127).map { step in
      reach.clamping(Double(tensor.scale) * Double(step - tensor.zeroPoint))
    }
    var sum = [Double](repeating: 0, count: tensor.shape.product)
    try run.values(of: operand, in: quantized, beforeOperator: index) { _, values in
      for position in sum.indices { sum[position] += reals[Int(values[position]) + 128] }
    }
    return sum.map { $0 / Double(run.count) }
  }

  private mutating func correct(
    _ index: Int, _ node: Graph.Node, float mean: [Double], quantized quantizedMean: [Double]
  ) throws(ConverterError) {
    guard var weights = quantized.nodes[index].operation.weights, let real = reference.graph[node.inputs[1]].constant
    else { return }
    let channels = weights.scales.count
    let places = WeightPlaces(node, in: reference.graph)
    let rounded = weights.values.indices.map { position in
      Float(weights.values[position]) * weights.scale(places.output(of: position))
    }
    let before = try channelMeans(node, real, mean)
    let after = try channelMeans(node, rounded, quantizedMean)
    let inputScale = Double(quantized.tensors[quantized.nodes[index].inputs[0]].scale)
    var bias = weights.bias ?? [Int32](repeating: 0, count: channels)
    for channel in 0..<channels {
      let steps = (after[channel] - before[channel]) / (inputScale * Double(weights.scale(channel)))
      // A shift of a whole output range is no rounding error: such a channel is left as it is.
      guard steps.isFinite, abs(steps) < 0x1p24 else { continue }
      bias[channel] = bias[channel].subtractingReportingOverflow(Int32(steps.rounded())).partialValue
    }
    weights.bias = bias
    quantized.nodes[index].operation.weights = weights
  }

  /// A layer's answers to a mean input, without bias and activation, averaged over positions.
  private func channelMeans(_ node: Graph.Node, _ weights: [Float], _ mean: [Double]) throws(ConverterError) -> [Double]
  {
    let lowered = reference.graph
    var graph = Graph(name: node.name)
    let input = graph.addTensor(Graph.Tensor(name: "mean", shape: lowered[node.inputs[0]].shape))
    let constant = graph.addTensor(
      Graph.Tensor(name: "weights", shape: lowered[node.inputs[1]].shape, constant: weights))
    let output = graph.addTensor(Graph.Tensor(name: "output", shape: lowered[node.output].shape))
    graph.inputs = [input]
    graph.outputs = [output]
    graph.nodes = [
      Graph.Node(
        name: node.name, operation: node.operation.withoutActivation, inputs: [input, constant], output: output)
    ]
    do throws(GraphError) {
      let values = FloatTensor(shape: graph[input].shape, values: mean.map { Float($0) })
      let answers = try FloatEngine(graph).run([values])[0].values
      let channels = lowered[node.output].shape.last ?? 1
      var sums = [Double](repeating: 0, count: channels)
      for (position, value) in answers.enumerated() { sums[position % channels] += Double(value) }
      return sums.map { $0 * Double(channels) / Double(answers.count) }
    } catch {
      throw .graph(error.description)
    }
  }
}

extension QuantizedOperation {
  /// A linear operation's weights; `nil` for any other.
  var weights: QuantizedWeights? {
    get {
      switch self {
      case .conv2D(_, let weights), .depthwiseConv2D(_, let weights), .fullyConnected(_, let weights): weights
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .conv2D(let parameters, _): self = .conv2D(parameters, newValue)
      case .depthwiseConv2D(let parameters, _): self = .depthwiseConv2D(parameters, newValue)
      case .fullyConnected(let activation, _): self = .fullyConnected(activation, newValue)
      default: break
      }
    }
  }
}

extension Operation {
  /// A linear operation without what follows its sum.
  fileprivate var withoutActivation: Operation {
    switch self {
    case .conv2D(var parameters):
      parameters.activation = .none
      return .conv2D(parameters)
    case .depthwiseConv2D(var parameters):
      parameters.activation = .none
      return .depthwiseConv2D(parameters)
    case .fullyConnected: return .fullyConnected(.none)
    default: return self
    }
  }
}
