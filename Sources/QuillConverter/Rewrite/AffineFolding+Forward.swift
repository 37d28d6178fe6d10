import QuillFloat

// Per-channel arithmetic that stands behind an activation, as in convolution, ReLU, normalisation, pool, convolution: the
// layer before cannot take it in, but the layer after it can, where that layer pads nothing.

extension GraphEditor {
  /// A layer whose only operand is per-channel arithmetic, or a pool or reshape of it, takes it into its weights and bias.
  ///
  /// Networks with ranges that training has learnt stay as they were trained.
  mutating func foldAffineIntoNextLinear() {
    guard LearntRanges.ranges(of: graph).isEmpty else { return }
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard let (operand, affine) = affine(of: node), graph[operand].shape.first == 1, isWorthMoving(node, operand),
        let path = AffinePath(from: index, affine, self), noiseGrowth(affine, path) <= Self.bearableNoise
      else { continue }
      absorb(affine, into: path)
      // What lies between now has other values than the tensors of these names.
      for place in path.between { renameOutput(of: place) }
      remove(index)
      redirect(node.output, to: operand)
    }
  }

  /// Neighbours in a chain of per-channel arithmetic become one.
  mutating func mergeAffine() {
    var index = 0
    while index < graph.nodes.count {
      let first = graph.nodes[index]
      if let (operand, inner) = affine(of: first), let next = onlyReader(of: index, readers()),
        let (middle, outer) = affine(of: graph.nodes[next]), middle == first.output,
        !isArithmeticWithOneNumber(first) || !isArithmeticWithOneNumber(graph.nodes[next])
      {
        merge(index, next, operand, inner, outer)
      } else {
        index += 1
      }
    }
  }

  /// What the noise of rounded weights may grow by, as a power: 9 dB of the 50 or so that eight bits are good for.
  private static var bearableNoise: Double { 8 }

  /// How much louder rounding makes the layer's weights once they hold the arithmetic: a row of weights has one step, which
  /// channels that were scaled up the most then set for all. The operand's channels are taken to be as large as the
  /// arithmetic, mostly a normalisation, makes up for.
  private func noiseGrowth(_ affine: Affine, _ path: AffinePath) -> Double {
    let node = graph.nodes[path.linear]
    guard let values = graph[node.inputs[1]].constant, let outputs = graph[node.output].shape.last else { return 0 }
    if path.isDepthwise { return 1 }
    var largest = [Double](repeating: 0, count: outputs)
    var scaled = largest
    for position in values.indices {
      let (output, channel) = path.place(of: position, outputs: outputs, weights: values.count)
      let weight = Double(values[position].magnitude)
      largest[output] = max(largest[output], weight)
      scaled[output] = max(scaled[output], weight * Double(affine.scale[channel].magnitude))
    }
    let operand = affine.scale.reduce(0) { $0 + 1 / (Double($1) * Double($1)) } / Double(affine.scale.count)
    let growths = zip(scaled, largest).compactMap { $1 > 0 ? $0 * $0 / ($1 * $1) : nil }
    return operand * growths.reduce(0, +) / Double(max(growths.count, 1))
  }

  /// Arithmetic with one number behind other arithmetic on each number is a part of that one's table.
  private func isWorthMoving(_ node: Graph.Node, _ operand: Graph.TensorID) -> Bool {
    guard isArithmeticWithOneNumber(node), let producer = producers()[operand] else { return true }
    return switch graph.nodes[producer].operation {
    case .unary, .binary: false
    default: true
    }
  }

  private mutating func merge(
    _ first: Int, _ second: Int, _ operand: Graph.TensorID, _ inner: Affine, _ outer: Affine
  ) {
    let node = graph.nodes[second]
    let channels = outer.scale.count
    let scale = outer.scale.indices.map { outer.scale[$0] * inner.scale[$0] }
    let shift = outer.shift.indices.map { outer.scale[$0] * inner.shift[$0] + outer.shift[$0] }
    let parts = [
      constant(node.name + "_scale", shape: [channels], scale),
      constant(node.name + "_shift", shape: [channels], shift),
      constant(node.name + "_mean", shape: [channels], [Float](repeating: 0, count: channels)),
      constant(node.name + "_variance", shape: [channels], [Float](repeating: 1, count: channels)),
    ]
    absorb(
      second, into: first,
      as: Graph.Node(
        name: node.name, operation: .batchNormalization(epsilon: 0), inputs: [operand] + parts, output: node.output))
  }

  /// `w (s x + t) = (w s) x + w t`, sums in doubles.
  private mutating func absorb(_ affine: Affine, into path: AffinePath) {
    var node = graph.nodes[path.linear]
    let weights = graph[node.inputs[1]]
    guard let values = weights.constant, let outputs = graph[node.output].shape.last else { return }
    var scaled = values
    var sums =
      (node.inputs.count > 2 ? graph[node.inputs[2]].constant : nil)?.map(Double.init)
      ?? [Double](repeating: 0, count: outputs)
    for position in values.indices {
      let (output, channel) = path.place(of: position, outputs: outputs, weights: values.count)
      scaled[position] = Float(Double(values[position]) * Double(affine.scale[channel]))
      sums[output] += Double(values[position]) * Double(affine.shift[channel])
    }
    node.inputs = [
      node.inputs[0], constant(weights.name + "_scaled", shape: weights.shape, scaled),
      constant(node.name + "_shifted", shape: [outputs], sums.map { Float($0) }),
    ]
    replace(path.linear, with: node)
  }

  private mutating func renameOutput(of index: Int) {
    var node = graph.nodes[index]
    let old = node.output
    let new = tensor(graph[old].name + "/unscaled", shape: graph[old].shape)
    node.output = new
    replace(index, with: node)
    redirect(old, to: new)
  }
}

/// The way from per-channel arithmetic to the layer that can take it in.
private struct AffinePath {
  /// Pools and reshapes on the way.
  private(set) var between: [Int] = []

  /// The layer.
  private(set) var linear = 0

  /// The channels of the arithmetic: element `i` of every tensor on the way is of channel `i` modulo this.
  private let channels: Int

  /// Groups of the layer's channels, and whether each channel has its own weights.
  private var groups = 1
  private(set) var isDepthwise = false

  /// `nil` where something on the way, or the layer, cannot do it exactly.
  init?(from start: Int, _ affine: Affine, _ editor: GraphEditor) {
    channels = affine.scale.count
    guard (affine.scale + affine.shift).allSatisfy(\.isFinite) else { return nil }
    let graph = editor.graph
    let readers = editor.readers()
    var current = start
    while let next = editor.onlyReader(of: current, readers) {
      let node = graph.nodes[next]
      guard node.inputs[0] == graph.nodes[current].output else { return nil }
      if Self.passes(node, affine, in: graph) {
        between.append(next)
        current = next
        continue
      }
      guard takesIn(node, in: graph) else { return nil }
      linear = next
      return
    }
    return nil
  }

  /// Whether a channel's result follows its operand through `s x + t`. The greatest does for no negative `s`, a mean over
  /// places always.
  private static func passes(_ node: Graph.Node, _ affine: Affine, in graph: Graph) -> Bool {
    let shape = graph[node.inputs[0]].shape
    let keepsChannels = shape.last == affine.scale.count
    return switch node.operation {
    case .reshape: true
    case .maxPool2D: keepsChannels && affine.scale.allSatisfy { $0 >= 0 }
    case .averagePool2D(_, countsPadding: false): keepsChannels
    case .mean(let axes, _): keepsChannels && axes.allSatisfy { $0 >= 0 && $0 < shape.count - 1 }
    default: false
    }
  }

  /// Whether a node is a layer of constant weights without padding, and which of its weights are of which channel is known.
  private mutating func takesIn(_ node: Graph.Node, in graph: Graph) -> Bool {
    guard node.inputs.count > 1, node.inputs.dropFirst().allSatisfy({ graph[$0].constant != nil }),
      let depth = graph[node.inputs[0]].shape.last
    else { return false }
    switch node.operation {
    case .fullyConnected:
      return depth % channels == 0
    case .conv2D(let parameters):
      groups = parameters.groups
      return parameters.padding == .none && depth == channels
    case .depthwiseConv2D(let parameters):
      isDepthwise = true
      return parameters.padding == .none && depth == channels
    default:
      return false
    }
  }

  /// The output that a weight adds to, and the channel that it multiplies.
  func place(of position: Int, outputs: Int, weights: Int) -> (output: Int, channel: Int) {
    if isDepthwise {
      let output = position % outputs
      return (output, output / (outputs / channels))
    }
    let output = position / (weights / outputs)
    let depth = channels / groups
    if groups == 1 { return (output, position % channels) }
    return (output, output / (outputs / groups) * depth + position % depth)
  }
}
