/// Two linear layers with only such layers between them as let a positive factor of a channel through: the second can
/// undo what the first is multiplied by.
struct ChannelPair: Equatable {
  /// The positions of the two layers.
  let first: Int, second: Int

  /// The pairs of a description.
  static func all(of description: NetworkDescription) -> [ChannelPair] {
    var readers = [[Int]](repeating: [], count: description.nodes.count + 1)
    for (index, node) in description.nodes.enumerated() {
      for input in node.inputs { readers[input.index].append(index) }
    }
    return description.nodes.indices.compactMap { first in
      guard description.nodes[first].layer.isLinear, description.nodes[first].layer.letsFactorsThrough else {
        return nil
      }
      var value = first + 1
      while readers[value].count == 1, value != description.output.index {
        let reader = readers[value][0]
        let layer = description.nodes[reader].layer
        if layer.isLinear { return ChannelPair(first: first, second: reader) }
        guard layer.letsFactorsThrough else { return nil }
        value = reader + 1
      }
      return nil
    }
  }
}

extension Layer {
  fileprivate var isLinear: Bool {
    switch self {
    case .convolution, .depthwiseConvolution, .dense: true
    case .maxPool, .averagePool, .globalAveragePool, .batchNormalization, .dropout, .activation, .flatten, .add,
      .multiply:
      false
    }
  }

  /// Whether a channel's result is multiplied by what its operand, or its weights and bias, are multiplied by.
  fileprivate var letsFactorsThrough: Bool {
    switch self {
    case .convolution(_, _, let fused), .dense(_, let fused): fused != .relu6
    case .activation(.relu), .activation(.leakyRelu), .depthwiseConvolution, .maxPool, .averagePool,
      .globalAveragePool, .dropout, .flatten:
      true
    case .batchNormalization, .activation, .add, .multiply: false
    }
  }
}
