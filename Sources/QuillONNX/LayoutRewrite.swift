import QuillFloat

extension Graph {
  /// The same network with as few transposes as it needs.
  ///
  /// Pairs that undo each other vanish; a transpose of a constant becomes another constant; one that meets an operation
  /// which does not mind the order of axes moves behind it; one in front of a flattening and fully connected layers goes
  /// into their weights; one that moves only axes of extent 1 becomes a reshape. Where inputs in NCHW only feed
  /// transposes to NHWC, they become inputs in NHWC, and `metadata["quill.inputLayout"]` says `NHWC`; with
  /// `keepingInputs` they stay. Outputs keep their names, order and layout, and every element its value, but for the
  /// order in which a layer sums.
  ///
  /// - Parameters:
  ///   - keepingInputs: inputs stay as they are.
  ///   - turnsPictures: inputs of one or three channels become NHWC also where that spares no transpose: the board takes
  ///     pictures with channels last.
  package func withFewestTransposes(
    keepingInputs: Bool = false, turnsPictures: Bool = false
  ) throws(GraphError) -> Graph {
    let own = try LayoutRewrite.run(self, turning: [])
    let images = Set(inputs.filter { self[$0].shape.count == 4 })
    let arePictures = turnsPictures && images.allSatisfy { [1, 3].contains(self[$0].shape[1]) }
    if keepingInputs || images.isEmpty || own.transposeCount == 0 && !arePictures { return own.graph }
    // All images or none, so that one word says the layout of all.
    var turned = try LayoutRewrite.run(self, turning: images)
    if turned.transposeCount >= own.transposeCount + (arePictures ? 1 : 0) { return own.graph }
    turned.graph.metadata["quill.inputLayout"] = "NHWC"
    return turned.graph
  }
}

/// One pass over a graph in which transposes are not carried out but remembered.
///
/// Every tensor of the source is a view of a tensor of the result; a node that commutes with the view is applied to what
/// is viewed and answers a view again, and only a node that needs its operand in its own order makes the transpose.
/// The rules of the operations are in `LayoutRewrite+Operations.swift`.
struct LayoutRewrite {
  /// What the names of tensors end in that were made from others.
  static let derivedSuffixes = ["/transposed", "/reshaped", "/permuted", "/flattened", "/NHWC"]

  /// A rewritten graph, and how many transposes it took.
  struct Outcome {
    var graph: Graph
    var transposeCount: Int
  }

  /// What a tensor of the source is in the result.
  enum View {
    /// Axis `i` is axis `permutation[i]` of a tensor.
    case axes(Graph.TensorID, permutation: [Int])

    /// The elements of such a view in row-major order, under a shape of which one axis has them all.
    case flattened(Graph.TensorID, permutation: [Int], shape: [Int])
  }

  /// A tensor in another order or shape, made once.
  struct Arrangement: Hashable {
    var base: Graph.TensorID
    var permutation: [Int]
    var shape: [Int]
  }

  let source: Graph
  var result: Graph
  var views: [Graph.TensorID: View] = [:]
  var made: [Arrangement: Graph.TensorID] = [:]
  var names = UniqueNames([String]())
  var transposeCount = 0

  /// The node being rewritten.
  var node: Graph.Node

  static func run(_ source: Graph, turning inputs: Set<Graph.TensorID>) throws(GraphError) -> Outcome {
    guard let first = source.nodes.first else { return Outcome(graph: source, transposeCount: 0) }
    try source.validate()
    var rewrite = LayoutRewrite(source: source, result: Graph(name: source.name), node: first)
    rewrite.result.metadata = source.metadata
    rewrite.declareTensors(turning: inputs)
    for node in source.nodes {
      rewrite.node = node
      rewrite.views[node.output] = try rewrite.rewritten()
    }
    try rewrite.declareOutputs()
    let graph = rewrite.result.pruned()
    try graph.validate()
    return Outcome(graph: graph, transposeCount: rewrite.transposeCount)
  }

  private init(source: Graph, result: Graph, node: Graph.Node) {
    self.source = source
    self.result = result
    self.node = node
  }

  private mutating func declareTensors(turning turned: Set<Graph.TensorID>) {
    for input in source.inputs {
      var tensor = source[input]
      let permutation = turned.contains(input) ? Importer.toNCHW : Array(tensor.shape.indices)
      if turned.contains(input) { tensor.shape = Importer.toNHWC.map { source[input].shape[$0] } }
      _ = names.take(tensor.name)
      let id = result.addTensor(tensor)
      result.inputs.append(id)
      views[input] = .axes(id, permutation: permutation)
    }
    for (index, tensor) in source.tensors.enumerated() where tensor.constant != nil {
      _ = names.take(tensor.name)
      views[Graph.TensorID(index)] = .axes(result.addTensor(tensor), permutation: Array(tensor.shape.indices))
    }
  }

  private mutating func declareOutputs() throws(GraphError) {
    for output in source.outputs {
      let name = source[output].name
      node = Graph.Node(name: name, operation: .reshape, inputs: [], output: output)
      var id = try materialized(output)
      let isComputed = result.nodes.contains { $0.output == id }
      if !isComputed || result.outputs.contains(id) {
        id = try emit(.reshape, [id], shape: result[id].shape)
      }
      if result[id].name != name {
        if let holder = result.tensors.firstIndex(where: { $0.name == name }) {
          result.tensors[holder].name = names.take(name + "/NHWC")
        }
        result[id].name = name
      }
      result.outputs.append(id)
    }
  }
}

extension LayoutRewrite {
  /// What a tensor of the source is in the result.
  func view(_ id: Graph.TensorID) -> View {
    views[id] ?? .axes(id, permutation: [])
  }

  /// The shape of a tensor of the source.
  func sourceShape(_ id: Graph.TensorID) -> [Int] { source[id].shape }

  /// Adds a node to the result, named after the node being rewritten, and its result after that one's; with a suffix, after the
  /// operand that it holds the values of.
  mutating func emit(
    _ operation: Operation, _ inputs: [Graph.TensorID], shape: [Int]? = nil, suffix: String? = nil
  ) throws(GraphError) -> Graph.TensorID {
    let output = try operation.outputShape(of: inputs.map { result[$0].shape }, declared: shape)
    let name = suffix.map { result[inputs[0]].name + "/" + $0 } ?? source[node.output].name
    let id = result.addTensor(Graph.Tensor(name: names.take(name), shape: output))
    result.nodes.append(Graph.Node(name: node.name, operation: operation, inputs: inputs, output: id))
    return id
  }

  /// Adds a constant to the result, named after another.
  mutating func addConstant(_ name: String, shape: [Int], _ values: [Float]) -> Graph.TensorID {
    result.addTensor(Graph.Tensor(name: names.take(name), shape: shape, constant: values))
  }

  /// A tensor of the source, in its own order and shape.
  mutating func materialized(_ id: Graph.TensorID) throws(GraphError) -> Graph.TensorID {
    switch view(id) {
    case .axes(let base, let permutation): return try arranged(base, permutation)
    case .flattened(let base, let permutation, let shape):
      return try reshaped(arranged(base, permutation), to: shape, suffix: "flattened")
    }
  }

  /// A tensor of the result with its axes in another order, made once.
  mutating func arranged(_ base: Graph.TensorID, _ permutation: [Int]) throws(GraphError) -> Graph.TensorID {
    if permutation.isIdentity { return base }
    let from = result[base].shape
    let shape = permutation.map { from[$0] }
    let arrangement = Arrangement(base: base, permutation: permutation, shape: shape)
    if let id = made[arrangement] { return id }
    let id: Graph.TensorID
    if let values = result[base].constant {
      let strides = from.rowMajorStrides
      let positions = shape.positions(strides: permutation.map { strides[$0] })
      id = addConstant(result[base].name + "/transposed", shape: shape, positions.map { values[$0] })
    } else {
      transposeCount += 1
      id =
        permutation.movesOnlyUnits(of: from)
        ? try emit(.reshape, [base], shape: shape, suffix: "transposed")
        : try emit(.transpose(permutation: permutation), [base], suffix: "transposed")
    }
    made[arrangement] = id
    return id
  }

  /// A tensor of the result under another shape, made once; with a suffix where it is not the result of the node.
  mutating func reshaped(
    _ base: Graph.TensorID, to shape: [Int], suffix: String? = nil
  ) throws(GraphError) -> Graph.TensorID {
    if result[base].shape == shape { return base }
    let arrangement = Arrangement(base: base, permutation: [], shape: shape)
    if let id = made[arrangement] { return id }
    let id: Graph.TensorID
    if let values = result[base].constant {
      id = addConstant(result[base].name + "/reshaped", shape: shape, values)
    } else {
      id = try emit(.reshape, [base], shape: shape, suffix: suffix)
    }
    made[arrangement] = id
    return id
  }
}

extension [Int] {
  /// Whether a permutation leaves every axis where it is.
  var isIdentity: Bool { enumerated().allSatisfy { $0 == $1 } }

  /// The permutation that undoes this one.
  var inversePermutation: [Int] {
    var inverse = self
    for (index, axis) in enumerated() { inverse[axis] = index }
    return inverse
  }

  /// This permutation of a view that is itself `inner` of something: axis `i` is axis `inner[self[i]]` of that.
  func composed(after inner: [Int]) -> [Int] { map { inner[$0] } }

  /// Where a reshape between `from`, a view by this permutation, and `to` only adds or drops axes of extent 1: what is viewed
  /// under a shape of as many axes as `to` has, and the permutation that makes `to` of it.
  func placing(_ from: [Int], in to: [Int]) -> (base: [Int], permutation: [Int])? {
    let (sources, targets) = (from.indices.filter { from[$0] != 1 }, to.indices.filter { to[$0] != 1 })
    guard sources.map({ from[$0] }) == targets.map({ to[$0] }) else { return nil }
    // Axes of extent 1 stand before the others in what is viewed.
    var place = [Int](repeating: -1, count: to.count)
    for (source, target) in zip(sources, targets) { place[target] = self[source] }
    let order = to.indices.sorted { (place[$0], $0) < (place[$1], $1) }
    return (order.map { to[$0] }, order.inversePermutation)
  }

  /// Whether a permutation keeps the order of all axes of a shape but those of extent 1.
  func movesOnlyUnits(of shape: [Int]) -> Bool {
    let moved = filter { shape[$0] != 1 }
    return moved == moved.sorted()
  }
}
