import QuillFloat

/// The channels of a lowered network that int8 would serve badly: those whose values are far smaller than their
/// neighbours', without weights behind them that make up for it.
enum UnequalChannels {
  /// Images that are looked at, at most.
  static let imageCount = 256

  /// By the name of the tensor that a layer computes, the exponents that would give its channels like sizes
  /// (`Graph.scaled(byExponents:)`). Tensors with no channel off by more than a factor of two are left out: in trained
  /// networks, nearly all.
  static func exponents(
    in lowered: Graph, count: Int, threadCount: Int, inputs: @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) -> [String: [Int]] {
    let paths = ChannelPath.all(of: GraphEditor(lowered))
    if paths.isEmpty { return [:] }
    let peaks = try peaks(of: paths, lowered, count: min(count, imageCount), threadCount: threadCount, inputs)
    var exponents: [String: [Int]] = [:]
    for (path, peaks) in zip(paths, peaks) {
      let own = ChannelBalance.exponents(peaks: peaks, shares: shares(of: path, lowered))
      if own.contains(where: { abs($0) > 1 }) { exponents[lowered[lowered.nodes[path.first].output].name] = own }
    }
    return exponents
  }

  /// The greatest magnitude of each channel of what a path's second layer reads.
  private static func peaks(
    of paths: [ChannelPath], _ lowered: Graph, count: Int, threadCount: Int, _ inputs: @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) -> [[Float]] {
    let places = Dictionary(
      paths.enumerated().map { (lowered.nodes[$1.second].inputs[0], $0) }, uniquingKeysWith: { first, _ in first })
    let none = paths.map { [Float](repeating: 0, count: $0.channelCount) }
    return try lowered.program().foldSamples(count: count, threadCount: threadCount, initial: none) {
      peaks, engine, image in
      engine.run(inputs(image)) { id, values in
        guard let place = places[id] else { return }
        let channelCount = peaks[place].count
        for index in 0..<values.count {
          peaks[place][index % channelCount] = max(peaks[place][index % channelCount], values[index].magnitude)
        }
      }
    } combine: { total, chunk in
      for place in total.indices { total[place] = zip(total[place], chunk[place]).map { max($0, $1) } }
    }
  }

  /// What the second layer's weights can need of their steps for each channel; all of them where a channel has its own scale.
  private static func shares(of path: ChannelPath, _ lowered: Graph) -> [Float] {
    let node = lowered.nodes[path.second]
    if case .depthwiseConv2D = node.operation { return [Float](repeating: 1, count: path.channelCount) }
    let weights = lowered[node.inputs[1]]
    return ChannelBalance.shares(
      of: weights.constant ?? [], rowLength: weights.shape.dropFirst().reduce(1, *), channelCount: path.channelCount)
  }
}
