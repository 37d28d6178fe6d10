extension TrainedNetwork {
  /// The same network with channels of like sizes where its layers allow it.
  ///
  /// Training with rounding would mend unequal ones slowly. Here the weights before are divided, and those behind
  /// multiplied, by a power of two a channel (`ChannelBalance`): every answer stays the same to the bit.
  ///
  /// `samples` are looked at, up to 256 of them.
  /// - Throws: `GraphError` where the network cannot be trained.
  public func balanced(on samples: TrainingSource, threadCount: Int) throws(GraphError) -> TrainedNetwork {
    let pairs = ChannelPair.all(of: description).filter {
      !constants[$0.first].isEmpty && !constants[$0.second].isEmpty
    }
    if pairs.isEmpty { return self }
    let peaks = try peaks(of: pairs.map { read(by: $0) }, on: samples, threadCount: threadCount)
    var balanced = constants
    for (pair, peaks) in zip(pairs, peaks) {
      let exponents = ChannelBalance.exponents(peaks: peaks, shares: shares(of: pair, channelCount: peaks.count))
      let factors = exponents.map { Float.powerOfTwo($0) }
      let isDepthwise = description.nodes[pair.first].layer.isDepthwise
      for list in balanced[pair.first].indices {
        let inner = balanced[pair.first][list].count / factors.count
        for position in balanced[pair.first][list].indices {
          balanced[pair.first][list][position] /= factors[isDepthwise ? position % factors.count : position / inner]
        }
      }
      for position in balanced[pair.second][0].indices {
        balanced[pair.second][0][position] *= factors[position % factors.count]
      }
    }
    return TrainedNetwork(description, constants: balanced)
  }

  /// The value that a pair's second layer reads.
  private func read(by pair: ChannelPair) -> Int { description.nodes[pair.second].inputs[0].index }

  /// The greatest magnitude of each channel of some values.
  private func peaks(
    of values: [Int], on samples: TrainingSource, threadCount: Int
  ) throws(GraphError) -> [[Float]] {
    let (batchSize, spaces) = (64, ChannelSpaces(description))
    let network = try TrainableNetwork(description, seed: 0, capacity: batchSize, threadCount: threadCount)
    network.adopt(self)
    var peaks = values.map { [Float](repeating: 0, count: spaces.channelCounts[$0]) }
    let seen = samples.labels.indices.prefix(256)
    for first in stride(from: 0, to: seen.count, by: batchSize) {
      let batch = Array(seen[first..<min(first + batchSize, seen.count)])
      network.load(batch[...], of: samples, epoch: nil)
      network.forward(count: batch.count, isTraining: false)
      for (place, value) in values.enumerated() {
        let found = network.trace(value - 1).values
        for index in 0..<batch.count * description.nodes[value - 1].shape.product {
          let channel = index % peaks[place].count
          peaks[place][channel] = max(peaks[place][channel], found[index].magnitude)
        }
      }
    }
    return peaks
  }

  /// For each channel that a pair's second layer reads, its share of that layer's weights; 1 for a depthwise layer, where
  /// channels do not share a scale.
  private func shares(of pair: ChannelPair, channelCount: Int) -> [Float] {
    if description.nodes[pair.second].layer.isDepthwise { return [Float](repeating: 1, count: channelCount) }
    let weights = constants[pair.second][0]
    return ChannelBalance.shares(
      of: weights, rowLength: weights.count / constants[pair.second][1].count, channelCount: channelCount)
  }
}

extension Layer {
  fileprivate var isDepthwise: Bool { if case .depthwiseConvolution = self { true } else { false } }
}
