import QuillFloat

extension Graph {
  /// The same function with other sizes of channels: the layer that computes a named tensor is divided, and the layer behind
  /// it multiplied, by 2 to the power of an exponent a channel. Every answer stays the same to the bit.
  ///
  /// Names of no such tensor, and lists of another length, are passed over.
  package func scaled(byExponents exponents: [String: [Int]]) -> Graph {
    var editor = GraphEditor(self)
    for path in ChannelPath.all(of: editor) {
      guard let own = exponents[self[nodes[path.first].output].name], own.count == path.channelCount else { continue }
      editor.scaleOutputs(of: path.first, by: own.map { .powerOfTwo(-$0) })
      editor.scaleOperand(of: path.second, by: own.map { .powerOfTwo($0) })
    }
    editor.prune()
    return editor.graph
  }
}

extension GraphEditor {
  /// Multiplies a layer's weights and bias by a factor for each channel that it computes.
  fileprivate mutating func scaleOutputs(of index: Int, by factors: [Float]) {
    let places = WeightPlaces(graph.nodes[index], in: graph)
    replaceConstant(1, of: index) { $0 * factors[places.output(of: $1)] }
    if graph.nodes[index].inputs.count > 2 { replaceConstant(2, of: index) { $0 * factors[$1] } }
  }

  /// Multiplies a layer's weights by a factor for each channel that it reads.
  fileprivate mutating func scaleOperand(of index: Int, by factors: [Float]) {
    let places = WeightPlaces(graph.nodes[index], in: graph, channels: factors.count)
    replaceConstant(1, of: index) { $0 * factors[places.channel(of: $1)] }
  }

  /// Gives a node another constant, made of each value and its position.
  private mutating func replaceConstant(_ input: Int, of index: Int, _ made: (Float, Int) -> Float) {
    var node = graph.nodes[index]
    let tensor = graph[node.inputs[input]]
    guard let values = tensor.constant else { return }
    node.inputs[input] = constant(tensor.name, shape: tensor.shape, values.indices.map { made(values[$0], $0) })
    replace(index, with: node)
  }
}
