import QuillFloat

/// A float graph made ready to run.
struct FloatNetwork: Sendable {
  let program: FloatProgram
  let facts: NetworkFacts

  /// - Throws: `ToolError.graph` where the graph does not hold together.
  init(_ graph: Graph, path: String, format: NetworkFormat, byteCount: Int) throws(ToolError) {
    do throws(GraphError) {
      program = try FloatProgram(graph)
    } catch {
      throw ToolError.graph(path: path, error)
    }
    facts = NetworkFacts(graph, path: path, format: format, byteCount: byteCount)
  }

  /// Runs every sample and answers, for each, the outputs in the graph's order.
  ///
  /// - Parameter inputs: for each input of the graph, the values of all samples one after the other.
  func run(_ inputs: [[Float]], count: Int, threadCount: Int, progress: ProgressBar) -> [[[Float]]] {
    program.mapSamples(count: count, threadCount: threadCount) { engine, sample in
      progress.advance()
      return engine.run(tensors(inputs, sample: sample)).map(\.values)
    }
  }

  /// Runs the samples in order on one thread and shows each tensor of each sample by its position in `facts.tensors`.
  func run(
    _ inputs: [[Float]], count: Int, progress: ProgressBar, observing observe: (Int, [Float]) throws -> Void
  ) throws -> [[[Float]]] {
    let positions = NetworkFacts.positions(of: program.graph)
    let engine = FloatEngine(program)
    var failure: (any Error)?
    var answers: [[[Float]]] = []
    for sample in 0..<count {
      let outputs = engine.run(tensors(inputs, sample: sample)) { id, values in
        guard failure == nil, let position = positions[id] else { return }
        let copy = values.withUnsafeBufferPointer { Array($0) }
        do { try observe(position, copy) } catch { failure = error }
      }
      if let failure { throw failure }
      answers.append(outputs.map(\.values))
      progress.advance()
    }
    return answers
  }

  /// A sample's inputs, from the values of all samples one after the other.
  @Sendable func tensors(_ inputs: [[Float]], sample: Int) -> [FloatTensor] {
    zip(inputs, facts.inputTensors).map { values, tensor in
      FloatTensor(
        shape: tensor.shape, values: Array(values[sample * tensor.count..<(sample + 1) * tensor.count]))
    }
  }
}

extension NetworkFacts {
  /// The facts of a float graph.
  init(_ graph: Graph, path: String, format: NetworkFormat, byteCount: Int) {
    let positions = Self.positions(of: graph)
    let ids = positions.keys.sorted { positions[$0, default: 0] < positions[$1, default: 0] }
    self.format = format
    self.path = path
    name = graph.name
    fileByteCount = byteCount
    arenaByteCount = nil
    tensors = ids.map { Tensor(name: graph[$0].name, shape: graph[$0].shape) }
    inputs = graph.inputs.compactMap { positions[$0] }
    outputs = graph.outputs.compactMap { positions[$0] }
    layers = graph.nodes.enumerated().map { index, node in
      Layer(
        index: index, operator: node.operation.name, name: node.name, outputShape: graph[node.output].shape,
        parameters: node.inputs.reduce(0) { $0 + (graph[$1].constant?.count ?? 0) },
        multiplyAccumulates: graph.multiplyAccumulateCount(of: node),
        inputs: node.inputs.compactMap { positions[$0] }, output: positions[node.output] ?? 0,
        parameterRange: graph.constantRange(of: node))
    }
    labels = graph.classNames
    remarks = graph.metadata.sorted { $0.key < $1.key }.map { Remark(key: $0.key, value: $0.value) }
  }

  /// A place for each tensor that is fed, computed or answered: inputs first, then the nodes' results, in order.
  static func positions(of graph: Graph) -> [Graph.TensorID: Int] {
    var positions: [Graph.TensorID: Int] = [:]
    for id in graph.inputs + graph.nodes.map(\.output) + graph.outputs where positions[id] == nil {
      positions[id] = positions.count
    }
    return positions
  }
}

extension Graph {
  /// The least and the greatest number among a node's constants.
  fileprivate func constantRange(of node: Node) -> ClosedRange<Float>? {
    var range: ClosedRange<Float>?
    for input in node.inputs {
      guard let values = self[input].constant, let low = values.min(), let high = values.max(), low <= high else {
        continue
      }
      range = min(low, range?.lowerBound ?? low)...max(high, range?.upperBound ?? high)
    }
    return range
  }

  /// The products that a node adds up for one sample.
  fileprivate func multiplyAccumulateCount(of node: Node) -> Int {
    let outputCount = self[node.output].shape.product
    switch node.operation {
    case .conv2D, .fullyConnected:
      let weights = self[node.inputs[1]].shape
      return outputCount * weights.dropFirst().reduce(1, *)
    case .depthwiseConv2D:
      let weights = self[node.inputs[1]].shape
      return outputCount * weights.dropFirst().dropLast().reduce(1, *)
    case .matrixMultiply:
      return outputCount * (self[node.inputs[0]].shape.last ?? 1)
    case .maxPool2D, .averagePool2D, .mean, .sum, .batchNormalization, .binary, .unary, .softmax, .logSoftmax, .pad,
      .reshape, .transpose, .concatenate, .slice, .resizeNearest, .normalize:
      return 0
    }
  }
}
