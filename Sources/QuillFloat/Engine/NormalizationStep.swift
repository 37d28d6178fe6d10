/// Batch normalisation by stored statistics: `(x - mean) * (scale / sqrt(variance + epsilon)) + shift`.
struct NormalizationStep: Sendable {
  private let inputs: [Graph.TensorID]
  private let output: Graph.TensorID
  private let rowCount: Int
  private let channelCount: Int
  private let epsilon: Float

  /// The factors, one a channel.
  var scratchCount: Int { channelCount }

  /// A step for `batchNormalization`.
  init(_ operands: StepOperands, epsilon: Float) {
    inputs = operands.node.inputs
    output = operands.output
    let shape = operands.outputShape
    channelCount = shape[shape.count - 1]
    rowCount = shape.product / channelCount
    self.epsilon = epsilon
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    let (scale, shift, mean, variance) = (memory[inputs[1]], memory[inputs[2]], memory[inputs[3]], memory[inputs[4]])
    let factors = memory.scratch
    for channel in 0..<channelCount {
      factors[channel] = scale[channel] / (variance[channel] + epsilon).squareRoot()
    }
    var (source, target) = (memory[inputs[0]], memory[output])
    for _ in 0..<rowCount {
      for channel in 0..<channelCount {
        target[channel] = (source[channel] - mean[channel]) * factors[channel] + shift[channel]
      }
      source += channelCount
      target += channelCount
    }
  }
}
