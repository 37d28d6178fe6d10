/// Takes whole channels out of a network: those whose absence changes the loss least.
///
/// What a channel is worth is measured on training images, to the first order: the mean over images of
/// `|sum(value * gradient)|` (Molchanov et al. 2017, arXiv 1611.06440, section 2.2), added up over the layers that share
/// the channel and divided by the length of the space's vector of such worths. The least worth channels of all spaces go
/// first, in rounds that measure anew. Each space keeps at least an eighth of its channels.
public struct Pruning: Sendable {
  /// The share of the channels that go, from 0 up to, but not including, 1.
  public let share: Double

  /// Images that each round measures on, at most.
  public let imageCount: Int

  /// The channels of a space, before and after.
  public struct Change: Sendable, Equatable {
    /// The layer that makes the channels; the first, where several share them.
    public let layer: String

    /// Channels before and after.
    public let before: Int, after: Int
  }

  private static let roundCount = 5
  private static let batchSize = 64

  /// A share of all channels to take out.
  public init(share: Double, imageCount: Int = 2000) {
    precondition(share >= 0 && share < 1, "a share below 1")
    self.share = share
    self.imageCount = imageCount
  }

  /// The network without the channels that matter least on some samples.
  /// - Throws: `GraphError` where the network cannot be trained.
  public func pruned(
    _ network: TrainedNetwork, on samples: TrainingSource, threadCount: Int
  ) throws(GraphError) -> TrainedNetwork {
    let total = Self.prunableCount(network)
    var pruned = network
    var goneCount = 0
    for round in 1...Self.roundCount {
      let wanted = Int((Double(total) * share * Double(round) / Double(Self.roundCount)).rounded())
      let worths = try worths(pruned, on: samples, threadCount: threadCount)
      let kept = Self.kept(worths, without: wanted - goneCount, of: network, now: pruned)
      pruned = try pruned.keeping(kept)
      goneCount = total - Self.prunableCount(pruned)
    }
    return pruned
  }

  /// What has become of the channels of each space.
  public static func changes(from before: TrainedNetwork, to after: TrainedNetwork) -> [Change] {
    let spaces = (ChannelSpaces(before.description), ChannelSpaces(after.description))
    return spaces.0.prunable.sorted().map { space in
      Change(
        layer: before.description.nodes[space - 1].name, before: spaces.0.channelCounts[space],
        after: spaces.1.channelCounts[space])
    }
  }

  private static func prunableCount(_ network: TrainedNetwork) -> Int {
    let spaces = ChannelSpaces(network.description)
    return spaces.prunable.reduce(0) { $0 + spaces.channelCounts[$1] }
  }

  /// What each channel of each space that may lose some is worth.
  private func worths(
    _ trained: TrainedNetwork, on samples: TrainingSource, threadCount: Int
  ) throws(GraphError) -> [Int: [Double]] {
    let network = try TrainableNetwork(
      trained.description, seed: 0, capacity: Self.batchSize, threadCount: threadCount,
      frozen: Set(trained.description.nodes.indices.filter { trained.description.nodes[$0].layer.hasStatistics }))
    network.adopt(trained)
    let spaces = ChannelSpaces(trained.description)
    var worths: [Int: [Double]] = [:]
    for space in spaces.prunable { worths[space] = [Double](repeating: 0, count: spaces.channelCounts[space]) }
    let order = TrainingRandom.shuffled(samples.labels.count, seed: 0, stream: TrainingRandom.pruningStream)
      .prefix(imageCount)
    for first in stride(from: 0, to: order.count, by: Self.batchSize) {
      let batch = order[first..<min(first + Self.batchSize, order.count)]
      network.load(batch, of: samples, epoch: nil)
      network.forward(count: batch.count, isTraining: true)
      _ = network.backward(count: batch.count, labels: batch.map { samples.labels[$0] })
      for (index, node) in trained.description.nodes.enumerated() {
        guard node.layer.makesChannels, var worth = worths[spaces.spaces[index + 1]] else { continue }
        network.addWorths(of: index, count: batch.count, to: &worth)
        worths[spaces.spaces[index + 1]] = worth
      }
    }
    return worths.mapValues { worths in
      let length = worths.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return length > 0 ? worths.map { $0 / length } : worths
    }
  }

  /// The channels that stay when the least worth ones go.
  private static func kept(
    _ worths: [Int: [Double]], without count: Int, of original: TrainedNetwork, now: TrainedNetwork
  ) -> [Int: [Int]] {
    let most = ChannelSpaces(original.description)
    var kept = worths.mapValues { Array($0.indices) }
    let ranked = worths.flatMap { space, worths in worths.enumerated().map { (space: space, channel: $0, worth: $1) } }
      .sorted { ($0.worth, $0.space, $0.channel) < ($1.worth, $1.space, $1.channel) }
    var left = count
    for candidate in ranked where left > 0 {
      guard let channels = kept[candidate.space], channels.count > (most.channelCounts[candidate.space] + 7) / 8 else {
        continue
      }
      kept[candidate.space] = channels.filter { $0 != candidate.channel }
      left -= 1
    }
    return kept
  }
}

extension Layer {
  /// Whether the layer makes channels instead of passing them on.
  fileprivate var makesChannels: Bool {
    switch self {
    case .convolution, .dense: true
    case .depthwiseConvolution, .maxPool, .averagePool, .globalAveragePool, .batchNormalization, .dropout, .activation,
      .flatten, .add, .multiply:
      false
    }
  }
}

extension TrainableNetwork {
  /// Adds `|sum over pixels of value * gradient|` of each sample and channel of a layer.
  fileprivate func addWorths(of layer: Int, count: Int, to worths: inout [Double]) {
    let (values, gradients) = trace(layer)
    let (size, channelCount) = (description.nodes[layer].shape.product, worths.count)
    var sums = [Double](repeating: 0, count: channelCount)
    for sample in 0..<count {
      for channel in sums.indices { sums[channel] = 0 }
      for index in 0..<size {
        let position = sample * size + index
        sums[index % channelCount] += Double(values[position] * gradients[position])
      }
      for channel in sums.indices { worths[channel] += sums[channel].magnitude }
    }
  }
}

extension TrainingRandom {
  /// Which samples pruning measures on.
  fileprivate static let pruningStream: UInt64 = 1 << 60
}
