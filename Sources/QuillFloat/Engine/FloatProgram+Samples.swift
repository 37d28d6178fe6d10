import Dispatch
import Synchronization

extension FloatProgram {
  /// Runs `body` for each sample of `0..<count` on several threads, each with an engine of its own, and answers the
  /// results in the samples' order, whatever the number of threads.
  package func mapSamples<Result: Sendable>(
    count: Int, threadCount: Int = 2, _ body: @Sendable (FloatEngine, Int) -> Result
  ) -> [Result] {
    foldSamples(count: count, threadCount: threadCount, initial: [Result]()) { results, engine, sample in
      results.append(body(engine, sample))
    } combine: { results, next in
      results.append(contentsOf: next)
    }
  }

  /// Folds the samples of `0..<count` into one value, on several threads.
  ///
  /// The samples are cut into chunks of 64. Each chunk starts from `initial` and takes its samples in order by `fold`;
  /// the chunks' values are put together in order by `combine`, from `initial` on. Nothing depends on the number of
  /// threads, floating-point sums included.
  package func foldSamples<Value: Sendable>(
    count: Int, threadCount: Int = 2, initial: Value,
    fold: @Sendable (inout Value, FloatEngine, Int) -> Void, combine: (inout Value, Value) -> Void
  ) -> Value {
    let chunkSize = 64
    let chunkCount = (count + chunkSize - 1) / chunkSize
    let values = Mutex([Value?](repeating: nil, count: chunkCount))
    let nextChunk = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(max(threadCount, 1), max(chunkCount, 1))) { _ in
      let engine = FloatEngine(self)
      while true {
        let chunk = nextChunk.wrappingAdd(1, ordering: .relaxed).oldValue
        if chunk >= chunkCount { return }
        var value = initial
        for sample in (chunk * chunkSize)..<min((chunk + 1) * chunkSize, count) { fold(&value, engine, sample) }
        let finished = value
        values.withLock { $0[chunk] = finished }
      }
    }
    return values.withLock { $0 }.compactMap { $0 }.reduce(into: initial, combine)
  }
}
