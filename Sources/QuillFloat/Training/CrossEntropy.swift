/// Softmax followed by cross-entropy: the loss of a classifier that ends in logits.
///
/// The loss of a sample is `-sum(target * log(softmax(logits)))`, that of a batch the mean over samples weighted by
/// their weights; the gradient for the logits is `weight * (softmax * sum(target) - target) / samples`.
enum CrossEntropy {
  /// What the samples of a batch should have been.
  enum Targets {
    /// The class of each sample; `TrainingSource.noClass` for one that is of none, so that all are equally likely.
    case labels(UnsafePointer<Int>)

    /// The class of each sample, less a share that all classes have alike (Szegedy et al. 2016, section 7).
    case smoothedLabels(UnsafePointer<Int>, share: Double)

    /// The share of each class, one row a sample: one-hot labels, or softer ones.
    case distributions(UnsafePointer<Float>)

    /// Whether a sample is of no class.
    func isOfNone(_ sample: Int) -> Bool {
      switch self {
      case .labels(let labels), .smoothedLabels(let labels, _): labels[sample] == TrainingSource.noClass
      case .distributions: false
      }
    }
  }

  /// The loss and the hits of a batch, and the gradient for its logits where `gradients` is given.
  static func evaluate(
    logits: UnsafePointer<Float>, sampleCount: Int, classCount: Int, targets: Targets,
    weights: UnsafePointer<Float>?, gradients: UnsafeMutablePointer<Float>?
  ) -> BatchResult {
    var result = BatchResult(loss: 0, correctCount: 0, sampleCount: sampleCount)
    for sample in 0..<sampleCount {
      let row = logits + sample * classCount
      let isOfNone = targets.isOfNone(sample)
      let target = { (index: Int) -> Double in
        if isOfNone { return 1 / Double(classCount) }
        return switch targets {
        case .labels(let labels): labels[sample] == index ? 1 : 0
        case .smoothedLabels(let labels, let share):
          (labels[sample] == index ? 1 - share : 0) + share / Double(classCount)
        case .distributions(let rows): Double(rows[sample * classCount + index])
        }
      }
      let best = bestClass(row, classCount)
      let maximum = Double(row[best])
      var (sum, total, wanted, wantedShare) = (0.0, 0.0, 0, -1.0)
      for index in 0..<classCount {
        sum += FixedMath.exp(Double(row[index]) - maximum)
        total += target(index)
        if target(index) > wantedShare { (wanted, wantedShare) = (index, target(index)) }
      }
      let logarithm = FixedMath.log(sum)
      let weight = weights.map { Double($0[sample]) } ?? 1
      for index in 0..<classCount {
        let logProbability = Double(row[index]) - maximum - logarithm
        let share = target(index)
        if share != 0 { result.loss -= weight * share * logProbability / Double(sampleCount) }
        if let gradients {
          let difference = FixedMath.exp(logProbability) * total - share
          gradients[sample * classCount + index] = Float(weight * difference / Double(sampleCount))
        }
      }
      // Of a sample of no class: whether no class has half of the probability.
      if isOfNone ? sum > 2 : best == wanted { result.correctCount += 1 }
    }
    return result
  }

  /// The position of the largest logit, the first where several are equal.
  private static func bestClass(_ row: UnsafePointer<Float>, _ classCount: Int) -> Int {
    var best = 0
    for index in 1..<max(classCount, 1) where row[index] > row[best] { best = index }
    return best
  }
}

/// What a batch gave.
public struct BatchResult: Sendable, Equatable {
  /// The mean loss of the samples, without weight decay.
  public var loss: Double

  /// The samples whose largest logit is the right class's.
  public var correctCount: Int

  /// The samples.
  public var sampleCount: Int

  /// A batch's figures.
  package init(loss: Double, correctCount: Int, sampleCount: Int) {
    (self.loss, self.correctCount, self.sampleCount) = (loss, correctCount, sampleCount)
  }
}
