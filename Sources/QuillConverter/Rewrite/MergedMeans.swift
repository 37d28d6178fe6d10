import QuillFloat

extension GraphEditor {
  /// A mean of means that nothing else reads becomes one mean over the axes of both: it rounds once, and int8 networks of
  /// other tools give the first no scale.
  mutating func mergeMeans() {
    var index = 0
    while index < graph.nodes.count {
      guard case .mean = graph.nodes[index].operation, let next = onlyReader(of: index, readers()),
        let merged = meanOfBoth(graph.nodes[index], graph.nodes[next])
      else {
        index += 1
        continue
      }
      absorb(next, into: index, as: merged)
    }
  }

  private func meanOfBoth(_ first: Graph.Node, _ second: Graph.Node) -> Graph.Node? {
    guard case .mean(let inner, let keepsInner) = first.operation,
      case .mean(let outer, let keepsOuter) = second.operation, keepsInner == keepsOuter
    else { return nil }
    let rank = graph[first.inputs[0]].shape.count
    let taken = Set(inner)
    // The axes that the first mean leaves, as the second counts them.
    let left = (0..<rank).filter { keepsInner || !taken.contains($0) }
    guard outer.allSatisfy(left.indices.contains) else { return nil }
    var merged = first
    merged.name = second.name
    merged.operation = .mean(axes: taken.union(outer.map { left[$0] }).sorted(), keepsAxes: keepsInner)
    return merged
  }
}
