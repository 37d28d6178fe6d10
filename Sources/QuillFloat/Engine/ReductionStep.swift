/// Sum or mean over axes. The elements of a result are added in double precision, in row-major order, and rounded
/// once.
struct ReductionStep: Sendable {
  private let input: Graph.TensorID
  private let output: Graph.TensorID
  /// Each group is one result.
  private let groups: AxisGroups
  private let divisor: Double

  /// The sums, as floats counted: each is a double.
  var scratchCount: Int { groups.count * 2 }

  /// A step for `sum`, or for `mean` where `isMean`.
  init(_ operands: StepOperands, axes: [Int], isMean: Bool) {
    input = operands.input(0)
    output = operands.output
    groups = AxisGroups(of: operands.shape(0), over: axes)
    divisor = isMean ? Double(groups.elementCount) : 1
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    let target = memory[output]
    let raw = UnsafeMutableRawPointer(memory.scratch)
    let sums = raw.bindMemory(to: Double.self, capacity: groups.count)
    sums.update(repeating: 0, count: groups.count)
    _ = add(memory[input], axis: 0, sums)
    for index in 0..<groups.count { target[index] = Float(sums[index] / divisor) }
    _ = raw.bindMemory(to: Float.self, capacity: scratchCount)
  }

  /// Adds a block of the operand, from one axis inwards, and answers where the next block begins.
  private func add(
    _ source: UnsafePointer<Float>, axis: Int, _ sums: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<Float> {
    let (extent, stride) = (groups.shape[axis], groups.strides[axis])
    if axis < groups.shape.count - 1 {
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
