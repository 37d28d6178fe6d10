/// All that a network has learnt: parameters and running statistics.
public struct NetworkWeights: Sendable, Equatable {
  /// The parameters, in the network's own order.
  let parameters: [Float]

  /// The running means and variances of each batch normalisation, in order; then the ranges of rounded values.
  let statistics: [[Float]]
}

extension TrainableNetwork {
  /// What the network has learnt. Weights fit a network of the same description.
  public var weights: NetworkWeights {
    get {
      NetworkWeights(parameters: store.values.array, statistics: statistics.map(\.array))
    }
    set {
      precondition(newValue.parameters.count == store.count, "weights of another network")
      store.values.array = newValue.parameters
      for (storage, values) in zip(statistics, newValue.statistics) { storage.array = values }
    }
  }

  private var statistics: [FloatStorage] {
    layers.flatMap { layer in
      if case .normalization(let layer) = layer { return [layer.runningMean, layer.runningVariance] }
      return []
    } + (rounding?.statistics ?? [])
  }
}

extension AlignedStorage<Float> {
  /// A copy of the elements.
  var array: [Float] {
    get { Array(UnsafeBufferPointer(start: base, count: count)) }
    set {
      precondition(newValue.count == count, "\(newValue.count) values for \(count)")
      newValue.withUnsafeBufferPointer { base.update(from: $0.baseAddressOrDangling, count: count) }
    }
  }
}
