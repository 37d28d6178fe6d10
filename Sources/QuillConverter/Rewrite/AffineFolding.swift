import QuillFloat

// Per-channel arithmetic, `scale[c] * x + shift[c]`, in whatever form exporters leave it: batch normalisation, products
// and sums with constants. It goes into the weights of the layer before, or becomes a layer of its own.

/// `scale[c] * x + shift[c]` over the last axis.
struct Affine {
  var scale: [Float]
  var shift: [Float]
}

extension GraphEditor {
  /// A matrix product with a constant on the right is a fully connected layer.
  mutating func turnProductsIntoLayers() {
    for (index, node) in graph.nodes.enumerated() {
      guard case .matrixMultiply = node.operation else { continue }
      let right = graph[node.inputs[1]]
      guard let values = right.constant, right.shape.count == 2, graph[node.inputs[0]].shape.count >= 2 else {
        continue
      }
      let depth = right.shape[0]
      let outputs = right.shape[1]
      var turned = [Float](repeating: 0, count: values.count)
      for row in 0..<depth {
        for column in 0..<outputs { turned[column * depth + row] = values[row * outputs + column] }
      }
      let weights = constant(right.name + "_turned", shape: [outputs, depth], turned)
      replace(
        index,
        with: Graph.Node(
          name: node.name, operation: .fullyConnected(.none), inputs: [node.inputs[0], weights], output: node.output))
    }
  }

  /// Batch normalisation, and arithmetic with a constant a channel, that no layer before could take in
  /// (`foldAffineIntoLinear` has been here) become depthwise 1 x 1 convolutions. Arithmetic with one number stays: it is
  /// a table, or a part of one (`ComposedFunctions`).
  mutating func turnAffineIntoLayers() {
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard !isArithmeticWithOneNumber(node), let (operand, affine) = affine(of: node) else { continue }
      becomeDepthwise(index, operand, affine)
    }
  }

  func isArithmeticWithOneNumber(_ node: Graph.Node) -> Bool {
    guard case .binary = node.operation else { return false }
    return node.inputs.contains { graph[$0].constant?.count == 1 }
  }

  /// A layer whose only reader is per-channel arithmetic takes it into its weights.
  mutating func foldAffineIntoLinear() {
    var index = 0
    while index < graph.nodes.count {
      if isPlainLinear(graph.nodes[index]), let reader = onlyReader(of: index, readers()),
        let (operand, affine) = affine(of: graph.nodes[reader]), operand == graph.nodes[index].output
      {
        fold(affine, into: index, reader: reader)
      } else {
        index += 1
      }
    }
  }

  func isPlainLinear(_ node: Graph.Node) -> Bool {
    switch node.operation {
    case .conv2D(let parameters), .depthwiseConv2D(let parameters):
      parameters.activation == .none && hasConstantWeights(node)
    case .fullyConnected(.none): hasConstantWeights(node)
    default: false
    }
  }

  private func hasConstantWeights(_ node: Graph.Node) -> Bool {
    node.inputs.dropFirst().allSatisfy { graph[$0].constant != nil }
  }

  /// The per-channel arithmetic of a node, and what it is applied to; `nil` where the node does something else.
  func affine(of node: Graph.Node) -> (Graph.TensorID, Affine)? {
    switch node.operation {
    case .batchNormalization(let epsilon):
      let parts = node.inputs.dropFirst().compactMap { graph[$0].constant }
      guard parts.count == 4 else { return nil }
      let scale = zip(parts[0], parts[3]).map { Float(Double($0) / (Double($1) + Double(epsilon)).squareRoot()) }
      let shift = parts[1].indices.map { Float(Double(parts[1][$0]) - Double(parts[2][$0]) * Double(scale[$0])) }
      return (node.inputs[0], Affine(scale: scale, shift: shift))
    case .binary(let operation, .none):
      return arithmetic(operation, node)
    default:
      return nil
    }
  }

  private func arithmetic(_ operation: Operation.BinaryOperator, _ node: Graph.Node) -> (Graph.TensorID, Affine)? {
    guard let channels = graph[node.output].shape.last else { return nil }
    let position = graph[node.inputs[1]].constant != nil ? 1 : 0
    let operand = node.inputs[1 - position]
    guard graph[operand].constant == nil, graph[operand].shape == graph[node.output].shape,
      let values = channelValues(node.inputs[position], channels)
    else { return nil }
    let ones = [Float](repeating: 1, count: channels)
    let zeros = [Float](repeating: 0, count: channels)
    switch operation {
    case .add: return (operand, Affine(scale: ones, shift: values))
    case .multiply: return (operand, Affine(scale: values, shift: zeros))
    case .subtract:
      return position == 1
        ? (operand, Affine(scale: ones, shift: values.map { -$0 }))
        : (operand, Affine(scale: ones.map { -$0 }, shift: values))
    case .divide where position == 1 && !values.contains(0):
      return (operand, Affine(scale: values.map { 1 / $0 }, shift: zeros))
    default: return nil
    }
  }

  /// A constant's value for each channel, where it varies along no other axis.
  private func channelValues(_ id: Graph.TensorID, _ channels: Int) -> [Float]? {
    guard let values = graph[id].constant else { return nil }
    if values.count == 1 { return [Float](repeating: values[0], count: channels) }
    return values.count == channels && graph[id].shape.last == channels ? values : nil
  }

  private mutating func fold(_ affine: Affine, into index: Int, reader: Int) {
    guard let node = taking(affine, graph.nodes[index]) else { return }
    absorb(reader, into: index, as: node)
  }

  /// The layer with per-channel arithmetic in its weights.
  mutating func taking(_ affine: Affine, _ layer: Graph.Node) -> Graph.Node? {
    var node = layer
    let weights = graph[node.inputs[1]]
    guard let values = weights.constant else { return nil }
    let channels = affine.scale.count
    let places = WeightPlaces(node, in: graph)
    let scaled = values.indices.map { values[$0] * affine.scale[places.output(of: $0)] }
    let bias = node.inputs.count > 2 ? graph[node.inputs[2]].constant ?? [] : [Float](repeating: 0, count: channels)
    let shifted = bias.indices.map { bias[$0] * affine.scale[$0] + affine.shift[$0] }
    node.inputs = [
      node.inputs[0], constant(weights.name + "_folded", shape: weights.shape, scaled),
      constant(node.name + "_bias", shape: [channels], shifted),
    ]
    return node
  }

  /// The arithmetic as a depthwise 1 x 1 convolution on `[1, H, W, C]`, reshaped to and from where the rank differs.
  private mutating func becomeDepthwise(_ index: Int, _ operand: Graph.TensorID, _ affine: Affine) {
    let node = graph.nodes[index]
    let shape = graph[operand].shape
    let channels = affine.scale.count
    guard shape.first == 1, (2...4).contains(shape.count) else { return }
    let weights = constant(node.name + "_scale", shape: [1, 1, 1, channels], affine.scale)
    let bias = constant(node.name + "_shift", shape: [channels], affine.shift)
    let operation = Operation.depthwiseConv2D(Operation.Convolution(groups: channels))
    if shape.count == 4 {
      replace(
        index,
        with: Graph.Node(name: node.name, operation: operation, inputs: [operand, weights, bias], output: node.output))
      return
    }
    let image = [1, 1, shape.count == 3 ? shape[1] : 1, channels]
    let before = tensor(node.name + "_image", shape: image)
    let after = tensor(node.name + "_scaled", shape: image)
    replace(
      index,
      with: [
        Graph.Node(name: node.name + "_image", operation: .reshape, inputs: [operand], output: before),
        Graph.Node(name: node.name, operation: operation, inputs: [before, weights, bias], output: after),
        Graph.Node(name: node.name + "_flat", operation: .reshape, inputs: [after], output: node.output),
      ])
  }
}
