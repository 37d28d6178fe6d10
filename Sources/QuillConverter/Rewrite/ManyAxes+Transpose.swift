import QuillFloat

// A transpose of more than three runs of axes, as pixel shuffles are, takes several of the runtime's.

extension GraphEditor {
  /// A transpose of three blocks of neighbours: the first `first` runs, the next `second`, and the rest, in another order.
  private struct Move {
    var first: Int, second: Int
    var order: [Int]

    /// The blocks' places in a row of so many runs.
    func blocks(of count: Int) -> [Range<Int>] { [0..<first, first..<first + second, first + second..<count] }

    func applied(to runs: [Int]) -> [Int] {
      let blocks = blocks(of: runs.count)
      return order.flatMap { runs[blocks[$0]] }
    }
  }

  /// More runs than any network moves, and as many as are quickly searched.
  private static var mostRuns: Int { 6 }

  /// Replaces a transpose of runs of neighbours by transposes of three blocks each; the fewest that do it.
  ///
  /// - Parameters:
  ///   - extents: those of the runs, in the operand's order.
  ///   - target: which of them stand where in the result.
  mutating func lowerTranspose(_ index: Int, ofRuns extents: [Int], to target: [Int]) {
    guard extents.count <= Self.mostRuns, let moves = Self.moves(count: extents.count, to: target) else { return }
    let node = graph.nodes[index]
    var nodes: [Graph.Node] = []
    var current = node.inputs[0]
    var runs = Array(extents.indices)
    func add(_ operation: Operation, _ input: Graph.TensorID, to output: Graph.TensorID) {
      nodes.append(Graph.Node(name: node.name, operation: operation, inputs: [input], output: output))
    }
    for move in moves {
      let shape = [1] + move.blocks(of: runs.count).map { block in runs[block].map { extents[$0] }.product }
      let folded = tensor("\(node.name)/folded", shape: shape)
      add(.reshape, current, to: folded)
      let permutation = [0] + move.order.map { $0 + 1 }
      current = tensor("\(node.name)/moved", shape: permutation.map { shape[$0] })
      add(.transpose(permutation: permutation), folded, to: current)
      runs = move.applied(to: runs)
    }
    add(.reshape, current, to: node.output)
    replace(index, with: nodes)
  }

  /// The fewest moves from runs in order to another order, by a search in breadth.
  private static func moves(count: Int, to target: [Int]) -> [Move]? {
    let orders = [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    var ways: [[Int]: [Move]] = [Array(0..<count): []]
    var open = [Array(0..<count)]
    var next = 0
    while next < open.count {
      let runs = open[next]
      next += 1
      guard let way = ways[runs] else { return nil }
      if runs == target { return way }
      for first in 1..<count {
        for second in 1...max(1, count - first) where first + second <= count {
          for order in orders {
            let move = Move(first: first, second: second, order: order)
            let moved = move.applied(to: runs)
            if ways[moved] == nil {
              ways[moved] = way + [move]
              open.append(moved)
            }
          }
        }
      }
    }
    return nil
  }
}
