import QuillFloat

extension Operation.UnaryOperator {
  /// The function at each of the given numbers, as the float engine computes it.
  func evaluated(at numbers: [Float]) -> [Float] {
    var graph = Graph(name: "function")
    let input = graph.addTensor(Graph.Tensor(name: "x", shape: [numbers.count]))
    let output = graph.addTensor(Graph.Tensor(name: "y", shape: [numbers.count]))
    graph.inputs = [input]
    graph.outputs = [output]
    graph.nodes = [Graph.Node(name: "y", operation: .unary(self), inputs: [input], output: output)]
    guard let engine = try? FloatEngine(graph) else { return numbers }
    return engine.run([FloatTensor(shape: [numbers.count], values: numbers)])[0].values
  }
}
