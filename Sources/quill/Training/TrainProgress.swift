import Foundation
import QuillFloat

/// Says how a run goes: a moving line on a terminal, and one line an epoch that stays.
final class TrainProgress {
  private static let secondsBetweenDrawings = 0.2

  private let console: Console
  private let epochCount: Int
  private var epochBegan = Date()
  private var isWhole = true
  private var lastDrawn = Date.distantPast
  private var sampleCount = 0, batchesDone = 0

  /// Images that were learnt from, and the seconds that it took, validation apart.
  private(set) var learntCount = 0, learningSeconds = 0.0
  private var lastBatch = Date()

  /// The seconds of each epoch that this process has run from its beginning.
  private(set) var epochSeconds: [Double] = []

  init(_ console: Console, epochCount: Int) {
    self.console = console
    self.epochCount = epochCount
  }

  /// The mean of them.
  var meanSeconds: Double? { epochSeconds.isEmpty ? nil : epochSeconds.reduce(0, +) / Double(epochSeconds.count) }

  func begin(fromBatch batchIndex: Int) {
    isWhole = batchIndex == 0
    epochBegan = Date()
    lastBatch = epochBegan
    (sampleCount, batchesDone) = (0, 0)
  }

  func show(_ batch: BatchProgress) {
    (sampleCount, batchesDone) = (sampleCount + batch.sampleCount, batchesDone + 1)
    let now = Date()
    learntCount += batch.sampleCount
    learningSeconds += now.timeIntervalSince(lastBatch)
    lastBatch = now
    guard console.showsProgress else { return }
    guard now.timeIntervalSince(lastDrawn) >= Self.secondsBetweenDrawings else { return }
    lastDrawn = now
    let seconds = max(now.timeIntervalSince(epochBegan), 1e-3)
    let batchesLeft = (epochCount - batch.epoch) * batch.batchCount - batch.batchIndex
    let left = Double(batchesLeft) * seconds / Double(max(batchesDone, 1))
    let share = batch.batchIndex * 100 / batch.batchCount
    write(
      "\r" + heading(batch.epoch) + " \(share) %: " + figures(batch.result)
        + ", \(Int(Double(sampleCount) / seconds)) images/s, \(Self.duration(left)) left\u{1b}[K")
  }

  func finish(_ report: EpochReport) {
    let seconds = Date().timeIntervalSince(epochBegan)
    if isWhole { epochSeconds.append(seconds) }
    clear()
    let validation = report.validation.map { "; validation " + figures($0) } ?? ""
    let epochsLeft = epochCount - report.epoch - 1
    let left = epochsLeft > 0 ? ", \(Self.duration(seconds * Double(epochsLeft))) left" : ""
    console.remark(
      heading(report.epoch) + ": " + figures(report.training) + validation
        + "; \(Self.number(seconds, 1)) s, \(Int(Double(sampleCount) / max(seconds, 1e-3))) images/s" + left)
  }

  /// Takes the moving line away.
  func clear() {
    if console.showsProgress { write("\r\u{1b}[K") }
  }

  private func heading(_ epoch: Int) -> String { "epoch \(epoch + 1) of \(epochCount)" }

  private func figures(_ result: BatchResult) -> String {
    "loss \(Self.number(result.loss, 4)), accuracy \(Self.number(result.accuracy * 100, 2)) %"
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// A number with a fixed count of decimals.
  static func number(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

  /// Seconds as minutes and seconds where there are any minutes.
  static func duration(_ seconds: Double) -> String {
    let whole = seconds.isFinite ? Int(min(seconds, 1e9).rounded()) : 0
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
