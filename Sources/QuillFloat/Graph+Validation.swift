extension Graph {
  /// The most elements that one tensor may have: 2^28, which is 1 GiB of floats and far beyond any network for a
  /// small board. It keeps sums and products of a few extents within an `Int` and hostile files from taking memory.
  public static let maximumElementCount = 1 << 28

  /// Proves that the graph can run.
  ///
  /// Checked are: names unique; extents at least 1 and elements countable; constants filling their shapes with
  /// finite values; every identifier standing for a tensor; each node after those that compute its operands; no
  /// tensor provided twice; each output computed or fed or constant; attributes, and every declared shape equal to
  /// the inferred one. The first fault found is thrown, with its place.
  public func validate() throws(GraphError) {
    try validateTensors()
    var provided = tensors.map { $0.constant != nil }
    try validateInputs(&provided)
    for index in nodes.indices {
      try validateNode(index, &provided)
    }
    if outputs.isEmpty { throw GraphError(at: .graph, .noOutputs) }
    for id in outputs {
      try expectTensor(id, at: .graph)
      guard provided[id.index] else { throw GraphError(at: place(of: id), .outputNeverComputed) }
    }
  }

  /// The place of a tensor, for errors.
  package func place(of id: TensorID) -> GraphError.Place {
    .tensor(index: id.index, name: tensors[id.index].name)
  }

  /// The place of a node, for errors.
  package func place(ofNode index: Int) -> GraphError.Place {
    .node(index: index, operation: nodes[index].operation.name, name: nodes[index].name)
  }

  private func validateTensors() throws(GraphError) {
    var firstIndices: [String: Int] = [:]
    for (index, tensor) in tensors.enumerated() {
      let place = GraphError.Place.tensor(index: index, name: tensor.name)
      if let firstIndex = firstIndices.updateValue(index, forKey: tensor.name) {
        throw GraphError(at: place, .duplicateName(firstIndex: firstIndex))
      }
      try tensor.validate(at: place)
    }
  }

  private func validateInputs(_ provided: inout [Bool]) throws(GraphError) {
    for id in inputs {
      try expectTensor(id, at: .graph)
      if self[id].constant != nil { throw GraphError(at: place(of: id), .inputIsConstant) }
      if provided[id.index] { throw GraphError(at: place(of: id), .inputTwice) }
      provided[id.index] = true
    }
  }

  private func validateNode(_ index: Int, _ provided: inout [Bool]) throws(GraphError) {
    let (node, place) = (nodes[index], place(ofNode: index))
    for id in node.inputs {
      try expectTensor(id, at: place)
      guard provided[id.index] else { throw GraphError(at: place, .operandNotReady(self[id].name)) }
    }
    try expectTensor(node.output, at: place)
    if provided[node.output.index] { throw GraphError(at: place, .resultTaken(self[node.output].name)) }
    provided[node.output.index] = true
    let declared = self[node.output].shape
    let inferred = try outputShape(of: node, at: place, declared: declared)
    guard inferred == declared else { throw GraphError(at: place, .declaredShape(declared, inferred: inferred)) }
  }

  /// The shape of a node's result, with errors that name the node.
  package func outputShape(
    of node: Node, at place: GraphError.Place, declared: [Int]?
  ) throws(GraphError) -> [Int] {
    do throws(GraphError) {
      return try node.operation.outputShape(of: node.inputs.map { self[$0].shape }, declared: declared)
    } catch {
      throw GraphError(at: place, error.problem)
    }
  }

  /// Throws where an identifier stands for no tensor.
  package func expectTensor(_ id: TensorID, at place: GraphError.Place) throws(GraphError) {
    guard tensors.indices.contains(id.index) else {
      throw GraphError(at: place, .unknownTensor(index: id.index, count: tensors.count))
    }
  }
}

extension Graph.Tensor {
  /// Proves that the shape is countable and a constant fills it with finite values.
  package func validate(at place: GraphError.Place) throws(GraphError) {
    for (axis, extent) in shape.enumerated() where extent < 1 {
      throw GraphError(at: place, .emptyAxis(axis: axis, found: extent))
    }
    guard let count = shape.checkedProduct, count <= Graph.maximumElementCount else {
      throw GraphError(at: place, .tooManyElements(shape: shape, maximum: Graph.maximumElementCount))
    }
    guard let constant else { return }
    guard constant.count == count else {
      throw GraphError(at: place, .constantCount(found: constant.count, shape: shape))
    }
    for (position, value) in constant.enumerated() {
      if let kind = GraphError.NonFinite(value) {
        throw GraphError(at: place, .nonFiniteConstant(kind, position: position))
      }
    }
  }
}
