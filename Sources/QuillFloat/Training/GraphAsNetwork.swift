/// Finds the trainable layers of a graph: the way back from `TrainableNetwork.graph`.
///
/// A mean over pixels, and what is computed of it, is a vector here, whether the graph keeps its axes or not.
struct GraphAsNetwork {
  private let graph: Graph
  private var network: NetworkDescription
  private var constants: [[[Float]]] = []
  private var values: [Graph.TensorID: NetworkDescription.Value] = [:]

  /// The network of a graph for one sample, which ends in scores or in their softmax.
  static func network(of graph: Graph) throws(TrainingError) -> TrainedNetwork {
    guard graph.inputs.count == 1, graph.outputs.count == 1 else {
      throw TrainingError.notTrainable(
        node: graph.name, operation: "network",
        reason: "it has \(graph.inputs.count) inputs and \(graph.outputs.count) outputs; expected one of each")
    }
    var reader = GraphAsNetwork(graph)
    for node in graph.nodes { try reader.append(node) }
    guard reader.values[graph.outputs[0]] == reader.network.output else {
      throw TrainingError.notTrainable(
        node: graph[graph.outputs[0]].name, operation: "output", reason: "it is not what the last layer computes")
    }
    return TrainedNetwork(reader.network, constants: reader.constants)
  }

  private init(_ graph: Graph) {
    self.graph = graph
    network = NetworkDescription(name: graph.name, inputShape: Array(graph[graph.inputs[0]].shape.dropFirst()))
    values[graph.inputs[0]] = network.input
  }

  private mutating func append(_ node: Graph.Node) throws(TrainingError) {
    switch node.operation {
    case .conv2D(let convolution): try appendConvolution(node, convolution)
    case .depthwiseConv2D(let convolution): try appendDepthwise(node, convolution)
    case .fullyConnected(let activation):
      try flatten(node)
      try appendLinear(node, activation) { .dense(units: $0, fused: $1) }
    case .maxPool2D(let pooling): try append(node, .maxPool(window: Layer.Window(pooling)))
    case .averagePool2D(let pooling, let countsPadding):
      if countsPadding && pooling.padding != .none { throw unfit(node, "its mean counts padding") }
      try append(node, .averagePool(window: Layer.Window(pooling)))
    case .mean(let axes, _):
      guard axes.map({ $0 < 0 ? $0 + 4 : $0 }).sorted() == [1, 2], shape(node).count == 3 else {
        throw unfit(node, "it is no mean over all pixels")
      }
      try append(node, .globalAveragePool)
    case .batchNormalization(let epsilon):
      let lists = try node.inputs.dropFirst().map { id throws(TrainingError) in try constant(id, node) }
      try append(node, .batchNormalization(epsilon: epsilon), lists)
    case .unary(let unary): try appendUnary(node, unary)
    case .binary(let binary, let activation): try appendBinary(node, binary, activation)
    case .reshape:
      if shape(node).count == 3, graph[node.output].shape.count <= 2 {
        try append(node, .flatten)
      } else {
        guard shape(node).count == 1 else { throw unfit(node, "it does not flatten") }
        values[node.output] = values[node.inputs[0]]
      }
    case .softmax, .logSoftmax:
      guard node.output == graph.outputs[0] else { throw unfit(node, "it is not at the end") }
      values[node.output] = values[node.inputs[0]]
    case .matrixMultiply, .sum, .pad, .transpose, .concatenate, .slice, .resizeNearest, .normalize:
      throw unfit(node, "no layer that can be trained does it")
    }
  }

  // MARK: Layers

  private mutating func appendConvolution(
    _ node: Graph.Node, _ convolution: Operation.Convolution
  ) throws(TrainingError) {
    guard convolution.groups == 1, convolution.dilationHeight == 1, convolution.dilationWidth == 1 else {
      throw unfit(node, "it has groups or dilation")
    }
    let weights = graph[node.inputs[1]].shape
    // Of a vector, a convolution of one pixel is a dense layer.
    if shape(node).count == 1 {
      guard weights[1] == 1, weights[2] == 1 else { throw unfit(node, "its window is larger than its image") }
      return try appendLinear(node, convolution.activation) { .dense(units: $0, fused: $1) }
    }
    var window = Layer.Window(weights[1], stride: convolution.strideHeight)
    (window.width, window.strideWidth) = (weights[2], convolution.strideWidth)
    window.padding = Layer.Padding(convolution.padding)
    try appendLinear(node, convolution.activation) { .convolution(channels: $0, window: window, fused: $1) }
  }

  private mutating func appendDepthwise(
    _ node: Graph.Node, _ convolution: Operation.Convolution
  ) throws(TrainingError) {
    let weights = graph[node.inputs[1]].shape
    guard shape(node).count == 3, weights[3] == shape(node)[2], convolution.dilationHeight == 1,
      convolution.dilationWidth == 1
    else { throw unfit(node, "it has several channels for each of the image's, or dilation") }
    var window = Layer.Window(weights[1], stride: convolution.strideHeight)
    (window.width, window.strideWidth) = (weights[2], convolution.strideWidth)
    window.padding = Layer.Padding(convolution.padding)
    let bias = node.inputs.count > 2 ? try constant(node.inputs[2], node) : [Float](repeating: 0, count: weights[3])
    try append(node, .depthwiseConvolution(window: window), [try constant(node.inputs[1], node), bias])
    try append(convolution.activation, after: node)
  }

  private mutating func appendLinear(
    _ node: Graph.Node, _ activation: Operation.Activation, _ make: (Int, Layer.FusedActivation) -> Layer
  ) throws(TrainingError) {
    let fused: Layer.FusedActivation
    switch activation {
    case .none: fused = .none
    case .relu: fused = .relu
    case .relu6: fused = .relu6
    case .reluMinus1To1: throw unfit(node, "its activation ends at -1 and 1")
    }
    let units = graph[node.inputs[1]].shape[0]
    let bias = node.inputs.count > 2 ? try constant(node.inputs[2], node) : [Float](repeating: 0, count: units)
    try append(node, make(units, fused), [try constant(node.inputs[1], node), bias])
  }

  private mutating func appendUnary(_ node: Graph.Node, _ unary: Operation.UnaryOperator) throws(TrainingError) {
    switch unary {
    case .activation(let activation):
      values[node.output] = values[node.inputs[0]]
      try append(activation, after: node)
    case .clip(0, 6): try append(node, .activation(.relu6))
    case .leakyRelu(let alpha): try append(node, .activation(.leakyRelu(alpha: alpha)))
    case .sigmoid: try append(node, .activation(.sigmoid))
    case .tanh: try append(node, .activation(.tanh))
    case .hardSwish: try append(node, .activation(.hardSwish))
    case .elu, .clip, .hardSigmoid, .exp, .log, .squareRoot, .absolute, .negate, .reciprocal, .errorFunction,
      .softplus:
      throw unfit(node, "no layer that can be trained does it")
    }
  }

  private mutating func appendBinary(
    _ node: Graph.Node, _ binary: Operation.BinaryOperator, _ activation: Operation.Activation
  ) throws(TrainingError) {
    guard binary == .add || binary == .multiply, node.inputs.allSatisfy({ graph[$0].constant == nil }) else {
      throw unfit(node, "no layer that can be trained does it")
    }
    // The image comes before the vector that it is multiplied with.
    let inputs = try node.inputs.map { id throws(TrainingError) in try value(id, node) }
      .sorted { network.shape(of: $0).count > network.shape(of: $1).count }
    try append(node, binary == .add ? .add : .multiply, inputs: inputs)
    try append(activation, after: node)
  }

  /// An activation that a graph's node has fused.
  private mutating func append(_ activation: Operation.Activation, after node: Graph.Node) throws(TrainingError) {
    guard let source = values[node.output] else { return }
    let layer: Layer
    switch activation {
    case .none: return
    case .relu: layer = .activation(.relu)
    case .relu6: layer = .activation(.relu6)
    case .reluMinus1To1: throw unfit(node, "its activation ends at -1 and 1")
    }
    try append(node, layer, inputs: [source], name: node.name + "/" + layer.name)
  }

  private mutating func flatten(_ node: Graph.Node) throws(TrainingError) {
    guard shape(node).count == 3 else { return }
    try append(
      node, .flatten, inputs: [try value(node.inputs[0], node)], name: node.name + "/flatten", to: node.inputs[0])
  }

  // MARK: Values

  /// A layer's name: that of the node's result, without what writing and reading has added to a name of ours.
  private func name(of node: Graph.Node) -> String {
    let name = graph[node.output].name
    guard graph.metadata.keys.contains(where: { $0.hasPrefix("quill.train.") }),
      let first = name.split(separator: "/").first.map(String.init),
      !network.nodes.contains(where: { $0.name == first })
    else { return name }
    return first
  }

  private mutating func append(
    _ node: Graph.Node, _ layer: Layer, _ lists: [[Float]] = [], inputs: [NetworkDescription.Value]? = nil,
    name: String? = nil, to output: Graph.TensorID? = nil
  ) throws(TrainingError) {
    let inputs = if let inputs { inputs } else { [try value(node.inputs[0], node)] }
    do throws(GraphError) {
      values[output ?? node.output] = try network.append(layer, inputs, name: name ?? self.name(of: node))
      constants.append(lists)
    } catch {
      throw unfit(node, "\(error.problem)")
    }
  }

  private func value(_ id: Graph.TensorID, _ node: Graph.Node) throws(TrainingError) -> NetworkDescription.Value {
    guard let value = values[id] else { throw unfit(node, "it reads a constant, \"\(graph[id].name)\"") }
    return value
  }

  private func constant(_ id: Graph.TensorID, _ node: Graph.Node) throws(TrainingError) -> [Float] {
    guard let values = graph[id].constant else { throw unfit(node, "\"\(graph[id].name)\" is computed") }
    return values
  }

  /// The shape, without the batch, of what a node reads first.
  private func shape(_ node: Graph.Node) -> [Int] {
    values[node.inputs[0]].map { network.shape(of: $0) } ?? []
  }

  private func unfit(_ node: Graph.Node, _ reason: String) -> TrainingError {
    .notTrainable(node: node.name, operation: node.operation.name, reason: reason)
  }
}

extension TrainedNetwork {
  /// The network of a graph for one sample, which ends in scores or in their softmax.
  /// - Throws: `TrainingError.notTrainable` with the first node that no trainable layer computes.
  public init(_ graph: Graph) throws(TrainingError) { self = try GraphAsNetwork.network(of: graph) }
}

extension Layer.Window {
  /// A pool's window.
  fileprivate init(_ pooling: Operation.Pooling) {
    self.init(pooling.windowHeight, stride: pooling.strideHeight, padding: Layer.Padding(pooling.padding))
    (width, strideWidth) = (pooling.windowWidth, pooling.strideWidth)
  }
}

extension Layer.Padding {
  /// Padding as a graph has it.
  fileprivate init(_ padding: Operation.Padding) {
    self =
      padding == .none
      ? .valid
      : .explicit(top: padding.top, left: padding.left, bottom: padding.bottom, right: padding.right)
  }
}
