import QuillFloat

/// A graph that is being rewritten: who computes a tensor, who reads it, and edits that keep both true.
struct GraphEditor {
  private(set) var graph: Graph

  private var names: UniqueNames

  init(_ graph: Graph) {
    self.graph = graph
    names = UniqueNames(graph.tensors.map(\.name))
  }

  /// The positions of the nodes that read each tensor.
  func readers() -> [Graph.TensorID: [Int]] {
    var result: [Graph.TensorID: [Int]] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for input in Set(node.inputs) { result[input, default: []].append(index) }
    }
    return result
  }

  /// The position of the node that computes each tensor.
  func producers() -> [Graph.TensorID: Int] {
    Dictionary(graph.nodes.enumerated().map { ($1.output, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The node that alone reads what node `index` computes, where nothing else needs it.
  func onlyReader(of index: Int, _ readers: [Graph.TensorID: [Int]]) -> Int? {
    let output = graph.nodes[index].output
    guard let list = readers[output], list.count == 1, !graph.outputs.contains(output) else { return nil }
    return list[0]
  }

  /// The way from a node along the only readers, each by its first operand, to the first that is not passed through.
  func way(
    from start: Int, _ readers: [Graph.TensorID: [Int]], through passes: (Graph.Node) -> Bool
  ) -> (between: [Int], end: Int)? {
    var between: [Int] = []
    while let next = onlyReader(of: between.last ?? start, readers) {
      let node = graph.nodes[next]
      guard node.inputs[0] == graph.nodes[between.last ?? start].output else { return nil }
      guard passes(node) else { return (between, next) }
      between.append(next)
    }
    return nil
  }

  /// Adds a constant under a name that no tensor has.
  mutating func constant(_ name: String, shape: [Int], _ values: [Float]) -> Graph.TensorID {
    graph.addTensor(Graph.Tensor(name: names.take(name), shape: shape, constant: values))
  }

  /// Adds a tensor that a node will compute.
  mutating func tensor(_ name: String, shape: [Int]) -> Graph.TensorID {
    graph.addTensor(Graph.Tensor(name: names.take(name), shape: shape))
  }

  /// Constants that are broadcast get as many axes as the result has, the new ones first: the runtime's first axis is the
  /// batch.
  mutating func alignConstants() {
    for node in graph.nodes {
      guard case .binary = node.operation else { continue }
      let rank = max(1, graph[node.output].shape.count)
      for input in node.inputs where graph[input].constant != nil && graph[input].shape.count < rank {
        let missing = [Int](repeating: 1, count: rank - graph[input].shape.count)
        let id = constant(graph[input].name, shape: missing + graph[input].shape, graph[input].constant ?? [])
        guard let index = graph.nodes.firstIndex(where: { $0.output == node.output }) else { continue }
        graph.nodes[index].inputs = graph.nodes[index].inputs.map { $0 == input ? id : $0 }
      }
    }
  }

  /// Replaces a node.
  mutating func replace(_ index: Int, with node: Graph.Node) { graph.nodes[index] = node }

  /// Replaces a node with several.
  mutating func replace(_ index: Int, with nodes: [Graph.Node]) {
    graph.nodes.replaceSubrange(index...index, with: nodes)
  }

  /// Node `first` takes over what node `second`, its only reader, computes; `second` goes.
  mutating func absorb(_ second: Int, into first: Int, as node: Graph.Node) {
    var merged = node
    merged.output = graph.nodes[second].output
    graph.nodes[first] = merged
    graph.nodes.remove(at: second)
  }

  /// Everything that reads `from` reads `to` instead; graph outputs too, under the name that they had.
  mutating func redirect(_ from: Graph.TensorID, to: Graph.TensorID) {
    for index in graph.nodes.indices {
      graph.nodes[index].inputs = graph.nodes[index].inputs.map { $0 == from ? to : $0 }
    }
    if graph.outputs.contains(from) {
      let name = graph[from].name
      graph[from].name = names.take(name + "_before")
      graph[to].name = name
      graph.outputs = graph.outputs.map { $0 == from ? to : $0 }
    }
  }

  mutating func remove(_ index: Int) { graph.nodes.remove(at: index) }

  /// Makes another tensor the graph's output.
  mutating func setOutput(_ position: Int, to tensor: Graph.TensorID) { graph.outputs[position] = tensor }

  /// Adds a node at the end.
  mutating func append(_ node: Graph.Node) { graph.nodes.append(node) }

  /// Drops nodes whose results nothing needs, and tensors that no node names.
  mutating func prune() {
    var needed = Set(graph.outputs)
    var kept: [Graph.Node] = []
    for node in graph.nodes.reversed() where needed.contains(node.output) {
      needed.formUnion(node.inputs)
      kept.append(node)
    }
    graph.nodes = kept.reversed()
    needed.formUnion(graph.inputs)
    var places: [Graph.TensorID: Graph.TensorID] = [:]
    var tensors: [Graph.Tensor] = []
    for (index, tensor) in graph.tensors.enumerated() where needed.contains(Graph.TensorID(index)) {
      places[Graph.TensorID(index)] = Graph.TensorID(tensors.count)
      tensors.append(tensor)
    }
    func moved(_ id: Graph.TensorID) -> Graph.TensorID { places[id] ?? id }
    graph.tensors = tensors
    graph.inputs = graph.inputs.map(moved)
    graph.outputs = graph.outputs.map(moved)
    graph.nodes = graph.nodes.map {
      Graph.Node(name: $0.name, operation: $0.operation, inputs: $0.inputs.map(moved), output: moved($0.output))
    }
  }
}
