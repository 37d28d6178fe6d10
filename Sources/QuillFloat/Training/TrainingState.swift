/// Where a training run stands. It fits a run of the same network, seed, settings and samples.
public struct TrainingState: Sendable, Equatable {
  /// What each finished epoch gave.
  public let reports: [EpochReport]

  /// The batches of the current epoch that are done.
  public let batchIndex: Int

  /// What those batches gave.
  let partial: BatchResult

  /// The steps that dropout and running statistics have followed.
  let networkStepCount: Int

  /// The steps that the optimiser has made.
  let optimizerStepCount: Int

  /// What the network has learnt.
  let weights: NetworkWeights

  /// Adam's first moments, or descent's velocities.
  let firstMoments: [Float]

  /// Adam's second moments; empty for descent.
  let secondMoments: [Float]

  /// The weights of the best epoch so far, where early stopping watches.
  let best: NetworkWeights?

  /// The lengths of all arrays that must fit.
  var sizes: [Int] { weights.sizes + [firstMoments.count, secondMoments.count] }
}

extension NetworkWeights {
  /// The lengths of its arrays; always as many for one description.
  var sizes: [Int] { [parameters.count, statistics.count] + statistics.map(\.count) }
}
