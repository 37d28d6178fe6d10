import QuillFloat

// Layer, group, instance and root mean square normalisation arrive as means, squares, roots and quotients. In eight bits
// each of those would have one scale for large and small values alike; as one operation only its result is rounded.

extension GraphEditor {
  /// The arithmetic of normalisation by a sample's own mean and spread becomes one operation.
  mutating func nameNormalizations() {
    dropNeutralArithmetic()
    // From the end on: what a node is made from lies before it, and is still as it was.
    let matcher = NormalizationMatcher(graph, producers())
    for index in graph.nodes.indices.reversed() {
      guard let found = matcher.normalization(at: graph.nodes[index]) else { continue }
      var node = graph.nodes[index]
      node.operation = .normalize(axes: found.axes, centers: found.centers, epsilon: found.epsilon)
      node.inputs = [found.input]
      guard let scale = found.scale, let shift = found.shift else {
        replace(index, with: node)
        continue
      }
      var sum = graph.nodes[index]
      let normal = tensor("\(node.name)/normal", shape: graph[found.input].shape)
      let scaled = tensor("\(node.name)/scaled", shape: graph[found.input].shape)
      node.output = normal
      let product = Graph.Node(
        name: graph[scaled].name, operation: .binary(.multiply, .none), inputs: [normal, scale], output: scaled)
      sum.inputs = [scaled, shift]
      replace(index, with: [node, product, sum])
    }
    groupChannelsLast()
    prune()
  }

  /// Products with 1 and sums with 0, which exporters write where a normalisation has no scale and shift.
  private mutating func dropNeutralArithmetic() {
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard case .binary(let operation, .none) = node.operation,
        graph[node.inputs[0]].shape == graph[node.output].shape,
        let values = graph[node.inputs[1]].constant, graph[node.inputs[0]].constant == nil,
        !graph.outputs.contains(node.output)
      else { continue }
      switch operation {
      case .multiply where values.allSatisfy({ $0 == 1 }), .add where values.allSatisfy({ $0 == 0 }):
        remove(index)
        redirect(node.output, to: node.inputs[0])
      default: break
      }
    }
  }

  /// Groups of channels of an image with its channels second, taken as rows: the same groups with the channels last, where
  /// convolutions have them.
  private mutating func groupChannelsLast() {
    let readers = readers()
    let producers = producers()
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard case .normalize([2], let centers, let epsilon) = node.operation, let before = producers[node.inputs[0]],
        case .reshape = graph.nodes[before].operation, let after = onlyReader(of: index, readers),
        case .reshape = graph.nodes[after].operation, isTurned(graph.nodes[before].inputs[0], producers)
      else { continue }
      let image = graph.nodes[before].inputs[0]
      let shape = graph[image].shape
      let groups = graph[node.output].shape
      guard shape.count == 4, groups.count == 3, shape[0] == 1, groups[0] == 1, shape[1] % groups[1] == 0,
        graph[graph.nodes[after].output].shape == shape
      else { continue }
      let last = [1, shape[2], shape[3], shape[1]]
      let grouped = [1, shape[2] * shape[3], groups[1], shape[1] / groups[1]]
      let ids = [("turned", last), ("groups", grouped), ("normal", grouped), ("channels", last)].map {
        tensor("\(node.name)/\($0.0)", shape: $0.1)
      }
      let operations: [Operation] = [
        .transpose(permutation: [0, 2, 3, 1]), .reshape,
        .normalize(axes: [1, 3], centers: centers, epsilon: epsilon), .reshape,
      ]
      var nodes: [Graph.Node] = []
      var input = image
      for (operation, id) in zip(operations, ids) {
        nodes.append(Graph.Node(name: graph[id].name, operation: operation, inputs: [input], output: id))
        input = id
      }
      var back = graph.nodes[after]
      back.operation = .transpose(permutation: [0, 3, 1, 2])
      back.inputs = [input]
      replace(after, with: back)
      replace(index, with: nodes)
    }
  }

  /// Whether a tensor is an image with its channels last, turned, and perhaps changed element by element.
  private func isTurned(_ id: Graph.TensorID, _ producers: [Graph.TensorID: Int]) -> Bool {
    var id = id
    while let index = producers[id] {
      switch graph.nodes[index].operation {
      case .transpose(let permutation): return permutation == [0, 3, 1, 2]
      case .unary: id = graph.nodes[index].inputs[0]
      case .binary:
        guard let next = graph.nodes[index].inputs.first(where: { graph[$0].constant == nil }) else { return false }
        id = next
      default: return false
      }
    }
    return false
  }
}

/// Finds normalisations in a graph's arithmetic.
private struct NormalizationMatcher {
  struct Found {
    var input: Graph.TensorID
    var axes: [Int]
    var centers: Bool
    var epsilon: Float
    /// Where scale and shift are multiplied in: constants that broadcast.
    var scale: Graph.TensorID?
    var shift: Graph.TensorID?
  }

  private let graph: Graph
  private let producers: [Graph.TensorID: Int]

  init(_ graph: Graph, _ producers: [Graph.TensorID: Int]) {
    self.graph = graph
    self.producers = producers
  }

  /// What a node computes from start to end, if it is a normalisation's last.
  func normalization(at node: Graph.Node) -> Found? {
    guard case .binary(let operation, let activation) = node.operation else { return nil }
    switch operation {
    case .divide where activation == .none:
      guard let spread = deviation(node.inputs[1]) else { return nil }
      return quotient(node.inputs[0], spread)
    case .multiply where activation == .none:
      for (centred, inverse) in [(0, 1), (1, 0)] {
        if let spread = inverseDeviation(node.inputs[inverse]) { return quotient(node.inputs[centred], spread) }
      }
      return nil
    case .add: return affine(node)
    default: return nil
    }
  }

  /// A spread: whose, over which axes.
  private struct Spread {
    var input: Graph.TensorID
    var axes: [Int]
    var centers: Bool
    var epsilon: Float
  }

  private func quotient(_ numerator: Graph.TensorID, _ spread: Spread) -> Found? {
    let source = spread.centers ? centred(numerator) : (numerator, spread.axes)
    guard let source, source.0 == spread.input, source.1 == spread.axes else { return nil }
    return Found(input: spread.input, axes: spread.axes, centers: spread.centers, epsilon: spread.epsilon)
  }

  /// `x * k + (shift - mean(x) * k)` with `k` a scale over the deviation, as TensorFlow writes it.
  private func affine(_ node: Graph.Node) -> Found? {
    for (product, rest) in [(0, 1), (1, 0)] {
      guard let (one, other) = operands(node.inputs[product], .multiply), let taken = taken(node.inputs[rest]) else {
        continue
      }
      for (input, k) in [(one, other), (other, one)] where k == taken.factor {
        guard let (first, second) = operands(k, .multiply), let (source, axes) = mean(taken.mean), source == input
        else {
          continue
        }
        for (inverse, scale) in [(first, second), (second, first)] {
          guard graph[scale].constant != nil, let spread = inverseDeviation(inverse), spread.centers,
            spread.input == input, axes == spread.axes
          else { continue }
          return Found(
            input: input, axes: axes, centers: true, epsilon: spread.epsilon, scale: scale, shift: taken.shift)
        }
      }
    }
    return nil
  }

  /// What a mean takes off.
  private struct Taken {
    var shift: Graph.TensorID
    var mean: Graph.TensorID
    var factor: Graph.TensorID
  }

  /// `shift - mean * factor`, or `-mean * factor + shift`.
  private func taken(_ id: Graph.TensorID) -> Taken? {
    if let (shift, product) = operands(id, .subtract), graph[shift].constant != nil,
      let (one, other) = operands(product, .multiply)
    {
      return mean(one) != nil
        ? Taken(shift: shift, mean: one, factor: other) : Taken(shift: shift, mean: other, factor: one)
    }
    guard let (first, second) = operands(id, .add) else { return nil }
    for (product, shift) in [(first, second), (second, first)] where graph[shift].constant != nil {
      guard let (one, other) = operands(product, .multiply) else { continue }
      for (negated, factor) in [(one, other), (other, one)] {
        if let node = producer(negated), node.operation == .unary(.negate) {
          return Taken(shift: shift, mean: node.inputs[0], factor: factor)
        }
      }
    }
    return nil
  }

  /// `1 / sqrt(spread + epsilon)`.
  private func inverseDeviation(_ id: Graph.TensorID) -> Spread? {
    guard let node = producer(id) else { return nil }
    switch node.operation {
    case .unary(.reciprocal): return deviation(node.inputs[0])
    case .binary(.divide, .none) where isConstant(node.inputs[0], 1): return deviation(node.inputs[1])
    case .binary(.power, .none) where isConstant(node.inputs[1], -0.5): return raised(node.inputs[0])
    default: return nil
    }
  }

  /// `sqrt(spread + epsilon)`.
  private func deviation(_ id: Graph.TensorID) -> Spread? {
    guard let node = producer(id) else { return nil }
    switch node.operation {
    case .unary(.squareRoot): return raised(node.inputs[0])
    case .binary(.power, .none) where isConstant(node.inputs[1], 0.5): return raised(node.inputs[0])
    default: return nil
    }
  }

  private func raised(_ id: Graph.TensorID) -> Spread? {
    if let (one, other) = operands(id, .add) {
      for (square, epsilon) in [(one, other), (other, one)] {
        guard let values = graph[epsilon].constant, values.count == 1, values[0] >= 0 else { continue }
        return spread(square, values[0])
      }
    }
    return spread(id, 0)
  }

  private func spread(_ id: Graph.TensorID, _ epsilon: Float) -> Spread? {
    guard let (squares, axes) = mean(id), let node = producer(squares) else { return nil }
    switch node.operation {
    case .binary(.multiply, .none) where node.inputs[0] == node.inputs[1]: break
    case .binary(.power, .none) where isConstant(node.inputs[1], 2): break
    default: return nil
    }
    if let (input, centre) = centred(node.inputs[0]), centre == axes {
      return Spread(input: input, axes: axes, centers: true, epsilon: epsilon)
    }
    return Spread(input: node.inputs[0], axes: axes, centers: false, epsilon: epsilon)
  }

  /// `x` and the axes in `x - mean(x)`.
  private func centred(_ id: Graph.TensorID) -> (Graph.TensorID, [Int])? {
    guard let (input, centre) = operands(id, .subtract), let (source, axes) = mean(centre), source == input else {
      return nil
    }
    return (input, axes)
  }

  /// `x` and the axes, in order, of `mean(x)` that keeps them.
  private func mean(_ id: Graph.TensorID) -> (Graph.TensorID, [Int])? {
    guard let node = producer(id), case .mean(let axes, true) = node.operation else { return nil }
    return (node.inputs[0], axes.sorted())
  }

  private func producer(_ id: Graph.TensorID) -> Graph.Node? { producers[id].map { graph.nodes[$0] } }

  private func operands(
    _ id: Graph.TensorID, _ wanted: Operation.BinaryOperator
  ) -> (Graph.TensorID, Graph.TensorID)? {
    guard let node = producer(id), node.operation == .binary(wanted, .none) else { return nil }
    return (node.inputs[0], node.inputs[1])
  }

  private func isConstant(_ id: Graph.TensorID, _ value: Float) -> Bool {
    graph[id].constant?.allSatisfy { $0 == value } ?? false
  }
}
