import QuillFloat

/// Two linear layers of a lowered network with only such operations between them as let a positive factor of a channel
/// through: the second can undo what the first is multiplied by.
struct ChannelPath: Equatable {
  /// The positions of the two nodes.
  let first: Int, second: Int
  /// The channels of what the first computes, its last axis. Element `i` of every tensor on the way belongs to channel `i`
  /// modulo this.
  let channelCount: Int

  /// The paths of a network, in its order.
  static func all(of editor: GraphEditor) -> [ChannelPath] {
    let readers = editor.readers()
    return editor.graph.nodes.indices.compactMap { path(from: $0, editor, readers) }
  }

  private static func path(
    from first: Int, _ editor: GraphEditor, _ readers: [Graph.TensorID: [Int]]
  ) -> ChannelPath? {
    let graph = editor.graph
    guard graph.nodes[first].isLinear(in: graph), graph.nodes[first].operation.letsFactorsOut,
      let channelCount = graph[graph.nodes[first].output].shape.last
    else { return nil }
    guard let way = editor.way(from: first, readers, through: { $0.letsFactorsThrough(channelCount, in: graph) }),
      graph.nodes[way.end].isLinear(in: graph), graph.nodes[way.end].readsChannels(channelCount, in: graph)
    else { return nil }
    return ChannelPath(first: first, second: way.end, channelCount: channelCount)
  }
}

extension Graph.Node {
  /// Whether this is a layer of constant weights, in one group or by itself a channel.
  fileprivate func isLinear(in graph: Graph) -> Bool {
    guard inputs.count > 1, inputs.dropFirst().allSatisfy({ graph[$0].constant != nil }) else { return false }
    return switch operation {
    case .conv2D(let parameters): parameters.groups == 1
    case .depthwiseConv2D, .fullyConnected: true
    default: false
    }
  }

  /// Whether a position in the layer's weights tells its channel.
  fileprivate func readsChannels(_ count: Int, in graph: Graph) -> Bool {
    guard let last = graph[inputs[0]].shape.last else { return false }
    return if case .fullyConnected = operation { last % count == 0 } else { last == count }
  }

  /// Whether a channel's result is multiplied by what its operand is multiplied by.
  fileprivate func letsFactorsThrough(_ channelCount: Int, in graph: Graph) -> Bool {
    let keepsChannels = graph[inputs[0]].shape.last == channelCount
    return switch operation {
    case .unary(.activation(.none)), .unary(.activation(.relu)), .unary(.leakyRelu), .unary(.absolute), .reshape: true
    case .maxPool2D, .averagePool2D, .resizeNearest: keepsChannels
    case .mean(let axes, _), .sum(let axes, _): keepsChannels && !axes.contains(graph[inputs[0]].shape.count - 1)
    case .pad(let before, let after, let value): keepsChannels && value == 0 && before.last == 0 && after.last == 0
    default: false
    }
  }
}

extension Operation {
  /// Whether what follows a layer's sum lets a positive factor out.
  fileprivate var letsFactorsOut: Bool {
    switch self {
    case .conv2D(let parameters), .depthwiseConv2D(let parameters): [.none, .relu].contains(parameters.activation)
    case .fullyConnected(let activation): [.none, .relu].contains(activation)
    default: false
    }
  }
}
