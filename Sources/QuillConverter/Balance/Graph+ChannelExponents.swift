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
      editor.scale(path.first, constants: [1, 2], by: own.map { .powerOfTwo(-$0) }, isOutput: true)
      editor.scale(path.second, constants: [1], by: own.map { .powerOfTwo($0) }, isOutput: false)
    }
    editor.prune()
    return editor.graph
  }
}

extension GraphEditor {
  /// Multiplies a layer's constants by a factor for each channel that it computes (`isOutput`) or reads.
  fileprivate mutating func scale(_ index: Int, constants: [Int], by factors: [Float], isOutput: Bool) {
    var node = graph.nodes[index]
    let outputs = graph[node.output].shape.last ?? 1
    let isDepthwise = if case .depthwiseConv2D = node.operation { true } else { false }
    for position in constants where position < node.inputs.count {
      let tensor = graph[node.inputs[position]]
      guard let values = tensor.constant else { continue }
      let row = values.count / outputs
      let scaled = values.indices.map { place in
        let channel =
          switch (isDepthwise, isOutput) {
          case (true, true): place % outputs
          case (true, false): place % outputs / (outputs / factors.count)
          case (false, true): place / row
          case (false, false): place % factors.count
          }
        return values[place] * factors[channel]
      }
      node.inputs[position] = constant(tensor.name, shape: tensor.shape, scaled)
    }
    replace(index, with: node)
  }
}
