/// What a training run is told.
public struct TrainingSettings: Sendable, Equatable {
  /// Passes over the training samples; at least 1.
  public var epochCount: Int

  /// Samples of a step, at most the network's capacity; the last of an epoch may be smaller.
  public var batchSize: Int

  /// How parameters follow their gradients.
  public var optimizer: Optimizer

  /// The learning rate.
  public var schedule: Schedule

  /// The factor of the squared weights in the loss.
  public var weightDecay: Float

  /// A factor of the loss for each class, or `nil` for 1.
  public var classWeights: [Float]?

  /// The share of each label that all classes have alike while learning; 0 for none.
  public var labelSmoothing: Double

  /// Epochs, or a part of one, over which the learning rate rises from 0 to what the schedule says.
  public var warmUpEpochCount: Double

  /// When to end before the last epoch; the best epoch's weights are then restored.
  public var earlyStopping: EarlyStopping?

  /// Settings with Keras's defaults: Adam at a rate of 0.001.
  public init(
    epochCount: Int, batchSize: Int, optimizer: Optimizer = .adam(), schedule: Schedule = .constant(0.001),
    weightDecay: Float = 0, classWeights: [Float]? = nil, labelSmoothing: Double = 0, warmUpEpochCount: Double = 0,
    earlyStopping: EarlyStopping? = nil
  ) {
    self.epochCount = epochCount
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.schedule = schedule
    self.weightDecay = weightDecay
    self.classWeights = classWeights
    self.labelSmoothing = labelSmoothing
    self.warmUpEpochCount = warmUpEpochCount
    self.earlyStopping = earlyStopping
  }

  /// The learning rate of a batch of an epoch, both counted from 0.
  public func rate(epoch: Int, batch: Int, of batchCount: Int) -> Float {
    let rate = schedule.rate(epoch: epoch, of: epochCount, batch: batch, of: batchCount)
    let warmUp = warmUpEpochCount * Double(batchCount)
    let step = Double(epoch * batchCount + batch + 1)
    return step < warmUp ? rate * Float(step / warmUp) : rate
  }
}

/// What an epoch gave.
public struct EpochReport: Sendable, Equatable {
  /// The epoch, counted from 0.
  public let epoch: Int

  /// The training samples' results while they were learnt from.
  public let training: BatchResult

  /// The validation samples' results after the epoch, where there are any.
  public let validation: BatchResult?
}

/// Teaches a network.
public struct Trainer {
  /// The settings.
  public let settings: TrainingSettings

  /// A trainer by settings. Labels must be classes of the network, and the batch must fit it.
  public init(_ settings: TrainingSettings) {
    self.settings = settings
  }

  /// Trains, and answers what each epoch gave.
  ///
  /// `observe` sees each epoch as it ends and answers whether to go on. The order of samples follows from the network's
  /// seed and the epoch. `TrainingRun` does the same in steps that can be left and taken up again.
  @discardableResult
  public func train(
    _ network: TrainableNetwork, on training: TrainingSource, validation: TrainingSource? = nil,
    observe: (EpochReport) -> Bool = { _ in true }
  ) -> [EpochReport] {
    let run = TrainingRun(network, settings)
    while !run.isFinished, let report = run.runEpoch(on: training, validation: validation), observe(report) {}
    run.restoreBestWeights()
    return run.reports
  }
}

extension TrainableNetwork {
  /// Writes samples into `inputs`.
  func load(_ samples: ArraySlice<Int>, of source: TrainingSource, epoch: Int?) {
    let size = description.inputShape.product
    let target = inputs
    workers.run(samples.count, grain: 16) { range, _ in
      for index in range {
        var span = UnsafeMutableBufferPointer(rebasing: target[(index * size)..<((index + 1) * size)]).mutableSpan
        source.write(samples[samples.startIndex + index], epoch, &span)
      }
    }
  }

  /// Takes the statistics of normalisation anew: the mean over batches of samples, with the weights as they are. What ran
  /// while the weights moved lags behind them, the more the faster they moved (Wu and Johnson 2021, arXiv 2105.07576,
  /// section 3).
  func gatherStatistics(of source: TrainingSource, _ samples: ArraySlice<Int>, epoch: Int, _ batchSize: Int) {
    guard description.nodes.contains(where: { $0.layer.hasStatistics }) else { return }
    for batch in 0..<max(samples.count / batchSize, 1) {
      let samples = samples.dropFirst(batch * batchSize).prefix(batchSize)
      load(samples, of: source, epoch: epoch)
      forward(count: samples.count, isTraining: false, gatheredBatchCount: batch)
    }
  }

  /// Loss and hits on samples, without learning from them.
  public func measure(_ source: TrainingSource) -> BatchResult {
    var total = BatchResult.none
    let order = Array(source.labels.indices)
    for first in stride(from: 0, to: order.count, by: capacity) {
      let samples = order[first..<min(first + capacity, order.count)]
      load(samples, of: source, epoch: nil)
      forward(count: samples.count, isTraining: false)
      total.add(loss(count: samples.count, labels: samples.map { source.labels[$0] }))
    }
    return total
  }
}

extension BatchResult {
  /// The result of no sample.
  static let none = BatchResult(loss: 0, correctCount: 0, sampleCount: 0)

  /// The share of samples that were right.
  public var accuracy: Double { sampleCount == 0 ? 0 : Double(correctCount) / Double(sampleCount) }

  /// Takes further samples in: the loss stays the mean over all.
  mutating func add(_ other: BatchResult) {
    let count = sampleCount + other.sampleCount
    if count == 0 { return }
    loss = (loss * Double(sampleCount) + other.loss * Double(other.sampleCount)) / Double(count)
    correctCount += other.correctCount
    sampleCount = count
  }
}
