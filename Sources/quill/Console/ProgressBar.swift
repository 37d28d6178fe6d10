import Foundation
import Synchronization

/// A line on the terminal that says how far the work is; nothing where standard error is no terminal.
///
/// Several threads may advance it.
final class ProgressBar: Sendable {
  private struct State {
    var done = 0
    var lastDrawn = Date.distantPast
    var isDrawn = false
  }

  private static let secondsBetweenDrawings = 0.1
  private static let barWidth = 30

  private let label: String
  private let total: Int
  private let isShown: Bool
  private let state = Mutex(State())

  /// A bar for `total` steps.
  init(_ label: String, total: Int, console: Console) {
    self.label = label
    self.total = max(total, 1)
    isShown = console.showsProgress
  }

  /// Counts finished steps.
  func advance(by steps: Int = 1) {
    guard isShown else { return }
    state.withLock { state in
      state.done = min(total, state.done + steps)
      let now = Date()
      guard now.timeIntervalSince(state.lastDrawn) >= Self.secondsBetweenDrawings else { return }
      state.lastDrawn = now
      state.isDrawn = true
      draw(state.done)
    }
  }

  /// Takes the line away.
  func finish() {
    state.withLock { state in
      if state.isDrawn { write("\r\u{1b}[K") }
      state.isDrawn = false
    }
  }

  private func draw(_ done: Int) {
    let filled = Self.barWidth * done / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.barWidth - filled)
    write("\r\(label) [\(bar)] \(done) of \(total)\u{1b}[K")
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
