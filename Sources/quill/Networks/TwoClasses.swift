import Foundation
import QuillFloat

// Networks that answer one number: the probability of the second of two classes, or its logit.

extension AnyNetwork {
  /// Whether the one number is a probability already.
  var answersProbability: Bool {
    switch self {
    case .float(let network):
      switch network.program.graph.lastNode?.operation {
      case .unary(.sigmoid), .unary(.hardSigmoid): true
      default: false
      }
    case .quantized(let network):
      network.facts.outputTensors.first?.range.map { $0.lowerBound >= 0 && $0.upperBound <= 1 } ?? false
    }
  }
}

extension Scores {
  /// The probabilities of both classes.
  static func ofTwo(_ score: Float, isProbability: Bool) -> [Float] {
    let second = isProbability ? min(max(score, 0), 1) : 1 / (1 + exp(-score))
    return [1 - second, second]
  }
}
