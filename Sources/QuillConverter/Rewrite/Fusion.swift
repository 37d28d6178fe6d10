import QuillFloat

// Operations that the runtime does inside others: activations and padding.

extension GraphEditor {
  /// Clips with the bounds of a known activation become that activation.
  mutating func nameActivations() {
    for (index, node) in graph.nodes.enumerated() {
      guard case .unary(.clip(let low, let high)) = node.operation else { continue }
      let activation: Operation.Activation? =
        switch (low, high) {
        case (0, 6): .relu6
        case (-1, 1): .reluMinus1To1
        case (0, let high) where high >= Float.greatestFiniteMagnitude: .relu
        case (let low, let high) where low <= -.greatestFiniteMagnitude && high >= .greatestFiniteMagnitude:
          Operation.Activation.none
        default: nil
        }
      guard let activation else { continue }
      var renamed = node
      renamed.operation = .unary(.activation(activation))
      replace(index, with: renamed)
    }
  }

  /// An activation goes into the linear or binary operation that it alone reads.
  mutating func fuseActivations() {
    var index = 0
    while index < graph.nodes.count {
      if let reader = onlyReader(of: index, readers()),
        case .unary(.activation(let activation)) = graph.nodes[reader].operation,
        let fused = graph.nodes[index].operation.carrying(activation)
      {
        var node = graph.nodes[index]
        node.operation = fused
        absorb(reader, into: index, as: node)
      } else {
        index += 1
      }
    }
  }

  /// Zeros around an image become the padding of the convolution that alone reads it.
  mutating func mergePadding() {
    var index = 0
    while index < graph.nodes.count {
      guard case .pad(let before, let after, let value) = graph.nodes[index].operation, value == 0, before.count == 4,
        before[0] + after[0] + before[3] + after[3] == 0, (before + after).allSatisfy({ $0 >= 0 }),
        let reader = onlyReader(of: index, readers()),
        let padded = graph.nodes[reader].operation.padding(
          by: Operation.Padding(top: before[1], left: before[2], bottom: after[1], right: after[2]))
      else {
        index += 1
        continue
      }
      var node = graph.nodes[reader]
      let source = graph.nodes[index].inputs[0]
      node.operation = padded
      node.inputs[0] = source
      replace(reader, with: node)
      remove(index)
    }
  }

  /// An average that counts its padding is an average of a padded image.
  mutating func countPaddingExplicitly() {
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard case .averagePool2D(var pooling, true) = node.operation else { continue }
      let padding = pooling.padding
      pooling.padding = .none
      let shape = graph[node.inputs[0]].shape
      let padded = tensor(
        node.name + "_padded",
        shape: [
          shape[0], shape[1] + padding.top + padding.bottom, shape[2] + padding.left + padding.right, shape[3],
        ])
      let pad = Operation.pad(
        before: [0, padding.top, padding.left, 0], after: [0, padding.bottom, padding.right, 0], value: 0)
      replace(
        index,
        with: [
          Graph.Node(name: node.name + "_padded", operation: pad, inputs: [node.inputs[0]], output: padded),
          Graph.Node(
            name: node.name, operation: .averagePool2D(pooling, countsPadding: false), inputs: [padded],
            output: node.output),
        ])
    }
  }
}

extension Operation {
  /// The operation with an activation after it, where it can carry one and carries none yet.
  func carrying(_ activation: Activation) -> Operation? {
    switch self {
    case .conv2D(var parameters) where parameters.activation == .none:
      parameters.activation = activation
      return .conv2D(parameters)
    case .depthwiseConv2D(var parameters) where parameters.activation == .none:
      parameters.activation = activation
      return .depthwiseConv2D(parameters)
    case .fullyConnected(.none): return .fullyConnected(activation)
    case .binary(let operation, .none) where [.add, .subtract, .multiply].contains(operation):
      return .binary(operation, activation)
    default: return nil
    }
  }

  /// The convolution with more padding; `nil` for anything else.
  fileprivate func padding(by more: Padding) -> Operation? {
    func sum(_ padding: Padding) -> Padding {
      Padding(
        top: padding.top + more.top, left: padding.left + more.left, bottom: padding.bottom + more.bottom,
        right: padding.right + more.right)
    }
    switch self {
    case .conv2D(var parameters):
      parameters.padding = sum(parameters.padding)
      return .conv2D(parameters)
    case .depthwiseConv2D(var parameters):
      parameters.padding = sum(parameters.padding)
      return .depthwiseConv2D(parameters)
    default: return nil
    }
  }
}
