/// Where each tensor lies in the arena.
///
/// Tensors that an operator may write over an operand that dies there share one block. Blocks are placed one by one at
/// the lowest offset that no block alive at the same time holds; several orders are tried and the smallest arena is kept.
struct MemoryPlan {
  /// A tensor as the planner sees it.
  struct Item {
    /// Bytes with halo.
    var byteCount: Int
    /// The operator that writes it; -1 for an input.
    var first: Int
    /// The last operator that reads it; the number of operators for an output.
    var last: Int
  }

  /// The offset of each tensor, a multiple of 16.
  private(set) var offsets: [Int]

  /// The bytes up to the end of the last tensor.
  private(set) var byteCount: Int

  /// The largest sum of blocks that are alive at the same operator: no plan can be smaller.
  let lowerBound: Int

  /// Plans the arena.
  ///
  /// - Parameters:
  ///   - items: every tensor.
  ///   - shared: pairs of tensors, the second written over the first.
  init(_ items: [Item], shared: [(Int, Int)]) {
    var owner = Array(items.indices)
    var blocks = items
    for (from, to) in shared {
      let root = owner[from]
      for index in owner.indices where owner[index] == owner[to] { owner[index] = root }
      blocks[root].first = min(blocks[root].first, items[to].first)
      blocks[root].last = max(blocks[root].last, items[to].last)
      blocks[root].byteCount = max(blocks[root].byteCount, items[to].byteCount)
    }
    let roots = items.indices.filter { owner[$0] == $0 }
    let steps = (blocks.map(\.first).min() ?? 0)...(blocks.map(\.last).max() ?? 0)
    lowerBound =
      steps.map { step in
        roots.filter { blocks[$0].first <= step && step <= blocks[$0].last }.reduce(0) { $0 + blocks[$1].byteCount }
      }.max() ?? 0

    var best: (offsets: [Int: Int], end: Int)?
    for order in Self.orders(roots, blocks) {
      let placed = Self.place(order, blocks)
      if best.map({ placed.end < $0.end }) ?? true { best = placed }
    }
    offsets = items.indices.map { best?.offsets[owner[$0]] ?? 0 }
    byteCount = best?.end ?? 0
  }

  /// Orders worth trying: by size, by life, by time, and by size times life.
  private static func orders(_ roots: [Int], _ blocks: [Item]) -> [[Int]] {
    func sorted(_ key: (Item) -> Int) -> [Int] {
      roots.sorted { (key(blocks[$0]), $1) > (key(blocks[$1]), $0) }
    }
    return [
      sorted(\.byteCount), sorted { $0.last - $0.first }, sorted { -$0.first }, sorted { $0.last },
      sorted { $0.byteCount * ($0.last - $0.first + 1) },
    ]
  }

  private static func place(_ order: [Int], _ blocks: [Item]) -> (offsets: [Int: Int], end: Int) {
    var offsets: [Int: Int] = [:]
    var end = 0
    for index in order {
      let block = blocks[index]
      let neighbours = offsets.keys
        .filter { blocks[$0].first <= block.last && block.first <= blocks[$0].last }
        .map { (start: offsets[$0] ?? 0, end: (offsets[$0] ?? 0) + blocks[$0].byteCount) }
        .sorted { ($0.start, $0.end) < ($1.start, $1.end) }
      var offset = 0
      for neighbour in neighbours {
        if neighbour.start >= offset + block.byteCount { break }
        offset = max(offset, (neighbour.end + 15) / 16 * 16)
      }
      offsets[index] = offset
      end = max(end, offset + block.byteCount)
    }
    return (offsets, end)
  }
}
