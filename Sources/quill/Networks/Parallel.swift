import Dispatch
import Foundation
import Synchronization

/// Work on many samples by several processors.
enum Parallel {
  /// The processors that may be used: the threads where nothing else is asked for.
  static let threadCount = max(1, ProcessInfo.processInfo.activeProcessorCount)

  /// Calls `body` on several threads, each with ranges of `0..<count` that no other gets, and puts the results together
  /// in the order of the samples.
  static func map<Result: Sendable>(
    count: Int, threadCount: Int, _ body: @Sendable (_ next: () -> Range<Int>?) -> [(Int, Result)]
  ) -> [Result] {
    let chunkSize = 64
    let nextStart = Atomic(0)
    let results = Mutex([(Int, Result)]())
    DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
      let own = body {
        let start = nextStart.wrappingAdd(chunkSize, ordering: .relaxed).oldValue
        return start < count ? start..<min(start + chunkSize, count) : nil
      }
      results.withLock { $0.append(contentsOf: own) }
    }
    return results.withLock { $0 }.sorted { $0.0 < $1.0 }.map(\.1)
  }
}
