import QuillFloat

// The runtime stores tensors of one to four axes. Exporters shuffle channels, repeat rows and split groups with five and
// six, of which some always stay together: those become one.

extension GraphEditor {
  /// A reshape of a reshape is one reshape.
  mutating func mergeReshapes() {
    let producers = producers()
    for (index, node) in graph.nodes.enumerated() {
      guard case .reshape = node.operation, let producer = producers[node.inputs[0]],
        case .reshape = graph.nodes[producer].operation
      else { continue }
      var merged = node
      merged.inputs = graph.nodes[producer].inputs
      replace(index, with: merged)
    }
  }

  /// Transposes, joins and slices of more than four axes become some of three or four between reshapes.
  mutating func lowerManyAxes() {
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard graph[node.output].shape.count > 4, graph[node.output].shape.first == 1 else { continue }
      switch node.operation {
      case .transpose(let permutation): lowerTranspose(index, permutation)
      case .concatenate(let axis): lowerJoin(index, axis)
      case .unary: lowerUnary(index)
      case .binary: lowerBinary(index)
      case .normalize(let axes, let centers, let epsilon): lowerNormalization(index, axes, centers, epsilon)
      default: break
      }
    }
  }

  private mutating func lowerTranspose(_ index: Int, _ permutation: [Int]) {
    let node = graph.nodes[index]
    let shape = graph[node.inputs[0]].shape
    // Axes of more than one element in the order of the result, neighbours that stay neighbours together.
    var runs: [[Int]] = []
    let wide = shape.indices.filter { shape[$0] > 1 }
    for axis in permutation where shape[axis] > 1 {
      if let last = runs.last?.last, let place = wide.firstIndex(of: last), place + 1 < wide.count,
        wide[place + 1] == axis
      {
        runs[runs.count - 1].append(axis)
      } else {
        runs.append([axis])
      }
    }
    let order = runs.sorted { $0[0] < $1[0] }
    guard runs.count <= 3 else {
      let extents = order.map { run in run.map { shape[$0] }.product }
      return lowerTranspose(index, ofRuns: extents, to: runs.map { run in order.firstIndex(of: run) ?? 0 })
    }
    let from = [1] + order.map { run in run.map { shape[$0] }.product }
    let turned = [0] + runs.map { run in 1 + (order.firstIndex(of: run) ?? 0) }
    between(index, from: [from], operation: .transpose(permutation: turned), to: turned.map { from[$0] })
  }

  private mutating func lowerJoin(_ index: Int, _ axis: Int) {
    let node = graph.nodes[index]
    let outer = graph[node.output].shape[..<axis].reduce(1, *)
    func folded(_ id: Graph.TensorID) -> [Int] { [1, outer, graph[id].shape.product / outer] }
    between(
      index, from: node.inputs.map(folded), operation: .concatenate(axis: 2), to: folded(node.output))
  }

  private mutating func lowerUnary(_ index: Int) {
    let node = graph.nodes[index]
    let flat = [1, graph[node.output].shape.product]
    between(index, from: [flat], operation: node.operation, to: flat)
  }

  /// Neighbours that a group goes over together, or that count groups together, are one axis.
  private mutating func lowerNormalization(_ index: Int, _ axes: [Int], _ centers: Bool, _ epsilon: Float) {
    let shape = graph[graph.nodes[index].output].shape
    let runs = Self.runs(of: shape) { axes.contains($0) }
    let merged = runs.indices.filter { runs[$0].isInside }.map { $0 + 1 }
    let extents = [1] + runs.map(\.extent)
    guard extents.count <= 4 else { return }
    between(
      index, from: [extents], operation: .normalize(axes: merged, centers: centers, epsilon: epsilon), to: extents)
  }

  /// Arithmetic with a constant: neighbours that it is repeated over, or that it tells apart, are one axis.
  private mutating func lowerBinary(_ index: Int) {
    let node = graph.nodes[index]
    let shape = graph[node.output].shape
    guard let place = node.inputs.firstIndex(where: { graph[$0].constant != nil }),
      graph[node.inputs[1 - place]].shape == shape, let values = graph[node.inputs[place]].constant
    else { return }
    let missing = shape.count - graph[node.inputs[place]].shape.count
    let given = [Int](repeating: 1, count: missing) + graph[node.inputs[place]].shape
    let runs = Self.runs(of: shape) { given[$0] > 1 }
    let extents = [1] + runs.map(\.extent)
    guard extents.count <= 4 else { return }
    let folded = constant(
      "\(graph[node.inputs[place]].name)/folded", shape: [1] + runs.map { $0.isInside ? $0.extent : 1 }, values)
    var changed = node
    changed.inputs[place] = folded
    replace(index, with: changed)
    between(
      index, from: place == 0 ? [graph[folded].shape, extents] : [extents, graph[folded].shape],
      operation: node.operation, to: extents)
  }

  /// Axes behind the batch, neighbours of one kind together.
  private static func runs(of shape: [Int], isInside: (Int) -> Bool) -> [(extent: Int, isInside: Bool)] {
    var runs: [(extent: Int, isInside: Bool)] = []
    for (axis, extent) in shape.enumerated().dropFirst() where extent > 1 {
      if let last = runs.last, last.isInside == isInside(axis) {
        runs[runs.count - 1].extent *= extent
      } else {
        runs.append((extent, isInside(axis)))
      }
    }
    return runs.isEmpty ? [(1, false)] : runs
  }

  /// Replaces a node by an operation on its operands under other shapes, and a reshape to the shape that it had.
  private mutating func between(_ index: Int, from shapes: [[Int]], operation: Operation, to shape: [Int]) {
    let node = graph.nodes[index]
    var nodes: [Graph.Node] = []
    var operands: [Graph.TensorID] = []
    for (input, wanted) in zip(node.inputs, shapes) {
      guard graph[input].shape != wanted else {
        operands.append(input)
        continue
      }
      let operand = tensor("\(graph[input].name)/folded", shape: wanted)
      nodes.append(Graph.Node(name: graph[operand].name, operation: .reshape, inputs: [input], output: operand))
      operands.append(operand)
    }
    let result = tensor("\(graph[node.output].name)/folded", shape: shape)
    nodes.append(Graph.Node(name: node.name, operation: operation, inputs: operands, output: result))
    nodes.append(Graph.Node(name: node.name, operation: .reshape, inputs: [result], output: node.output))
    replace(index, with: nodes)
  }

  /// Padding with a number other than 0 becomes constants beside the tensor, axis by axis.
  mutating func spreadConstantPadding() {
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard case .pad(let before, let after, let value) = node.operation, value != 0, value.isFinite,
        (before + after).allSatisfy({ $0 >= 0 })
      else { continue }
      let axes = before.indices.filter { before[$0] + after[$0] > 0 }
      var nodes: [Graph.Node] = []
      var current = node.inputs[0]
      for axis in axes {
        var parts = [current]
        var shape = graph[current].shape
        for (count, isAfter) in [(before[axis], false), (after[axis], true)] where count > 0 {
          var extents = shape
          extents[axis] = count
          let fill = constant(
            "\(node.name)/fill", shape: extents, [Float](repeating: value, count: extents.product))
          parts.insert(fill, at: isAfter ? parts.count : 0)
        }
        shape[axis] += before[axis] + after[axis]
        let output = axis == axes.last ? node.output : tensor("\(node.name)/\(axis)", shape: shape)
        nodes.append(
          Graph.Node(name: node.name, operation: .concatenate(axis: axis), inputs: parts, output: output))
        current = output
      }
      if !nodes.isEmpty { replace(index, with: nodes) }
    }
  }
}
