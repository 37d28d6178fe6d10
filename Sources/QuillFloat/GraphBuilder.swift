/// Makes a graph node by node, for readers, rewrites and tests: shapes are inferred, names kept unique.
package struct GraphBuilder {
  /// What has been built so far.
  package private(set) var graph: Graph

  private var names: UniqueNames

  /// A builder of an empty graph.
  package init(name: String) {
    self.init(Graph(name: name))
  }

  /// A builder that goes on with a graph.
  package init(_ graph: Graph) {
    self.graph = graph
    names = UniqueNames(graph.tensors.map(\.name))
  }

  /// Adds a tensor that is fed.
  package mutating func input(_ name: String, shape: [Int]) throws(GraphError) -> Graph.TensorID {
    let id = try add(Graph.Tensor(name: name, shape: shape))
    graph.inputs.append(id)
    return id
  }

  /// Adds a constant.
  package mutating func constant(
    _ name: String, shape: [Int], _ values: [Float]
  ) throws(GraphError) -> Graph.TensorID {
    try add(Graph.Tensor(name: name, shape: shape, constant: values))
  }

  /// Adds a node and the tensor that it computes, which takes the node's name.
  ///
  /// The shape is inferred; `reshape`, `slice` and `resizeNearest` need it in `outputShape`, and any other operation
  /// checks it where it is given. Where the name is taken, the tensor's name gets a number.
  package mutating func append(
    _ operation: Operation, _ inputs: [Graph.TensorID], name: String, outputShape: [Int]? = nil
  ) throws(GraphError) -> Graph.TensorID {
    let place = GraphError.Place.node(index: graph.nodes.count, operation: operation.name, name: name)
    for id in inputs {
      try graph.expectTensor(id, at: place)
    }
    var node = Graph.Node(
      name: name, operation: operation, inputs: inputs, output: Graph.TensorID(graph.tensors.count))
    let shape = try graph.outputShape(of: node, at: place, declared: outputShape)
    if let outputShape, outputShape != shape {
      throw GraphError(at: place, .declaredShape(outputShape, inferred: shape))
    }
    node.output = try add(Graph.Tensor(name: name, shape: shape))
    graph.nodes.append(node)
    return node.output
  }

  /// Declares a tensor as answered.
  package mutating func output(_ id: Graph.TensorID) {
    graph.outputs.append(id)
  }

  /// Notes something of the file in the graph's metadata.
  package mutating func note(_ key: String, _ value: String) {
    graph.metadata[key] = value
  }

  /// The graph, validated.
  package func finish() throws(GraphError) -> Graph {
    try graph.validate()
    return graph
  }

  private mutating func add(_ tensor: Graph.Tensor) throws(GraphError) -> Graph.TensorID {
    try tensor.validate(at: .tensor(index: graph.tensors.count, name: tensor.name))
    var tensor = tensor
    tensor.name = names.take(tensor.name)
    return graph.addTensor(tensor)
  }
}
