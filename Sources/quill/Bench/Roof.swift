import CQuillBench
import Quill

/// What one core can do at most with the instructions of a level, measured here and now: the roof over each layer.
struct Roof: Encodable {
  /// Thousand million products a second from registers; absent for a level whose best instructions are not known.
  let gigaMultiplyAccumulatesPerSecond: Double?

  /// Thousand million bytes a second, read over and over from as many bytes as network and arena have.
  let gigaBytesPerSecond: Double
  let bytesRead: Int

  /// What holds a layer back at best.
  enum Limit: String, Encodable {
    /// Its products.
    case products
    /// Reading its weights, each of which is used too seldom.
    case weights
  }

  private static let attempts = 25
  private static let attemptNanoseconds = 400_000.0

  /// The best of several short measurements: what else the machine does only ever takes away.
  static func measure(_ level: KernelLevel, bytes: Int) -> Roof {
    let block = 512
    let count = (min(max(bytes, block), 1 << 26) + block - 1) / block * block
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
    defer { memory.deallocate() }
    let values = memory.initializeMemory(as: Int8.self, repeating: 1, count: count)
    let products = best { Double(quill_bench_multiply(level.rawValue, $0)) }
    let read = best { rounds in
      quill_bench_read(level.rawValue, values, count, rounds)
      return Double(rounds) * Double(count)
    }
    return Roof(
      gigaMultiplyAccumulatesPerSecond: products > 0 ? products : nil, gigaBytesPerSecond: read, bytesRead: count)
  }

  /// The most work a nanosecond of something that does some work in a number of rounds.
  private static func best(_ work: (_ rounds: UInt64) -> Double) -> Double {
    func rate(_ rounds: UInt64) -> (perNanosecond: Double, nanoseconds: Double) {
      let start = Clock.nanoseconds()
      let done = work(rounds)
      let taken = Double(max(1, Clock.nanoseconds() - start))
      return (done / taken, taken)
    }
    var rounds: UInt64 = 1
    while rounds < 1 << 30, rate(rounds).nanoseconds < attemptNanoseconds { rounds *= 2 }
    return (0..<attempts).map { _ in rate(rounds).perNanosecond }.max() ?? 0
  }

  /// What limits a layer at best, and the least microseconds that it could take; `nil` where it adds up no products.
  ///
  /// - Parameter weightBytes: the int8 weights and the rest of its parameters, one byte each: a little too few.
  func limit(multiplyAccumulates: Int, weightBytes: Int) -> (limit: Limit, microseconds: Double)? {
    guard let peak = gigaMultiplyAccumulatesPerSecond, multiplyAccumulates > 0 else { return nil }
    let computing = Double(multiplyAccumulates) / peak / 1e3
    let reading = Double(weightBytes) / gigaBytesPerSecond / 1e3
    return computing >= reading ? (.products, computing) : (.weights, reading)
  }
}
