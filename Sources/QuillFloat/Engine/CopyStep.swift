/// Operations that only move elements: pad, reshape, transpose, concatenate, slice.
struct CopyStep: Sendable {
  private let inputs: [Graph.TensorID]
  private let output: Graph.TensorID
  private let copies: [StridedCopy]

  /// What the result is filled with before the copies, where they leave gaps.
  private let filling: Float?

  private let outputCount: Int

  private init(_ operands: StepOperands, filling: Float? = nil, _ copies: [StridedCopy]) {
    inputs = operands.node.inputs
    output = operands.output
    outputCount = operands.outputShape.product
    self.filling = filling
    self.copies = copies
  }

  /// A step for `reshape`.
  static func reshape(_ operands: StepOperands) -> CopyStep {
    let count = [operands.outputShape.product]
    return CopyStep(operands, [StridedCopy(shape: count, sourceStrides: [1], targetStrides: [1])])
  }

  /// A step for `pad`.
  static func pad(_ operands: StepOperands, before: [Int], value: Float) -> CopyStep {
    let strides = operands.outputShape.rowMajorStrides
    let copy = StridedCopy(
      shape: operands.shape(0), sourceStrides: operands.shape(0).rowMajorStrides,
      targetOffset: zip(before, strides).reduce(0) { $0 + $1.0 * $1.1 }, targetStrides: strides)
    return CopyStep(operands, filling: value, [copy])
  }

  /// A step for `transpose`.
  static func transpose(_ operands: StepOperands, _ permutation: [Int]) -> CopyStep {
    let strides = operands.shape(0).rowMajorStrides
    let copy = StridedCopy(
      shape: operands.outputShape, sourceStrides: permutation.map { strides[$0] },
      targetStrides: operands.outputShape.rowMajorStrides)
    return CopyStep(operands, [copy])
  }

  /// A step for `slice`.
  static func slice(_ operands: StepOperands, starts: [Int], steps: [Int]) -> CopyStep {
    let strides = operands.shape(0).rowMajorStrides
    let copy = StridedCopy(
      shape: operands.outputShape, sourceOffset: zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 },
      sourceStrides: zip(steps, strides).map { $0 * $1 }, targetStrides: operands.outputShape.rowMajorStrides)
    return CopyStep(operands, [copy])
  }

  /// A step for `concatenate`.
  static func concatenate(_ operands: StepOperands, axis: Int) -> CopyStep {
    let strides = operands.outputShape.rowMajorStrides
    var position = 0
    var copies: [StridedCopy] = []
    for index in operands.node.inputs.indices {
      let shape = operands.shape(index)
      copies.append(
        StridedCopy(
          shape: shape, sourceStrides: shape.rowMajorStrides, targetOffset: position * strides[axis],
          targetStrides: strides))
      position += shape[axis]
    }
    return CopyStep(operands, copies)
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    if let filling { memory[output].update(repeating: filling, count: outputCount) }
    for (input, copy) in zip(inputs, copies) { copy.run(from: memory[input], to: memory[output]) }
  }
}
