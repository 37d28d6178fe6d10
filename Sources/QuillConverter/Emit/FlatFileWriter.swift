import Quill

/// Writes a quantised network as a flat file, and has the core prove it before anyone else sees it.
package struct FlatFileWriter {
  /// A written file and what it takes to run it.
  package struct File: Sendable {
    package var bytes: [UInt8]
    /// The smallest arena that any plan could have: the largest sum of tensors alive at once, halos as stored, and the margin.
    package var arenaLowerBound: Int
  }

  let graph: QuantizedGraph
  let description: FlatFileDescription
  var text = TextPool()
  private(set) var tensors: [TensorRecord] = []
  private(set) var operators: [Operator] = []
  private(set) var weights: [UInt8] = []
  private(set) var arenaByteCount = 0

  /// The file of a network.
  package static func write(
    _ graph: QuantizedGraph, match: Match, _ description: FlatFileDescription
  ) throws(ConverterError) -> File {
    var writer = FlatFileWriter(graph, description)
    let lowerBound = try writer.lower(match)
    let bytes = try writer.assemble()
    return File(bytes: try GoldenRecorder.record(in: bytes), arenaLowerBound: lowerBound)
  }

  /// The file of a network that is still being worked on: it runs, and proves nothing of itself.
  static func writeWithoutGolden(_ graph: QuantizedGraph, match: Match) throws(ConverterError) -> [UInt8] {
    var writer = FlatFileWriter(graph, FlatFileDescription())
    _ = try writer.lower(match)
    var bytes = try writer.assemble()
    FlatFileSeal.seal(&bytes)
    return bytes
  }

  private init(_ graph: QuantizedGraph, _ description: FlatFileDescription) {
    self.graph = graph
    self.description = description
  }

  /// Operators, tensors and their places; answers the smallest possible arena.
  private mutating func lower(_ match: Match) throws(ConverterError) -> Int {
    guard (1...4).contains(graph.inputs.count), (1...4).contains(graph.outputs.count) else {
      throw .interface(inputs: graph.inputs.count, outputs: graph.outputs.count)
    }
    var lowering = try OperatorLowering(graph, match: match)
    for node in graph.nodes { operators.append(try lowering.lower(node)) }
    tensors = lowering.tensors
    weights = lowering.weights.bytes
    alignSums()
    let (plan, lowerBound) = place()
    for index in tensors.indices {
      tensors[index].arenaOffset = UInt32(plan.offsets[index])
      tensors[index].name = try text.add(graph.tensors[index].name)
    }
    let margin = Engine.marginByteCount
    arenaByteCount = (plan.byteCount + 15) / 16 * 16 + margin
    return lowerBound + margin
  }

  /// Gives a convolution's output the halo of the Add that alone reads it, where that lets the sum lie in its place: the
  /// engine may then do both in one pass.
  private mutating func alignSums() {
    for index in graph.nodes.indices.dropFirst() {
      guard case .conv2D = operators[index - 1], case .add = operators[index] else { continue }
      let node = graph.nodes[index]
      let middle = graph.nodes[index - 1].output
      let sum = tensors[node.output]
      guard node.inputs.filter({ $0 == middle }).count == 1, dies(middle, at: index), tensors[middle].isDense,
        tensors[middle].count == sum.count,
        !node.inputs.contains(where: { dies($0, at: index) && tensors[$0].hasLayout(of: sum) })
      else { continue }
      tensors[middle].haloTop = sum.haloTop
      tensors[middle].haloLeft = sum.haloLeft
      tensors[middle].haloBottom = sum.haloBottom
      tensors[middle].haloRight = sum.haloRight
      tensors[middle].rowPitch = sum.rowPitch
    }
  }

  /// Whether nothing reads a tensor after an operator.
  private func dies(_ tensor: Int, at index: Int) -> Bool {
    !graph.outputs.contains(tensor) && description.decisionTensor != tensor
      && !graph.nodes[(index + 1)...].contains { $0.inputs.contains(tensor) }
  }

  /// How much larger than the smallest possible the arena may become for the sake of speed.
  private static let fusionAllowance = 1.05

  /// The plan of the arena: one in which a max pool's output lies clear of what the convolution before it reads, so that
  /// the engine may do both in one pass, where that costs little. With it the least that any plan could take.
  private func place() -> (plan: MemoryPlan, lowerBound: Int) {
    let plan = plan(clearsFusions: false)
    let fused = self.plan(clearsFusions: true)
    let margin = Engine.marginByteCount
    let limit = Double(plan.lowerBound + margin) * Self.fusionAllowance
    return (Double(fused.byteCount + margin) <= limit ? fused : plan, plan.lowerBound)
  }

  private func plan(clearsFusions: Bool) -> MemoryPlan {
    var items = tensors.map { MemoryPlan.Item(byteCount: Int($0.storedByteCount), first: -1, last: -1) }
    for (index, node) in graph.nodes.enumerated() {
      items[node.output].first = index
      items[node.output].last = index
      for input in node.inputs { items[input].last = index }
    }
    for output in graph.outputs { items[output].last = graph.nodes.count }
    if let decision = description.decisionTensor { items[decision].last = graph.nodes.count }
    var shared: [(Int, Int)] = []
    for (index, node) in graph.nodes.enumerated() where operators[index].worksInPlace {
      let candidate = node.inputs.first { items[$0].last == index && mayShare($0, node.output, operators[index]) }
      if let candidate { shared.append((candidate, node.output)) }
    }
    if clearsFusions {
      for index in graph.nodes.indices.dropFirst() where mayFuse(index - 1, index) {
        items[graph.nodes[index].output].first = index - 1
      }
    }
    return MemoryPlan(items, shared: shared)
  }

  /// Whether the second operator is a max pool that could be done in the pass of the first.
  private func mayFuse(_ first: Int, _ second: Int) -> Bool {
    guard case .conv2D = operators[first], case .maxPool2D(let pool) = operators[second] else { return false }
    return graph.nodes[second].inputs == [graph.nodes[first].output] && pool.padTop == 0 && pool.padLeft == 0
  }

  /// Whether an output may lie where a dying operand lies (the reader checks the same).
  private func mayShare(_ input: Int, _ output: Int, _ operation: Operator) -> Bool {
    if case .reshape = operation { return tensors[input].isDense && tensors[output].isDense }
    return tensors[input].hasLayout(of: tensors[output])
  }
}
