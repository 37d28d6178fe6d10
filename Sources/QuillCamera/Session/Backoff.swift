/// The pause before the next attempt: it doubles with each one, up to a bound, and begins anew after a success.
struct Backoff: Equatable, Sendable {
  static let firstMilliseconds: Int32 = 250
  static let longestMilliseconds: Int32 = 5_000

  private var milliseconds = Self.firstMilliseconds

  /// The pause to make now.
  mutating func next() -> Int32 {
    let pause = milliseconds
    milliseconds = min(2 * milliseconds, Self.longestMilliseconds)
    return pause
  }

  mutating func reset() {
    milliseconds = Self.firstMilliseconds
  }
}
