import QuillFloat

/// A graph of one node, run on every level that this machine has.
struct SingleNode {
  var operation: QuillFloat.Operation
  var inputs: [FloatTensor]
  var outputShape: [Int]?

  init(_ operation: QuillFloat.Operation, _ inputs: [FloatTensor], outputShape: [Int]? = nil) {
    self.operation = operation
    self.inputs = inputs
    self.outputShape = outputShape
  }

  /// The graph: every operand fed, or all but the first constant.
  func graph(withConstants: Bool) throws -> Graph {
    var builder = GraphBuilder(name: "single")
    var ids: [Graph.TensorID] = []
    for (index, input) in inputs.enumerated() {
      if withConstants && index > 0 {
        ids.append(try builder.constant("operand\(index)", shape: input.shape, input.values))
      } else {
        ids.append(try builder.input("operand\(index)", shape: input.shape))
      }
    }
    builder.output(try builder.append(operation, ids, name: "result", outputShape: outputShape))
    return try builder.finish()
  }

  /// The result on the fastest level.
  func run() throws -> FloatTensor {
    try FloatEngine(graph(withConstants: true)).run([inputs[0]])[0]
  }

  /// The results on every level, with constant and with fed operands, each run twice on one engine.
  func runEveryWay() throws -> [FloatTensor] {
    var results: [FloatTensor] = []
    for level in KernelLevel.allCases where level.isAvailable {
      for withConstants in [false, true] {
        let engine = FloatEngine(try FloatProgram(graph(withConstants: withConstants), level: level))
        for _ in 0..<2 {
          results.append(engine.run(withConstants ? [inputs[0]] : inputs)[0])
        }
      }
    }
    return results
  }
}

extension FloatTensor {
  /// The bits of the values, so that comparison tells zeros of either sign apart and holds for NaN.
  var bits: [UInt32] { values.map(\.bitPattern) }

  /// The element at a position.
  subscript(position: [Int]) -> Float {
    get { values[offset(position)] }
    set { values[offset(position)] = newValue }
  }

  func offset(_ position: [Int]) -> Int { zip(position, shape).reduce(0) { $0 * $1.1 + $1.0 } }

  /// Every position, in row-major order.
  var positions: [[Int]] { shape.allPositions }
}

extension [Int] {
  /// Every position of a tensor of this shape, in row-major order.
  var allPositions: [[Int]] {
    reduce([[]]) { positions, extent in positions.flatMap { head in (0..<extent).map { head + [$0] } } }
  }
}
