import Foundation
import QuillFloat

// Networks that answer one number: the probability of the second of two classes, or its logit.

extension AnyNetwork {
  /// Whether the one number is a probability already.
  var answersProbability: Bool {
    switch self {
    case .float(let network): network.program.graph.endsInSigmoid
    case .quantized(let network):
      network.facts.outputTensors.first?.range.map { $0.lowerBound >= 0 && $0.upperBound <= 1 } ?? false
    }
  }
}

extension Graph {
  /// Whether the first output is what a sigmoid made, perhaps under another shape.
  fileprivate var endsInSigmoid: Bool {
    guard var tensor = outputs.first else { return false }
    while let node = nodes.first(where: { $0.output == tensor }) {
      switch node.operation {
      case .unary(.sigmoid), .unary(.hardSigmoid): return true
      case .reshape, .transpose: tensor = node.inputs[0]
      default: return false
      }
    }
    return false
  }
}

extension Scores {
  /// The probabilities of both classes.
  static func ofTwo(_ score: Float, isProbability: Bool) -> [Float] {
    let second = isProbability ? min(max(score, 0), 1) : 1 / (1 + exp(-score))
    return [1 - second, second]
  }
}
