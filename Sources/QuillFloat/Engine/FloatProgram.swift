/// A graph made ready to run: weights in the kernels' order, every offset computed. Engines on several threads share
/// one.
public struct FloatProgram: Sendable {
  /// The graph.
  public let graph: Graph

  /// The nodes' steps, in order.
  let steps: [FloatStep]

  /// Where computed tensors lie.
  let arena: FloatArena

  /// The values of each constant, by tensor.
  let constants: [SharedBuffer<Float>?]

  /// The floats that the most demanding step needs while it runs.
  let scratchCount: Int

  /// The instruction set of the products.
  package let level: KernelLevel

  /// Validates a graph and makes it ready.
  public init(_ graph: Graph) throws(GraphError) {
    try self.init(graph, level: .best)
  }

  /// Validates a graph and makes it ready for a level, which must be available. The level changes no bit of any
  /// result.
  package init(_ graph: Graph, level: KernelLevel) throws(GraphError) {
    precondition(level.isAvailable, "this machine cannot run \(level)")
    try graph.validate()
    self.graph = graph
    self.level = level
    arena = try FloatArena(graph)
    steps = graph.nodes.map { FloatStep(StepOperands(graph: graph, node: $0)) }
    constants = graph.tensors.map { tensor in tensor.constant.map { SharedBuffer($0, padding: 0) } }
    scratchCount = steps.map(\.scratchCount).max() ?? 0
  }
}
