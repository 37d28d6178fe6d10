/// Softmax, or its logarithm, along an axis, in double precision and rounded once.
struct SoftmaxStep: Sendable {
  private let input: Graph.TensorID
  private let output: Graph.TensorID
  private let outerCount: Int
  private let extent: Int
  private let innerCount: Int
  private let isLogarithmic: Bool

  /// A step for `softmax` or `logSoftmax`.
  init(_ operands: StepOperands, axis: Int, isLogarithmic: Bool) {
    input = operands.input(0)
    output = operands.output
    let shape = operands.shape(0)
    outerCount = shape[..<axis].reduce(1, *)
    extent = shape[axis]
    innerCount = shape[(axis + 1)...].reduce(1, *)
    self.isLogarithmic = isLogarithmic
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    for outer in 0..<outerCount {
      for inner in 0..<innerCount {
        let offset = outer * extent * innerCount + inner
        normalize(memory[input] + offset, memory[output] + offset)
      }
    }
  }

  private func normalize(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    var maximum = -Float.infinity
    for index in 0..<extent { maximum = max(maximum, source[index * innerCount]) }
    var sum = 0.0
    for index in 0..<extent { sum += FixedMath.exp(Double(source[index * innerCount]) - Double(maximum)) }
    let logarithm = isLogarithmic ? FixedMath.log(sum) : 0
    for index in 0..<extent {
      let difference = Double(source[index * innerCount]) - Double(maximum)
      target[index * innerCount] = Float(isLogarithmic ? difference - logarithm : FixedMath.exp(difference) / sum)
    }
  }
}
