/// The learning rate over the epochs.
public enum Schedule: Sendable, Equatable {
  /// The same in each epoch.
  case constant(Float)

  /// Multiplied by `factor` after every `epochs` epochs; `epochs` must be at least 1.
  case step(Float, factor: Float, epochs: Int)

  /// Half a cosine from the rate down to `end`, over all epochs, batch by batch (Loshchilov and Hutter, 2017).
  case cosine(Float, end: Float = 0)

  /// Whether the last steps are so small that what runs along with them is right for the last weights.
  var comesToRest: Bool { if case .cosine(_, end: 0) = self { true } else { false } }

  /// The rate at a batch of an epoch, both counted from 0.
  public func rate(epoch: Int, of epochCount: Int, batch: Int, of batchCount: Int) -> Float {
    switch self {
    case .constant(let rate): return rate
    case .step(let rate, let factor, let epochs):
      return (0..<(epoch / max(epochs, 1))).reduce(rate) { rate, _ in rate * factor }
    case .cosine(let rate, let end):
      let steps = max(epochCount * batchCount, 1)
      let progress = Double(epoch * batchCount + batch) / Double(steps)
      return end + (rate - end) * Float((1 + FixedMath.cosine(ofHalfTurns: progress)) / 2)
    }
  }
}
