/// A training run that may be left after any batch and taken up again, to the same bits as one that was never left.
///
/// Everything random follows from the network's seed and the position in the run, so `state` is all there is to keep.
/// An instance serves one caller at a time.
public final class TrainingRun {
  /// The network that learns.
  public let network: TrainableNetwork

  /// The settings.
  public let settings: TrainingSettings

  /// What each finished epoch gave.
  public private(set) var reports: [EpochReport] = []

  /// The batches of the current epoch that are done.
  public private(set) var batchIndex = 0

  /// What those batches gave.
  private var partial = BatchResult.none

  /// The samples of an epoch, its first ones, over which the statistics of normalisation are taken anew.
  private static let gatheredSampleCount = 4096

  private let optimizer: OptimizerState
  private var stopping: EarlyStopping?
  private var best: NetworkWeights?

  /// A run from the network's present weights. The batch must fit the network.
  public init(_ network: TrainableNetwork, _ settings: TrainingSettings) {
    precondition(settings.batchSize >= 1 && settings.batchSize <= network.capacity, "a batch that the network holds")
    self.network = network
    self.settings = settings
    optimizer = OptimizerState(settings.optimizer, for: network)
    stopping = settings.earlyStopping
  }

  /// Whether every epoch is done, or early stopping has ended the run.
  public var isFinished: Bool {
    guard let last = reports.last else { return settings.epochCount == 0 }
    return reports.count >= settings.epochCount || stopping?.shouldStop(after: last.epoch) == true
  }

  /// The epoch of the best validation result, counted from 0, where early stopping watches it.
  public var bestEpoch: Int? { stopping?.bestEpoch }

  /// Runs the current epoch to its end, and answers what it gave; `nil` where `observe` answered, after a batch, not to
  /// go on. Labels must be classes of the network.
  public func runEpoch(
    on training: TrainingSource, validation: TrainingSource?, observe: (BatchProgress) -> Bool = { _ in true }
  ) -> EpochReport? {
    let epoch = reports.count
    let order = TrainingRandom.shuffled(
      training.labels.count, seed: network.seed, stream: TrainingRandom.orderStream | UInt64(epoch))
    let batchCount = (order.count + settings.batchSize - 1) / settings.batchSize
    while batchIndex < batchCount {
      let first = batchIndex * settings.batchSize
      let samples = order[first..<min(first + settings.batchSize, order.count)]
      learn(samples, of: training, epoch: epoch, batchCount: batchCount)
      batchIndex += 1
      let progress = BatchProgress(
        epoch: epoch, batchIndex: batchIndex, batchCount: batchCount, sampleCount: samples.count, result: partial)
      if !observe(progress) { return nil }
    }
    if !settings.schedule.comesToRest {
      network.gatherStatistics(of: training, order.prefix(Self.gatheredSampleCount), epoch: epoch, settings.batchSize)
    }
    let report = EpochReport(epoch: epoch, training: partial, validation: validation.map { network.measure($0) })
    reports.append(report)
    (batchIndex, partial) = (0, .none)
    if let result = report.validation, stopping?.note(result, epoch: epoch) == true { best = network.weights }
    return report
  }

  /// Takes the weights of the best epoch, where early stopping watches. The run cannot go on from them.
  public func restoreBestWeights() {
    if let best { network.weights = best }
  }

  private func learn(_ samples: ArraySlice<Int>, of source: TrainingSource, epoch: Int, batchCount: Int) {
    network.load(samples, of: source, epoch: epoch)
    network.forward(count: samples.count, isTraining: true)
    let labels = samples.map { source.labels[$0] }
    let weights = settings.classWeights.map { factors in labels.map { $0 < 0 ? 1 : factors[$0] } }
    partial.add(
      network.backward(
        count: samples.count, labels: labels, weights: weights, smoothing: settings.labelSmoothing))
    let rate = settings.rate(epoch: epoch, batch: batchIndex, of: batchCount)
    optimizer.step(network, rate: rate, weightDecay: settings.weightDecay)
  }
}

/// How far an epoch is.
public struct BatchProgress: Sendable, Equatable {
  /// The epoch, counted from 0.
  public let epoch: Int

  /// The batches of the epoch that are done.
  public let batchIndex: Int

  /// The batches of the epoch.
  public let batchCount: Int

  /// The samples of the last batch.
  public let sampleCount: Int

  /// What the epoch's batches gave so far.
  public let result: BatchResult
}

extension TrainingRun {
  /// All that a run needs to go on: weights, moments, counters, history, and the best weights so far.
  public var state: TrainingState {
    TrainingState(
      reports: reports, batchIndex: batchIndex, partial: partial, networkStepCount: network.stepCount,
      optimizerStepCount: optimizer.stepCount, weights: network.weights, firstMoments: optimizer.first.array,
      secondMoments: optimizer.second.array, best: best)
  }

  /// Goes on from a state of a run with the same network, seed, settings and samples.
  /// - Throws: `checkpointUnfit` where the state is that of a network or optimiser of other sizes.
  public func restore(_ state: TrainingState) throws(TrainingError) {
    let own = self.state
    for (found, expected) in zip(state.sizes, own.sizes) where found != expected {
      throw TrainingError.checkpointUnfit(found: found, expected: expected)
    }
    if let best = state.best, best.sizes != own.weights.sizes {
      throw TrainingError.checkpointUnfit(found: best.parameters.count, expected: own.weights.parameters.count)
    }
    (reports, batchIndex, partial) = (state.reports, state.batchIndex, state.partial)
    network.stepCount = state.networkStepCount
    network.weights = state.weights
    optimizer.stepCount = state.optimizerStepCount
    optimizer.first.array = state.firstMoments
    optimizer.second.array = state.secondMoments
    best = state.best
    stopping = settings.earlyStopping
    for report in reports {
      if let result = report.validation { _ = stopping?.note(result, epoch: report.epoch) }
    }
  }
}
