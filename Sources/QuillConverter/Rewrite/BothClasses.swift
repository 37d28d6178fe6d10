import QuillFloat

// A network may answer two classes with one number, the probability of the second or what enters its sigmoid. A softmax of 0
// and that answers the same probability, and the other class's: what names classes then needs no second rule.

extension Graph {
  /// The network that answers the probabilities of both classes in place of one number; `nil` for any other network.
  package func answeringBothClasses() throws(GraphError) -> Graph? {
    var editor = GraphEditor(self)
    guard editor.answerBothClasses() else { return nil }
    editor.prune()
    try editor.graph.validate()
    return editor.graph
  }
}

extension GraphEditor {
  /// Puts a softmax of two scores in the place of the one number that the graph answers. Answers whether there was one.
  @discardableResult mutating func answerBothClasses() -> Bool {
    guard graph.outputs.count == 1, let output = graph.outputs.first, graph[output].shape.product == 1 else {
      return false
    }
    let name = graph[output].name
    let producers = producers()
    let score = graph.sigmoidInput ?? output
    let scores = tensor("\(name)_scores", shape: [1, 2])
    if let index = producers[score], let layer = widened(graph.nodes[index], to: scores) {
      append(layer)
    } else {
      var row = score
      if graph[score].shape != [1, 1] {
        row = tensor("\(name)_row", shape: [1, 1])
        append(Graph.Node(name: graph[row].name, operation: .reshape, inputs: [score], output: row))
      }
      let weights = constant("\(name)_weights", shape: [2, 1], [0, 1])
      append(
        Graph.Node(
          name: graph[scores].name, operation: .fullyConnected(.none), inputs: [row, weights], output: scores))
    }
    let classes = tensor("\(name)_classes", shape: [1, 2])
    append(Graph.Node(name: graph[classes].name, operation: .softmax(axis: 1), inputs: [scores], output: classes))
    setOutput(0, to: classes)
    return true
  }

  /// A layer of one score with another before it, which is always 0.
  private mutating func widened(_ node: Graph.Node, to scores: Graph.TensorID) -> Graph.Node? {
    guard case .fullyConnected(.none) = node.operation, graph[node.output].shape == [1, 1],
      let weights = graph[node.inputs[1]].constant
    else { return nil }
    var layer = node
    layer.output = scores
    layer.inputs[1] = constant(
      graph[node.inputs[1]].name, shape: [2, weights.count], [Float](repeating: 0, count: weights.count) + weights)
    if node.inputs.count > 2 {
      guard let bias = graph[node.inputs[2]].constant else { return nil }
      layer.inputs[2] = constant(graph[node.inputs[2]].name, shape: [2], [0] + bias)
    }
    return layer
  }
}
