/// Ends training when the validation set has not improved for a while.
public struct EarlyStopping: Sendable, Equatable {
  /// What is watched.
  public enum Measure: Sendable, Equatable {
    /// The validation loss; less is better.
    case loss

    /// The validation accuracy; more is better.
    case accuracy
  }

  /// What is watched.
  public var measure: Measure

  /// How many epochs without improvement end the training; at least 1.
  public var patience: Int

  /// What counts as an improvement: more than this.
  public var minimumImprovement: Double

  /// The best epoch so far, counted from 0.
  public private(set) var bestEpoch: Int?

  private var bestScore = -Double.infinity

  /// Stopping after `patience` epochs without improvement.
  public init(_ measure: Measure, patience: Int, minimumImprovement: Double = 0) {
    self.measure = measure
    self.patience = patience
    self.minimumImprovement = minimumImprovement
  }

  /// Notes an epoch's validation result and answers whether it is the best so far.
  public mutating func note(_ result: BatchResult, epoch: Int) -> Bool {
    let score =
      switch measure {
      case .loss: -result.loss
      case .accuracy: result.accuracy
      }
    guard score > bestScore + (bestEpoch == nil ? 0 : minimumImprovement) else { return false }
    (bestScore, bestEpoch) = (score, epoch)
    return true
  }

  /// Whether training should end after an epoch.
  public func shouldStop(after epoch: Int) -> Bool {
    epoch - (bestEpoch ?? 0) >= patience
  }
}
