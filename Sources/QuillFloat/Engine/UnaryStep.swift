/// One operand, element by element.
struct UnaryStep: Sendable {
  private let input: Graph.TensorID
  private let output: Graph.TensorID
  private let operation: Operation.UnaryOperator
  private let count: Int

  /// A step for `unary`.
  init(_ operands: StepOperands, _ operation: Operation.UnaryOperator) {
    input = operands.input(0)
    output = operands.output
    self.operation = operation
    count = operands.outputShape.product
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    operation.apply(memory[input], memory[output], count: count)
  }
}
