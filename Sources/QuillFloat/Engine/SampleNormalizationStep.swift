/// Normalisation of each group of values by its own mean and spread, in double precision and rounded once. The values of a
/// group are added in row-major order.
struct SampleNormalizationStep: Sendable {
  private let input: Graph.TensorID
  private let output: Graph.TensorID
  private let groups: AxisGroups
  private let centers: Bool
  private let epsilon: Double

  /// Mean and factor of each group, as floats counted: each is a double.
  var scratchCount: Int { groups.count * 4 }

  /// A step for `normalize`.
  init(_ operands: StepOperands, axes: [Int], centers: Bool, epsilon: Float) {
    input = operands.input(0)
    output = operands.output
    groups = AxisGroups(of: operands.shape(0), over: axes)
    self.centers = centers
    self.epsilon = Double(epsilon)
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    let (source, target) = (memory[input], memory[output])
    let raw = UnsafeMutableRawPointer(memory.scratch)
    let means = raw.bindMemory(to: Double.self, capacity: groups.count * 2)
    means.update(repeating: 0, count: groups.count * 2)
    let factors = means + groups.count
    let count = Double(groups.elementCount)
    if centers {
      walk { means[$1] += Double(source[$0]) }
      for group in 0..<groups.count { means[group] /= count }
    }
    walk { index, group in
      let difference = Double(source[index]) - means[group]
      factors[group] += difference * difference
    }
    for group in 0..<groups.count {
      let square = factors[group] / count + epsilon
      // Where there is neither spread nor epsilon, every value is the mean.
      factors[group] = square > 0 ? 1 / square.squareRoot() : 0
    }
    walk { target[$0] = Float((Double(source[$0]) - means[$1]) * factors[$1]) }
    _ = raw.bindMemory(to: Float.self, capacity: scratchCount)
  }

  /// Visits the elements in row-major order, each with its group.
  private func walk(_ body: (_ index: Int, _ group: Int) -> Void) {
    let (shape, strides) = (groups.shape, groups.strides)
    let extent = shape[shape.count - 1]
    let stride = strides[shape.count - 1]
    for row in 0..<shape.product / extent {
      var rest = row
      var group = 0
      for axis in (0..<shape.count - 1).reversed() {
        group += rest % shape[axis] * strides[axis]
        rest /= shape[axis]
      }
      for column in 0..<extent { body(row * extent + column, group + column * stride) }
    }
  }
}
