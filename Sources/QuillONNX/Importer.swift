import QuillFloat

/// Turns a parsed model into a float graph, node by node in the order of the file.
///
/// Every name stands for a constant, which is calculated while reading, or for a tensor that the network computes. One
/// method a family of operators lowers a node (`Importer+Convolution.swift` and its neighbours); the list of operators
/// is `ONNXOperator`.
struct Importer {
  /// The parsed file.
  let model: ONNXModel

  /// The version of the standard operators.
  let opset: Int

  /// What the caller asked for.
  let options: ONNXReader.Options

  /// Where weights in other files come from.
  let externalData: ONNXModel.Tensor.ExternalData

  /// The graph so far.
  var graph: Graph

  /// What each name stands for.
  var values: [String: Value] = [:]

  /// The node being read, and its position in the file.
  var node = ONNXModel.Node()
  var nodeIndex = 0

  /// Constants not yet used, and the graph's tensors for those that were.
  var initializers: [String: ONNXModel.Tensor] = [:]
  var materialized: [String: Graph.TensorID] = [:]

  /// Names that are taken in the graph, and those of the file, which are kept for what they name there.
  var tensorNames: Set<String> = []
  let fileNames: Set<String>

  /// The node that computes a tensor, for patterns.
  var producers: [Graph.TensorID: Int] = [:]

  /// The batch size that the file was exported with and that was rewritten to 1; `nil` where it was 1 or symbolic.
  var exportedBatch: Int?

  /// Whether integers are read as what they stand for, with their scales in `quantizations`; else they are computed.
  let keepsScales: Bool

  /// The integers behind tensors of the graph, where scales are kept.
  var quantizations: [Graph.TensorID: TensorQuantization] = [:]

  /// The type of the node's operands and what they stand for, where these are 8-bit integers.
  var integerType: ElementType?
  var integerQuantization: TensorQuantization?

  /// Whether the node's sequence is being read as a row of an image.
  var isInRow = false

  /// How many elements were calculated while reading, and how many may be.
  var foldedElementCount = 0
  var maximumFoldedElementCount: Int

  /// What a name stands for.
  enum Value {
    /// Known while reading.
    case constant(Constant)

    /// Computed by the network, and the type that ONNX gives it.
    case computed(Graph.TensorID, ElementType)

    /// The truth of a comparison, of which only a selection by `Where` can be read.
    case comparison(Comparison)
  }

  /// `left < right`, element by element.
  struct Comparison {
    var left: String, right: String
  }

  init(
    _ model: ONNXModel, opset: Int, options: ONNXReader.Options, keepsScales: Bool,
    externalData: @escaping ONNXModel.Tensor.ExternalData
  ) {
    self.keepsScales = keepsScales
    let model = model.withoutClassNames().inRunningOrder()
    self.model = model
    self.opset = opset
    self.options = options
    self.externalData = externalData
    graph = Graph(name: model.name)
    fileNames = Set(model.nodes.flatMap(\.outputs) + (model.inputs + model.outputs).map(\.name))
      .union(model.initializers.map(\.name))
    maximumFoldedElementCount = 4 * model.bytes.count + 1 << 20
  }

  /// Reads the whole model.
  consuming func run() throws(ONNXError) -> QuantizedONNX {
    try declareConstants()
    try declareInputs()
    let live = liveNodes()
    for index in model.nodes.indices where live[index] {
      node = model.nodes[index]
      nodeIndex = index
      try lowerNode()
    }
    try declareOutputs()
    graph.metadata = metadata
    var scales: [String: TensorQuantization] = [:]
    for (id, quantization) in quantizations { scales[graph[id].name] = quantization }
    var result = graph.pruned()
    result.name = model.name
    do throws(GraphError) {
      try result.validate()
    } catch {
      throw ONNXError(graph: error)
    }
    return QuantizedONNX(graph: result, quantizations: scales)
  }

  private var metadata: [String: String] {
    var metadata: [String: String] = [:]
    for entry in model.metadata { metadata[entry.key] = entry.value }
    let producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    if !producer.isEmpty { metadata["onnx.producer"] = producer }
    metadata["onnx.opset"] = String(opset)
    return metadata
  }

  /// Which nodes an output depends on.
  private func liveNodes() -> [Bool] {
    var needed = Set(model.outputs.map(\.name))
    var live = [Bool](repeating: false, count: model.nodes.count)
    for index in model.nodes.indices.reversed() {
      let node = model.nodes[index]
      guard node.outputs.contains(where: { !$0.isEmpty && needed.contains($0) }) else { continue }
      live[index] = true
      needed.formUnion(node.inputs)
    }
    return live
  }

  private mutating func lowerNode() throws(ONNXError) {
    guard let known = ONNXOperator(rawValue: node.operatorName), known.isIn(domain: node.domain) else {
      throw fail(
        node.operatorName == "DynamicQuantizeLinear"
          ? .dynamicQuantization : .unsupportedOperator(domain: node.domain, opset: opset))
    }
    guard known.operandCounts.contains(node.inputs.count) else {
      throw fail(.operandCount(found: node.inputs.count, expected: known.operandCounts))
    }
    for (position, name) in node.inputs.enumerated() where position < known.operandCounts.lowerBound && name.isEmpty {
      throw fail(.missingOperand(position))
    }
    (integerType, integerQuantization) = (nil, nil)
    try lower(known)
  }
}

extension Importer {
  /// The error of a fault at the node being read.
  func fail(_ problem: ONNXError.Problem) -> ONNXError {
    ONNXError(at: .node(index: nodeIndex, operator: node.operatorName, name: nodeName), problem)
  }

  /// The node's name, or that of its first result.
  var nodeName: String { node.name.isEmpty ? node.outputs.first ?? "" : node.name }

  /// Adds a node to the graph; the shape is inferred, or checked where it is given.
  ///
  /// The tensor is named after the result of the ONNX node; `bind` gives the last one exactly that name.
  mutating func emit(
    _ operation: Operation, _ inputs: [Graph.TensorID], shape: [Int]? = nil
  ) throws(ONNXError) -> Graph.TensorID {
    let output: [Int]
    do throws(GraphError) {
      output = try operation.outputShape(of: inputs.map { graph[$0].shape }, declared: shape)
    } catch {
      throw fail(.graph(error.problem))
    }
    guard let count = output.boundedProduct, count <= Graph.maximumElementCount else {
      throw fail(.shapeTooLarge(output))
    }
    guard graph.nodes.count < ONNXModel.maximumPartCount else {
      throw fail(.tooMany(part: .nodes, maximum: ONNXModel.maximumPartCount))
    }
    let name = unusedName(like: node.outputs.first ?? nodeName, operation.name)
    let id = graph.addTensor(Graph.Tensor(name: name, shape: output))
    producers[id] = graph.nodes.count
    graph.nodes.append(Graph.Node(name: nodeName, operation: operation, inputs: inputs, output: id))
    return id
  }

  /// A name not yet taken in the graph.
  mutating func unusedName(like base: String, _ suffix: String) -> String {
    var name = "\(base)/\(suffix)"
    if tensorNames.contains(name) || fileNames.contains(name) {
      name = "\(base)/\(suffix)/\(graph.tensors.count)"
      while tensorNames.contains(name) || fileNames.contains(name) { name += "+" }
    }
    tensorNames.insert(name)
    return name
  }

  /// Says what a result of the node stands for.
  mutating func bind(_ output: Int, to value: Value) throws(ONNXError) {
    guard output < node.outputs.count else { return }
    let name = node.outputs[output]
    if name.isEmpty { return }
    if case .computed(let id, let type) = value, type.isByte, quantizations[id] == nil {
      quantizations[id] = integerQuantization
    }
    guard values[name] == nil, initializers[name] == nil else { throw fail(.duplicateTensor(name)) }
    values[name] = value
    guard case .computed(let id, _) = value, producers[id] != nil, !isNamed(id) else { return }
    if tensorNames.insert(name).inserted { graph[id].name = name }
  }

  /// Whether anything reads one of the node's results; old exporters name more than they use.
  func isRead(output: Int) -> Bool {
    guard output < node.outputs.count, !node.outputs[output].isEmpty else { return false }
    let name = node.outputs[output]
    return model.outputs.contains { $0.name == name } || model.nodes.contains { $0.inputs.contains(name) }
  }

  /// Says that the node's first result is a tensor of the graph.
  mutating func bind(_ id: Graph.TensorID) throws(ONNXError) {
    guard let integerType else { return try bind(0, to: .computed(id, .float32)) }
    try bind(0, to: .computed(wrapped(id, to: integerType), integerType))
  }

  /// Says that the node's first result is known.
  mutating func bind(_ constant: Constant) throws(ONNXError) { try bind(0, to: .constant(constant)) }

  /// Whether a tensor has the name of an ONNX value already.
  private func isNamed(_ id: Graph.TensorID) -> Bool { values[graph[id].name] != nil }
}

extension ONNXError {
  /// The error of a graph that, as a whole, breaks a rule of float graphs.
  init(graph error: GraphError) {
    switch error.place {
    case .graph, .operation: self.init(at: .file, .graph(error.problem))
    case .tensor(_, let name): self.init(at: .tensor(name), .graph(error.problem))
    case .node(let index, let operation, let name):
      self.init(at: .node(index: index, operator: operation, name: name), .graph(error.problem))
    }
  }
}

extension Graph {
  /// The graph without nodes that no output depends on, and without tensors that nothing uses.
  func pruned() -> Graph {
    var needed = Set(outputs)
    var kept: [Node] = []
    for node in nodes.reversed() where needed.contains(node.output) {
      kept.append(node)
      needed.formUnion(node.inputs)
    }
    needed.formUnion(inputs)
    var result = self
    result.tensors = []
    var renumbered: [TensorID: TensorID] = [:]
    for index in tensors.indices where needed.contains(TensorID(index)) {
      renumbered[TensorID(index)] = result.addTensor(tensors[index])
    }
    func renumber(_ id: TensorID) -> TensorID { renumbered[id] ?? id }
    result.nodes = kept.reversed().map { node in
      Node(
        name: node.name, operation: node.operation, inputs: node.inputs.map(renumber), output: renumber(node.output))
    }
    result.inputs = inputs.map(renumber)
    result.outputs = outputs.map(renumber)
    return result
  }
}
