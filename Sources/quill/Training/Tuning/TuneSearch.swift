import Dispatch
import Foundation
import QuillData
import QuillFloat
import Synchronization

/// A random search with successive halving: trials side by side, each on one thread while there are enough of them.
///
/// A trial's result depends on the seed and its number alone. Its run is kept in a checkpoint of its own beside the
/// table, so that a killed search loses at most the epochs that were under way.
final class TuneSearch: Sendable {
  private let space: TuneSpace
  let data: TrainingData
  private let validation: TrainingSource
  private let seed: UInt64
  private let rounds: [SuccessiveHalving.Round]
  private let console: Console
  private let table: Mutex<TuneTable>
  private let keeping: Keeping
  private let failure = Mutex<(any Error)?>(nil)
  private let stopped: @Sendable () -> Bool

  /// The search of a table's settings. `stopped` tells that the search is to end early.
  init(
    _ space: TuneSpace, _ data: TrainingData, validation: TrainingSource, _ table: TuneTable, _ console: Console,
    stopped: @escaping @Sendable () -> Bool
  ) {
    (self.space, self.data, self.validation, self.console) = (space, data, validation, console)
    (seed, self.stopped) = (table.settings.seed, stopped)
    rounds = SuccessiveHalving(trialCount: table.settings.trials, epochCount: table.settings.epochs).rounds
    self.table = Mutex(table)
    keeping = Keeping(command: TuneCommand.declaration.name, console)
  }

  /// The table as it stands.
  var results: TuneTable { table.withLock { $0 } }

  /// Runs what is left of the search, and answers the best trial's number; `nil` where it was stopped.
  func run() throws -> Int? {
    var trials = Array(0..<results.settings.trials)
    for (index, round) in rounds.enumerated() {
      console.remark(
        "round \(index + 1) of \(rounds.count): \(Plural.of(trials.count, "trial")), each to "
          + Plural.of(round.epochCount, "epoch"))
      try run(trials, round)
      if stopped() { return nil }
      var gave: [Int: BatchResult] = [:]
      for trial in trials {
        gave[trial] = results.row(trial: trial, epochs: round.epochCount)?
          .result(validationCount: validation.labels.count)
      }
      let next = index + 1 < rounds.count ? rounds[index + 1].trialCount : 1
      trials = Array(SuccessiveHalving.ranked(gave).prefix(next))
    }
    return trials.first
  }

  /// Runs those trials of a round that have no result yet.
  private func run(_ trials: [Int], _ round: SuccessiveHalving.Round) throws {
    let waiting = trials.filter { results.row(trial: $0, epochs: round.epochCount) == nil }
    let lanes = min(Parallel.threadCount, waiting.count)
    guard lanes > 0 else { return }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: lanes) { _ in
      while true {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < waiting.count, !stopped(), failure.withLock({ $0 == nil }) else { return }
        do {
          try run(waiting[place], to: round.epochCount, threadCount: max(Parallel.threadCount / lanes, 1))
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Runs a trial until it has had some epochs, and notes what it gave.
  private func run(_ number: Int, to epochCount: Int, threadCount: Int) throws {
    let trial = space.trial(number, seed: seed)
    let began = Date()
    let run = try resumed(trial, threadCount: threadCount)
    while run.reports.count < epochCount {
      let report = run.runEpoch(on: data.training, validation: validation) { [stopped] _ in !stopped() }
      checkpoint(trial).keep(run, keeping)
      if report == nil { return }
    }
    guard let report = run.reports.last, let result = report.validation else { return }
    let row = TuneTable.Row(
      trial: number, epochs: epochCount, validationAccuracy: result.accuracy, validationLoss: result.loss,
      validationCorrect: result.correctCount, trainingLoss: report.training.loss, network: trial.network,
      learningRate: trial.rate, batch: trial.batchSize, parameters: run.network.description.parameterCount,
      seconds: Date().timeIntervalSince(began))
    table.withLock { table in
      table.append(row)
      keeping.attempt(table.path) { try table.write() }
    }
    console.remark(
      "trial \(number): validation accuracy \(TrainProgress.number(result.accuracy * 100, 2)) % after "
        + "\(Plural.of(epochCount, "epoch")); \(trial.network), rate \(String(format: "%.2g", trial.rate)), "
        + "batch \(trial.batchSize)")
  }

  /// A trial's run as its checkpoint has it, or from its beginning.
  func resumed(_ trial: TuneTrial, threadCount: Int) throws -> TrainingRun {
    let description: NetworkDescription
    do throws(TrainingError) {
      description = try NetworkDescription(
        text: trial.network, inputShape: data.shape, classCount: data.classNames.count)
    } catch {
      throw UsageError.optionUnfit(option: TuneCommand.space.name, reason: "\(error)")
    }
    let bytes = description.trainingByteCount(batchSize: trial.batchSize)
    guard bytes <= TrainingMemory.limit / Parallel.threadCount else {
      throw TrainFault.tooLarge(network: trial.network, bytes: bytes, limit: TrainingMemory.limit)
    }
    let network: TrainableNetwork
    do throws(GraphError) {
      network = try TrainableNetwork(description, seed: seed, capacity: trial.batchSize, threadCount: threadCount)
    } catch {
      throw TrainFault.graph(network: trial.network, error)
    }
    let settings = TrainingSettings(
      epochCount: results.settings.epochs, batchSize: trial.batchSize, schedule: .constant(Float(trial.rate)))
    let run = TrainingRun(network, settings)
    let store = checkpoint(trial)
    // A checkpoint that does not serve costs only time: the run begins anew, to the same result.
    if let path = store.path, let bytes = try? FileBytes.read(path), let kept = try? Checkpoint(bytes),
      (try? kept.expect(store.settings)) != nil
    {
      try? run.restore(kept.state)
    }
    return run
  }

  /// Runs a trial to its end.
  func finish(_ run: TrainingRun) {
    while !run.isFinished { _ = run.runEpoch(on: data.training, validation: validation) }
  }

  /// Where a trial's run is kept.
  private func checkpoint(_ trial: TuneTrial) -> CheckpointFile {
    CheckpointFile(path: "\(results.path).trial-\(trial.number)", settings: described(trial))
  }

  /// A trial's settings in words.
  func described(_ trial: TuneTrial) -> [Checkpoint.Setting] {
    let settings = results.settings
    return [
      .init("network", trial.network), .init("classes", TrainOptions.joined(data.classNames)),
      .init("learning rate", "\(trial.rate)"), .init("batch", "\(trial.batchSize)"), .init("seed", "\(seed)"),
      .init("training images", "\(settings.trainingImages)"),
      .init("validation images", "\(settings.validationImages)"),
      .init("image checksum", settings.imageChecksum), .init("augmentation", settings.augmentation),
    ]
  }

  /// Sees to it that the table is written, and removes what the search kept beside it.
  func clean() throws {
    if !keeping.holds(results.path) { try results.write() }
    for number in 0..<results.settings.trials { checkpoint(space.trial(number, seed: seed)).remove() }
  }
}
