/// Runs a float network on one sample after another: the reference that the integer engine is held against.
///
/// Every element of every tensor is computed by one fixed order of operations, so that results are the same to the bit
/// on every machine, whatever its vectors. A product is `acc = fma(a[k], b[k], acc)` from 0 with `k` ascending (rows,
/// columns, channels of the window), then the bias is added, then the activation's bounds are applied; exponentials and
/// their kin are `FixedMath`'s; sums and means add in double precision.
///
/// Memory is planned when the engine is made; a run allocates nothing but the tensors that it answers. An engine serves
/// one thread; engines of one `FloatProgram` share its weights and are cheap.
public final class FloatEngine {
  /// The program that the engine runs.
  public let program: FloatProgram

  private let storage: UnsafeMutableBufferPointer<Float>
  private let memory: EngineMemory

  /// An engine for a graph, which is validated first.
  public convenience init(_ graph: Graph) throws(GraphError) {
    self.init(try FloatProgram(graph))
  }

  /// An engine for a program.
  public init(_ program: FloatProgram) {
    self.program = program
    let arena = program.arena
    storage = .allocateAligned(count: arena.elementCount + program.scratchCount + 1)
    storage.initialize(repeating: 0)
    let base = UnsafeMutablePointer(mutating: UnsafeBufferPointer(storage).baseAddressOrDangling)
    let addresses = arena.offsets.enumerated().map { index, offset in
      if let offset { return base + offset }
      return program.constants[index].map { UnsafeMutablePointer(mutating: $0.baseAddress) } ?? base
    }
    memory = EngineMemory(addresses: addresses, scratch: base + arena.elementCount, level: program.level)
  }

  deinit { storage.deallocate() }

  /// Runs the network on one sample and answers its outputs, in the graph's order.
  ///
  /// `inputs` are the graph's inputs in order; each must hold as many elements as the graph says.
  public func run(_ inputs: [FloatTensor]) -> [FloatTensor] {
    run(inputs) { _, _ in }
  }

  /// Runs the network on one sample, shows each tensor as soon as it is there, and answers the outputs.
  ///
  /// `observe` sees the inputs first and then each node's result, in order. The span is the engine's own memory: it is
  /// valid during the call only, and nothing is copied.
  @discardableResult
  public func run(_ inputs: [FloatTensor], observing observe: (Graph.TensorID, Span<Float>) -> Void) -> [FloatTensor] {
    let graph = program.graph
    precondition(inputs.count == graph.inputs.count, "\(inputs.count) inputs for a graph of \(graph.inputs.count)")
    for (id, tensor) in zip(graph.inputs, inputs) {
      feed(tensor, to: id)
      observe(id, elements(of: id).span)
    }
    for (step, node) in zip(program.steps, graph.nodes) {
      step.run(memory)
      observe(node.output, elements(of: node.output).span)
    }
    return graph.outputs.map { FloatTensor(shape: graph[$0].shape, values: Array(elements(of: $0))) }
  }

  private func feed(_ tensor: FloatTensor, to id: Graph.TensorID) {
    let count = program.graph[id].shape.product
    precondition(tensor.values.count == count, "\(tensor.values.count) values for an input of \(count)")
    tensor.values.withUnsafeBufferPointer { memory[id].update(from: $0.baseAddressOrDangling, count: count) }
  }

  private func elements(of id: Graph.TensorID) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: memory[id], count: program.graph[id].shape.product)
  }
}
