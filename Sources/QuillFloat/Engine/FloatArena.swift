/// Where each computed tensor lies: those that are alive at the same time do not overlap.
struct FloatArena: Sendable {
  /// The offset of each tensor in floats, by its index; `nil` for constants and what nothing provides.
  let offsets: [Int?]

  /// The floats of all.
  let elementCount: Int

  /// A tensor in its place.
  private struct Block {
    let range: Range<Int>
    let lastUse: Int
  }

  /// Tensors begin on 64-byte lines.
  private static let alignment = 16

  /// The places of a validated graph's tensors: each at the lowest offset that is free from when it is computed until
  /// it is last read. Inputs live from the start, outputs to the end.
  init(_ graph: Graph) throws(GraphError) {
    let lastUses = Self.lastUses(graph)
    var offsets = [Int?](repeating: nil, count: graph.tensors.count)
    var live: [Block] = []
    var elementCount = 0
    func place(_ id: Graph.TensorID, at step: Int) {
      live.removeAll { $0.lastUse < step }
      let count = (graph[id].shape.product + Self.alignment - 1) / Self.alignment * Self.alignment
      let offset = Self.firstGap(of: count, in: live)
      // A result that nothing reads still must not lie on its own step's operands.
      live.append(Block(range: offset..<(offset + count), lastUse: max(lastUses[id.index], step)))
      live.sort { $0.range.lowerBound < $1.range.lowerBound }
      offsets[id.index] = offset
      elementCount = max(elementCount, offset + count)
    }
    for id in graph.inputs { place(id, at: -1) }
    for (step, node) in graph.nodes.enumerated() { place(node.output, at: step) }
    guard elementCount <= Graph.maximumElementCount else {
      throw GraphError(at: .graph, .arena(elementCount: elementCount, maximum: Graph.maximumElementCount))
    }
    self.offsets = offsets
    self.elementCount = elementCount
  }

  /// The step that reads each tensor last; beyond all steps for outputs.
  private static func lastUses(_ graph: Graph) -> [Int] {
    var lastUses = [Int](repeating: -1, count: graph.tensors.count)
    for (step, node) in graph.nodes.enumerated() {
      for id in node.inputs { lastUses[id.index] = step }
    }
    for id in graph.outputs { lastUses[id.index] = graph.nodes.count }
    return lastUses
  }

  /// The lowest offset where `count` floats fit between blocks, which are sorted by offset.
  private static func firstGap(of count: Int, in blocks: [Block]) -> Int {
    var offset = 0
    for block in blocks {
      if offset + count <= block.range.lowerBound { break }
      offset = max(offset, block.range.upperBound)
    }
    return offset
  }
}
