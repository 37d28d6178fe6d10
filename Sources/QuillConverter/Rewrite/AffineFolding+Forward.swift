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
    if case .depthwiseConv2D = node.operation { return 1 }
    let places = WeightPlaces(node, in: graph, channels: affine.scale.count)
    var largest = [Double](repeating: 0, count: outputs)
    var scaled = largest
    for position in values.indices {
      let output = places.output(of: position)
      let weight = Double(values[position].magnitude)
      largest[output] = max(largest[output], weight)
      scaled[output] = max(scaled[output], weight * Double(affine.scale[places.channel(of: position)].magnitude))
    }
    // A channel scaled by 0 is none that anything reads.
    let live = affine.scale.filter { $0 != 0 }
    let operand = live.reduce(0) { $0 + 1 / (Double($1) * Double($1)) } / Double(max(live.count, 1))
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
    let places = WeightPlaces(node, in: graph, channels: affine.scale.count)
    var scaled = values
    var sums =
      (node.inputs.count > 2 ? graph[node.inputs[2]].constant : nil)?.map(Double.init)
      ?? [Double](repeating: 0, count: outputs)
    for position in values.indices {
      let channel = places.channel(of: position)
      scaled[position] = Float(Double(values[position]) * Double(affine.scale[channel]))
      sums[places.output(of: position)] += Double(values[position]) * Double(affine.shift[channel])
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
  let between: [Int]

  /// The layer.
  let linear: Int

  /// `nil` where something on the way, or the layer, cannot do it exactly.
  init?(from start: Int, _ affine: Affine, _ editor: GraphEditor) {
    guard (affine.scale + affine.shift).allSatisfy(\.isFinite) else { return nil }
    let graph = editor.graph
    guard let way = editor.way(from: start, editor.readers(), through: { Self.passes($0, affine, in: graph) }),
      Self.takesIn(graph.nodes[way.end], channels: affine.scale.count, in: graph)
    else { return nil }
    (between, linear) = way
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

  /// Whether a node is a layer of constant weights without padding, whose operand's element `i` is of channel `i` modulo
  /// the arithmetic's.
  private static func takesIn(_ node: Graph.Node, channels: Int, in graph: Graph) -> Bool {
    guard node.inputs.count > 1, node.inputs.dropFirst().allSatisfy({ graph[$0].constant != nil }),
      let depth = graph[node.inputs[0]].shape.last
    else { return false }
    return switch node.operation {
    case .fullyConnected: depth % channels == 0
    case .conv2D(let parameters), .depthwiseConv2D(let parameters): parameters.padding == .none && depth == channels
    default: false
    }
  }
}
