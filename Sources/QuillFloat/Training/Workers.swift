import Dispatch

/// Splits work over threads. What is computed never depends on how it was split.
struct Workers: Sendable {
  /// The most threads that work at once; at least 1.
  let threadCount: Int

  /// Calls `body` with ranges that cover `0..<count`, each at least `grain` long where there are several, at once.
  /// The second argument counts the ranges from 0 and stays below `threadCount`.
  func run(_ count: Int, grain: Int = 1, _ body: (Range<Int>, Int) -> Void) {
    let parts = min(threadCount, count / max(grain, 1))
    if parts <= 1 {
      if count > 0 { body(0..<count, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      // The bodies write to memory that does not overlap, which the compiler cannot know.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        body((count * part / parts)..<(count * (part + 1) / parts), part)
      }
    }
  }
}
