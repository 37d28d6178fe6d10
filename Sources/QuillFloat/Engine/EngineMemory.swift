/// Where a step finds its operands and leaves its result.
struct EngineMemory {
  /// The address of each tensor, by its index; constants are never written.
  let addresses: [UnsafeMutablePointer<Float>]

  /// Room for what a step needs only while it runs.
  let scratch: UnsafeMutablePointer<Float>

  /// The instruction set of the products.
  let level: KernelLevel

  /// The address of a tensor.
  subscript(id: Graph.TensorID) -> UnsafeMutablePointer<Float> { addresses[id.index] }
}

/// The tensors that a step reads and the one that it computes, with what is known of them while planning.
struct StepOperands {
  /// The graph.
  let graph: Graph

  /// The node.
  let node: Graph.Node

  /// The identifier of an operand.
  func input(_ index: Int) -> Graph.TensorID { node.inputs[index] }

  /// The identifier of an operand that may be absent.
  func optionalInput(_ index: Int) -> Graph.TensorID? { node.inputs.count > index ? node.inputs[index] : nil }

  /// The shape of an operand.
  func shape(_ index: Int) -> [Int] { graph[node.inputs[index]].shape }

  /// The values of a constant operand.
  func constant(_ index: Int) -> [Float]? { graph[node.inputs[index]].constant }

  /// The identifier of the result.
  var output: Graph.TensorID { node.output }

  /// The shape of the result.
  var outputShape: [Int] { graph[node.output].shape }
}
