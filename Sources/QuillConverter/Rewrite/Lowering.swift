import QuillFloat
import QuillONNX

extension Graph {
  /// The same function in the runtime's operations: constants computed, layouts turned to NHWC, batch normalisation and
  /// other per-channel arithmetic folded into weights, activations fused, padding merged.
  ///
  /// Tensors that survive keep their names, so that each can be compared with its quantised self.
  /// - Parameter addsSoftmax: whether a classifier that ends in logits gets a softmax, and one that answers two classes with
  ///   a sigmoid's one number answers both probabilities.
  package func lowered(addsSoftmax: Bool) throws(ConverterError) -> Graph {
    do throws(GraphError) {
      try validate()
      var editor = GraphEditor(self)
      try editor.foldConstants()
      editor.nameNormalizations()
      editor.mergeMeans()
      var graph = try editor.graph.withFewestTransposes(
        keepingInputs: !editor.graph.mayTurnInputs, turnsPictures: editor.graph.takesPicturesChannelsFirst)
      // Each pass can make room for another: repeat until nothing changes.
      for _ in 0..<64 {
        var editor = GraphEditor(graph)
        try editor.simplify()
        if editor.graph == graph { break }
        graph = editor.graph
      }
      editor = GraphEditor(graph)
      if addsSoftmax {
        editor.addSoftmax()
        if graph.answersOneProbability { editor.answerBothClasses() }
      }
      editor.alignConstants()
      editor.prune()
      try editor.graph.validate()
      return editor.graph
    } catch {
      throw .graph(error.description)
    }
  }
}

extension GraphEditor {
  /// One round of every rewrite.
  fileprivate mutating func simplify() throws(GraphError) {
    try foldConstants()
    nameActivations()
    turnProductsIntoLayers()
    foldIntoInterleavedLayers()
    foldAffineIntoLinear()
    mergeAffine()
    foldAffineIntoNextLinear()
    turnAffineIntoLayers()
    fuseActivations()
    mergePadding()
    countPaddingExplicitly()
    spreadConstantPadding()
    multiplyByReciprocals()
    unfoldRows()
    replaceLogSoftmax()
    mergeReshapes()
    lowerManyAxes()
    dropNoOperations()
    prune()
  }

  /// Nodes on constants alone become constants.
  mutating func foldConstants() throws(GraphError) {
    var index = 0
    while index < graph.nodes.count {
      let node = graph.nodes[index]
      let operands = node.inputs.map { graph[$0] }
      guard !node.inputs.isEmpty, operands.allSatisfy({ $0.constant != nil }) else {
        index += 1
        continue
      }
      var small = Graph(name: "constant")
      let inputs = operands.map { small.addTensor($0) }
      let output = small.addTensor(graph[node.output])
      small.nodes = [Graph.Node(name: node.name, operation: node.operation, inputs: inputs, output: output)]
      small.outputs = [output]
      let values = try FloatEngine(small).run([])[0].values
      let id = constant(graph[node.output].name + "_constant", shape: graph[node.output].shape, values)
      remove(index)
      redirect(node.output, to: id)
    }
  }

  /// A classifier that ends in scores gets a softmax: its last operation is linear, or only reshapes or averages.
  fileprivate mutating func addSoftmax() {
    guard graph.outputs.count == 1, let last = graph.nodes.last, last.output == graph.outputs[0] else { return }
    let shape = graph[last.output].shape
    // More numbers than this are rather a picture or a signal than scores.
    guard (2...511).contains(shape.last ?? 0), shape.product == shape.last else { return }
    switch last.operation {
    case .fullyConnected(.none), .conv2D, .mean, .averagePool2D, .reshape, .binary(.add, .none): break
    default: return
    }
    var producer = last
    let producers = self.producers()
    while case .reshape = producer.operation, let index = producers[producer.inputs[0]] {
      producer = graph.nodes[index]
    }
    if case .softmax = producer.operation { return }
    if case .unary = producer.operation { return }
    let output = tensor(graph[last.output].name + "_softmax", shape: shape)
    append(
      Graph.Node(
        name: graph[output].name, operation: .softmax(axis: shape.count - 1), inputs: [last.output], output: output))
    setOutput(0, to: output)
  }

  /// `log(softmax(x))` orders classes as `softmax(x)` does, and its numbers do not fit eight bits.
  private mutating func replaceLogSoftmax() {
    nameLogSoftmax()
    let readers = readers()
    for (index, node) in graph.nodes.enumerated() {
      guard case .logSoftmax(let axis) = node.operation else { continue }
      var softmax = node
      softmax.operation = .softmax(axis: axis)
      let following = onlyReader(of: index, readers)
      if let following, case .unary(.exp) = graph.nodes[following].operation {
        // exp(log(softmax(x)))
        var passage = graph.nodes[following]
        passage.operation = .unary(.activation(.none))
        replace(following, with: passage)
      } else if let following, case .reshape = graph.nodes[following].operation,
        graph.outputs.contains(graph.nodes[following].output)
      {
        // The answer under another shape.
      } else if !graph.outputs.contains(node.output) {
        continue
      }
      replace(index, with: softmax)
    }
  }

  /// The logarithm of a softmax, which exporters leave in two.
  private mutating func nameLogSoftmax() {
    var index = 0
    while index < graph.nodes.count {
      if case .softmax(let axis) = graph.nodes[index].operation, let reader = onlyReader(of: index, readers()),
        case .unary(.log) = graph.nodes[reader].operation
      {
        var node = graph.nodes[index]
        node.operation = .logSoftmax(axis: axis)
        absorb(reader, into: index, as: node)
      }
      index += 1
    }
  }

  /// A quotient of two computed tensors becomes a product: the runtime has a table for `1 / x`.
  private mutating func multiplyByReciprocals() {
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard case .binary(.divide, let activation) = node.operation, graph[node.inputs[1]].constant == nil,
        node.inputs[0] != node.inputs[1]
      else { continue }
      let inverse = tensor("\(node.name)/reciprocal", shape: graph[node.inputs[1]].shape)
      var product = node
      product.operation = .binary(.multiply, activation)
      product.inputs = [node.inputs[0], inverse]
      replace(
        index,
        with: [
          Graph.Node(
            name: graph[inverse].name, operation: .unary(.reciprocal), inputs: [node.inputs[1]], output: inverse),
          product,
        ])
    }
  }

  /// A product of rows that a reshape made of a larger tensor is a product of that tensor.
  private mutating func unfoldRows() {
    let producers = producers()
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard case .fullyConnected = node.operation, let producer = producers[node.inputs[0]],
        case .reshape = graph.nodes[producer].operation, graph[node.inputs[0]].shape.count == 2,
        graph[node.inputs[0]].shape[0] > 1
      else { continue }
      let source = graph.nodes[producer].inputs[0]
      let shape = graph[source].shape
      guard shape.count > 2, shape[0] == 1, shape.last == graph[node.inputs[0]].shape[1],
        let outputs = graph[node.output].shape.last
      else { continue }
      let unfolded = tensor("\(node.name)/rows", shape: Array(shape.dropLast()) + [outputs])
      var product = node
      product.inputs[0] = source
      product.output = unfolded
      replace(
        index,
        with: [
          product, Graph.Node(name: node.name, operation: .reshape, inputs: [unfolded], output: node.output),
        ])
    }
  }

  /// Reshapes, transposes, slices and pads that change nothing.
  private mutating func dropNoOperations() {
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      let from = graph[node.inputs.first ?? node.output]
      let to = graph[node.output]
      guard from.shape == to.shape, from.constant == nil else { continue }
      let isNothing =
        switch node.operation {
        case .reshape, .slice: true
        case .transpose(let permutation): permutation == Array(permutation.indices)
        case .pad(let before, let after, _): (before + after).allSatisfy { $0 == 0 }
        case .unary(.activation(.none)): true
        case .concatenate: node.inputs.count == 1
        default: false
        }
      guard isNothing, !isReversingSlice(node) else { continue }
      // An output keeps its own name; where its source is an input, the node stays.
      if graph.outputs.contains(node.output) && (graph.inputs + graph.outputs).contains(node.inputs[0]) { continue }
      remove(index)
      redirect(node.output, to: node.inputs[0])
    }
  }

  private func isReversingSlice(_ node: Graph.Node) -> Bool {
    if case .slice(_, let steps) = node.operation { steps.contains { $0 < 0 } } else { false }
  }
}
