/// Which values of a network have their channels in common: what only passes channels on has those of what it reads,
/// and the operands of a sum or product have the same.
///
/// An element of a value belongs to channel `index % channelCount`: channels are the last axis of images, and stay so
/// where an image is flattened.
struct ChannelSpaces {
  /// The space of each value, named by the first of its values.
  let spaces: [Int]

  /// The channels of each value's space.
  let channelCounts: [Int]

  /// The spaces whose channels may go: neither the input's nor the answer's.
  let prunable: Set<Int>

  /// The spaces of a description.
  init(_ description: NetworkDescription) {
    var parents = [0]
    var counts = [description.inputShape.last ?? 1]
    var kept: Set<Int> = [0, description.output.index]
    func root(_ value: Int) -> Int {
      var value = value
      while parents[value] != value { value = parents[value] }
      return value
    }
    for (index, node) in description.nodes.enumerated() {
      let source = root(node.inputs[0].index)
      switch node.layer {
      case .convolution, .dense:
        parents.append(index + 1)
        counts.append(node.shape.last ?? 1)
      case .depthwiseConvolution, .maxPool, .averagePool, .globalAveragePool, .batchNormalization, .dropout,
        .activation,
        .flatten:
        parents.append(source)
        counts.append(counts[source])
      case .add, .multiply:
        parents.append(source)
        counts.append(counts[source])
        let other = root(node.inputs[1].index)
        if other == source { continue }
        // Channels of another kind, such as those of a flattened image, are left as they are.
        if counts[other] != counts[source] { kept.formUnion([other, source]) }
        let (first, second) = (min(other, source), max(other, source))
        parents[second] = first
      }
    }
    let spaces = counts.indices.map(root)
    let keptSpaces = Set(kept.map { spaces[$0] })
    self.spaces = spaces
    channelCounts = counts
    prunable = Set(spaces).subtracting(keptSpaces)
  }
}
