import Foundation
import QuillData
import QuillFloat

/// The file that keeps a run.
struct CheckpointFile {
  /// The file; `nil` where none is kept.
  let path: String?

  /// The settings of the run.
  let settings: [Checkpoint.Setting]

  /// Keeps a run as it stands, where that is possible.
  func keep(_ run: TrainingRun, _ keeping: Keeping) {
    guard let path else { return }
    keeping.attempt(path) { try AtomicFile.write(Checkpoint(settings: settings, state: run.state).bytes, to: path) }
  }

  /// Whether the file has what was last to be kept.
  func isKept(_ keeping: Keeping) -> Bool { path.map(keeping.holds) ?? false }

  /// Takes a run up from the file.
  /// - Throws: `DataError`, `UsageError` or `TrainFault` where there is no file or it is another run's.
  func restore(_ run: TrainingRun, _ options: TrainOptions, _ console: Console) throws {
    guard let path else { throw UsageError.optionMissing("--checkpoint") }
    guard exists else { throw TrainFault.noCheckpoint(path: path) }
    let bytes = try FileBytes.read(path)
    do throws(TrainingError) {
      let checkpoint = try Checkpoint(bytes)
      try checkpoint.expect(settings.filter(options.mustAgree))
      try run.restore(checkpoint.state)
    } catch {
      throw TrainFault.checkpoint(path: path, error)
    }
    console.remark(
      "going on from \(path): \(Plural.of(run.reports.count, "epoch")) and \(Plural.of(run.batchIndex, "batch", "batches")) done"
    )
  }

  /// Says that an earlier run will be lost, where one is kept.
  func warnOfEarlierRun(_ console: Console) {
    guard let path, exists else { return }
    console.remark("\(path) keeps an earlier run, which this one will replace; --resume goes on with it")
  }

  private var exists: Bool { path.map { access($0, F_OK) == 0 } ?? false }

  /// Removes the file.
  func remove() {
    if let path { unlink(path) }
  }
}
