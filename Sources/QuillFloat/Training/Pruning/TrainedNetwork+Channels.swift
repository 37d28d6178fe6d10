extension TrainedNetwork {
  /// The network with only the given channels, in ascending order, of some spaces.
  func keeping(_ kept: [Int: [Int]]) throws(GraphError) -> TrainedNetwork {
    let spaces = ChannelSpaces(description)
    func channels(_ value: Int) -> [Int] {
      kept[spaces.spaces[value]] ?? Array(0..<spaces.channelCounts[value])
    }
    /// The elements of a value, of which the last axis or a flattened image's pixels hold channels, that stay.
    func elements(_ value: NetworkDescription.Value, count: Int) -> [Int] {
      let isKept = Set(channels(value.index))
      return (0..<count).filter { isKept.contains($0 % spaces.channelCounts[value.index]) }
    }
    var smaller = NetworkDescription(name: description.name, inputShape: description.inputShape)
    var lists: [[[Float]]] = []
    for (index, node) in description.nodes.enumerated() {
      let outputs = channels(index + 1)
      var layer = node.layer
      var own = constants[index]
      switch node.layer {
      case .convolution(_, let window, let fused):
        layer = .convolution(channels: outputs.count, window: window, fused: fused)
        let depth = description.shape(of: node.inputs[0]).last ?? 1
        let inputs = elements(node.inputs[0], count: depth)
        own = Self.picked(own, outputs, taps: window.height * window.width, depth: depth, inputs)
      case .dense(_, let fused):
        layer = .dense(units: outputs.count, fused: fused)
        let depth = description.shape(of: node.inputs[0]).product
        own = Self.picked(own, outputs, taps: 1, depth: depth, elements(node.inputs[0], count: depth))
      case .depthwiseConvolution, .batchNormalization:
        let channelCount = spaces.channelCounts[index + 1]
        own = own.map { list in
          stride(from: 0, to: list.count, by: channelCount).flatMap { first in outputs.map { list[first + $0] } }
        }
      case .maxPool, .averagePool, .globalAveragePool, .dropout, .activation, .flatten, .add, .multiply: break
      }
      try smaller.append(layer, node.inputs, name: node.name)
      lists.append(own)
    }
    return TrainedNetwork(smaller, constants: lists)
  }

  /// Weights `[outputs][taps][depth]` and biases of some outputs and inputs.
  private static func picked(
    _ lists: [[Float]], _ outputs: [Int], taps: Int, depth: Int, _ inputs: [Int]
  ) -> [[Float]] {
    guard lists.count == 2 else { return lists }
    let weights = outputs.flatMap { output in
      (0..<taps).flatMap { tap in inputs.map { lists[0][(output * taps + tap) * depth + $0] } }
    }
    return [weights, outputs.map { lists[1][$0] }]
  }
}
