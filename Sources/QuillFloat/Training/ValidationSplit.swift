/// How samples are parted into those that teach and those that validate.
public enum ValidationSplit: String, Sendable, CaseIterable {
  /// The last ones validate, as in Keras.
  case last

  /// Of each class the same share validates, drawn by the seed.
  case stratified

  /// Positions of samples, in their order.
  public struct Parts: Sendable, Equatable {
    /// The samples that teach.
    public let training: [Int]

    /// The samples that validate.
    public let validation: [Int]
  }

  /// Parts samples by their labels, which count from 0. `share` is from 0 up to, but not including, 1; where it is
  /// rounded, fewer samples teach and more validate (Keras rounds so) or, drawn by class, to the nearest.
  public func parts(of labels: [Int], share: Double, seed: UInt64) -> Parts {
    precondition(share >= 0 && share < 1, "a share below 1")
    switch self {
    case .last:
      let count = Int(Double(labels.count) * (1 - share))
      return Parts(training: Array(0..<count), validation: Array(count..<labels.count))
    case .stratified:
      var validates = [Bool](repeating: false, count: labels.count)
      for label in Set(labels).sorted() {
        let samples = labels.indices.filter { labels[$0] == label }
        let order = TrainingRandom.shuffled(
          samples.count, seed: seed, stream: TrainingRandom.validationStream | UInt64(label))
        for position in order.prefix(Int((Double(samples.count) * share).rounded())) {
          validates[samples[position]] = true
        }
      }
      return Parts(
        training: labels.indices.filter { !validates[$0] }, validation: labels.indices.filter { validates[$0] })
    }
  }
}
