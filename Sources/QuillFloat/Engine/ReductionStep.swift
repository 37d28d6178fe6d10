/// Sum or mean over axes. The elements of a result are added in double precision, in row-major order, and rounded
/// once.
struct ReductionStep: Sendable {
  private let input: Graph.TensorID
  private let output: Graph.TensorID
  private let shape: [Int]

  /// The distance between the results of neighbours on each axis; 0 on the axes that go.
  private let resultStrides: [Int]

  private let resultCount: Int
  private let divisor: Double

  /// The sums, as floats counted: each is a double.
  var scratchCount: Int { resultCount * 2 }

  /// A step for `sum`, or for `mean` where `isMean`.
  init(_ operands: StepOperands, axes: [Int], isMean: Bool) {
    input = operands.input(0)
    output = operands.output
    // A scalar is walked as one element.
    shape = operands.shape(0).isEmpty ? [1] : operands.shape(0)
    var kept = shape
    for axis in axes { kept[axis] = 1 }
    resultStrides = kept.broadcastStrides(to: shape)
    resultCount = kept.product
    divisor = isMean ? Double(shape.product / kept.product) : 1
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    let target = memory[output]
    let raw = UnsafeMutableRawPointer(memory.scratch)
    let sums = raw.bindMemory(to: Double.self, capacity: resultCount)
    sums.update(repeating: 0, count: resultCount)
    _ = add(memory[input], axis: 0, sums)
    for index in 0..<resultCount { target[index] = Float(sums[index] / divisor) }
    _ = raw.bindMemory(to: Float.self, capacity: scratchCount)
  }

  /// Adds a block of the operand, from one axis inwards, and answers where the next block begins.
  private func add(
    _ source: UnsafePointer<Float>, axis: Int, _ sums: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<Float> {
    let (extent, stride) = (shape[axis], resultStrides[axis])
    if axis < shape.count - 1 {
      var source = source
      for index in 0..<extent { source = add(source, axis: axis + 1, sums + index * stride) }
      return source
    }
    if stride == 1 {
      for index in 0..<extent { sums[index] += Double(source[index]) }
    } else {
      for index in 0..<extent { sums[index * stride] += Double(source[index]) }
    }
    return source + extent
  }
}
