/// Which trials go on for how long: all for a few epochs, the best third for three times as many, and so on until the
/// last ones have had all (Jamieson and Talwalkar 2016, arXiv 1502.07943).
public struct SuccessiveHalving: Sendable, Equatable {
  /// A round: how many trials it has, and the epochs that each has had at its end.
  public struct Round: Sendable, Equatable {
    /// The trials that take part.
    public let trialCount: Int

    /// The epochs that each of them has had in the end.
    public let epochCount: Int
  }

  private static let factor = 3

  /// The rounds, shortest first.
  public let rounds: [Round]

  /// A search with so many trials, the last of which run for `epochCount` epochs; both are at least 1.
  public init(trialCount: Int, epochCount: Int) {
    var epochs = [epochCount]
    while let first = epochs.first, first > 1, epochs.count < Self.roundsToOne(trialCount) {
      epochs.insert(max(first / Self.factor, 1), at: 0)
    }
    var trials = trialCount
    rounds = epochs.map { epochCount in
      defer { trials = (trials + Self.factor - 1) / Self.factor }
      return Round(trialCount: trials, epochCount: epochCount)
    }
  }

  /// The rounds after which one trial is left.
  private static func roundsToOne(_ trialCount: Int) -> Int {
    var (count, trials) = (1, trialCount)
    while trials > 1 {
      trials = (trials + factor - 1) / factor
      count += 1
    }
    return count
  }

  /// The trials of a round by what they gave, best first: by accuracy, then loss, then number.
  public static func ranked(_ results: [Int: BatchResult]) -> [Int] {
    results.keys.sorted { left, right in
      guard let first = results[left], let second = results[right] else { return left < right }
      if first.accuracy != second.accuracy { return first.accuracy > second.accuracy }
      return first.loss == second.loss ? left < right : first.loss < second.loss
    }
  }
}
