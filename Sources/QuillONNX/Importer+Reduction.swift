import QuillFloat

/// Reductions over axes.
extension Importer {
  mutating func lowerReduction(_ known: ONNXOperator) throws(ONNXError) {
    let input = try tensor(0)
    let rank = graph[input].shape.count
    let version = known == .reduceSum ? 13 : 18
    var axes = try axes(operand: 1, since: version, rank: rank) ?? []
    let keepsAxes = try flag("keepdims", default: true)
    if axes.isEmpty {
      if try flag("noop_with_empty_axes") {
        try bind(input)
        return
      }
      axes = Array(0..<rank)
    }
    axes.sort()
    switch known {
    case .reduceMean: try bind(emit(.mean(axes: axes, keepsAxes: keepsAxes), [input]))
    case .reduceSum: try bind(emit(.sum(axes: axes, keepsAxes: keepsAxes), [input]))
    case .reduceMax: try bind(maximum(of: input, axes: axes, keepsAxes: keepsAxes))
    case .reduceMin:
      let negated = try emit(.unary(.negate), [input])
      let largest = try maximum(of: negated, axes: axes, keepsAxes: keepsAxes)
      try bind(emit(.unary(.negate), [largest]))
    default: throw fail(.operandNotConstant(0, tensor: node.inputs[0]))
    }
  }

  /// The axes of a shape with those given before the others, but behind a batch of 1.
  static func columnOrder(of shape: [Int], axes: [Int]) -> [Int] {
    let kept = shape.indices.filter { !axes.contains($0) }
    let batch = kept.first == 0 && shape[0] == 1 ? 1 : 0
    return kept[..<batch] + axes + kept[batch...]
  }

  /// The maximum over axes: a pool whose window is all of a column.
  mutating func maximum(
    of input: Graph.TensorID, axes: [Int], keepsAxes: Bool
  ) throws(ONNXError) -> Graph.TensorID {
    let shape = graph[input].shape
    let kept = shape.indices.filter { !axes.contains($0) }
    let permutation = Self.columnOrder(of: shape, axes: axes)
    let rows = axes.map { shape[$0] }.reduce(1, *)
    let columns = kept.map { shape[$0] }.reduce(1, *)
    var image = input
    if permutation != Array(shape.indices) {
      image = try emit(.transpose(permutation: permutation), [image])
    }
    image = try emit(.reshape, [image], shape: [1, rows, 1, columns])
    image = try emit(
      .maxPool2D(Operation.Pooling(windowHeight: rows, windowWidth: 1, strideHeight: 1, strideWidth: 1)), [image])
    let result = keepsAxes ? shape.indices.map { axes.contains($0) ? 1 : shape[$0] } : kept.map { shape[$0] }
    return try emit(.reshape, [image], shape: result)
  }
}
