import QuillFloat

/// What each operation does with the views of its operands.
extension LayoutRewrite {
  /// Rewrites the current node, and answers what its result is.
  mutating func rewritten() throws(GraphError) -> View {
    switch node.operation {
    case .transpose(let permutation): return try transposed(by: permutation)
    case .reshape: return try reshapedView()
    case .unary:
      switch view(node.inputs[0]) {
      case .axes(let base, let permutation):
        return .axes(try emit(node.operation, [base]), permutation: permutation)
      case .flattened(let base, let permutation, let shape):
        return .flattened(try emit(node.operation, [base]), permutation: permutation, shape: shape)
      }
    case .fullyConnected: return try fullyConnected()
    case .softmax(let axis): return try alongAxis(axis) { .softmax(axis: $0) }
    case .logSoftmax(let axis): return try alongAxis(axis) { .logSoftmax(axis: $0) }
    case .mean(let axes, let keepsAxes):
      return try reduction(axes, keepsAxes) { .mean(axes: $0, keepsAxes: keepsAxes) }
    case .sum(let axes, let keepsAxes):
      return try reduction(axes, keepsAxes) { .sum(axes: $0, keepsAxes: keepsAxes) }
    case .normalize(let axes, let centers, let epsilon):
      return try onBase { _, permutation in
        (.normalize(axes: axes.map { permutation[$0] }.sorted(), centers: centers, epsilon: epsilon), nil)
      }
    case .pad(let before, let after, let value):
      return try onBase { base, permutation in
        (.pad(before: permutation.scattered(before), after: permutation.scattered(after), value: value), nil)
      }
    case .slice(let starts, let steps):
      let shape = sourceShape(node.output)
      return try onBase { base, permutation in
        (
          .slice(starts: permutation.scattered(starts), steps: permutation.scattered(steps)),
          permutation.scattered(shape)
        )
      }
    case .concatenate(let axis): return try concatenated(axis)
    case .binary: return try binary()
    case .conv2D, .depthwiseConv2D, .matrixMultiply, .maxPool2D, .averagePool2D, .batchNormalization, .resizeNearest:
      return try inOwnOrder()
    }
  }

  /// The operation on operands in their own order.
  private mutating func inOwnOrder() throws(GraphError) -> View {
    var operands: [Graph.TensorID] = []
    for input in node.inputs { operands.append(try materialized(input)) }
    let shape = sourceShape(node.output)
    return .axes(try emit(node.operation, operands, shape: shape), permutation: Array(shape.indices))
  }

  /// The first operand as a view of axes; one that is flattened is made.
  private mutating func axesView(
    _ id: Graph.TensorID
  ) throws(GraphError) -> (base: Graph.TensorID, permutation: [Int]) {
    if case .axes(let base, let permutation) = view(id) { return (base, permutation) }
    return (try materialized(id), Array(sourceShape(id).indices))
  }

  /// An operation with one entry an axis, on what the operand is a view of.
  private mutating func onBase(
    _ operation: (Graph.TensorID, [Int]) -> (Operation, shape: [Int]?)
  ) throws(GraphError) -> View {
    let (base, permutation) = try axesView(node.inputs[0])
    let (operation, shape) = operation(base, permutation)
    return .axes(try emit(operation, [base], shape: shape), permutation: permutation)
  }

  private mutating func alongAxis(_ axis: Int, _ operation: (Int) -> Operation) throws(GraphError) -> View {
    try onBase { _, permutation in (operation(permutation[axis]), nil) }
  }

  private mutating func reduction(
    _ axes: [Int], _ keepsAxes: Bool, _ operation: ([Int]) -> Operation
  ) throws(GraphError) -> View {
    let (base, permutation) = try axesView(node.inputs[0])
    let reduced = try emit(operation(axes.map { permutation[$0] }.sorted()), [base])
    if keepsAxes { return .axes(reduced, permutation: permutation) }
    let kept = permutation.indices.filter { !axes.contains($0) }.map { permutation[$0] }
    let order = kept.sorted()
    return .axes(reduced, permutation: kept.map { axis in order.firstIndex(of: axis) ?? 0 })
  }

  private mutating func transposed(by permutation: [Int]) throws(GraphError) -> View {
    let (base, inner) = try axesView(node.inputs[0])
    return .axes(base, permutation: permutation.composed(after: inner))
  }

  /// A reshape: one that moves axes of extent 1 about is a transpose, one that flattens may wait for weights.
  private mutating func reshapedView() throws(GraphError) -> View {
    let (from, to) = (sourceShape(node.inputs[0]), sourceShape(node.output))
    let (base, permutation) = try axesView(node.inputs[0])
    if let moves = from.unitMoves(to: to) {
      return .axes(base, permutation: moves.composed(after: permutation))
    }
    let identity = Array(to.indices)
    if permutation.movesOnlyUnits(of: result[base].shape) {
      return .axes(try reshaped(base, to: to), permutation: identity)
    }
    if let placed = permutation.placing(from, in: to) {
      return .axes(try reshaped(base, to: placed.base), permutation: placed.permutation)
    }
    if to.count(where: { $0 != 1 }) <= 1 {
      return .flattened(base, permutation: permutation, shape: to)
    }
    return .axes(try reshaped(arranged(base, permutation), to: to), permutation: identity)
  }

  /// A layer on a flattened view takes the elements in their own order, and its weights' columns move instead.
  private mutating func fullyConnected() throws(GraphError) -> View {
    guard case .flattened(let base, let permutation, let shape) = view(node.inputs[0]),
      let weights = source[node.inputs[1]].constant, let columns = shape.last,
      columns == sourceShape(node.inputs[1])[1], columns == result[base].shape.product
    else { return try inOwnOrder() }
    let extents = result[base].shape
    let strides = extents.rowMajorStrides
    let positions = permutation.map { extents[$0] }.positions(strides: permutation.map { strides[$0] })
    var moved = [Float](repeating: 0, count: weights.count)
    for row in stride(from: 0, to: weights.count, by: columns) {
      for (column, position) in positions.enumerated() { moved[row + position] = weights[row + column] }
    }
    let name = source[node.inputs[1]].name
    var operands = [
      try reshaped(base, to: shape, suffix: "flattened"),
      addConstant(name + "/permuted", shape: sourceShape(node.inputs[1]), moved),
    ]
    if node.inputs.count > 2 { operands.append(try materialized(node.inputs[2])) }
    let output = try emit(node.operation, operands)
    return .axes(output, permutation: Array(sourceShape(node.output).indices))
  }

  // MARK: Several operands

  private mutating func concatenated(_ axis: Int) throws(GraphError) -> View {
    let permutation = try commonPermutation(rank: sourceShape(node.output).count)
    var operands: [Graph.TensorID] = []
    for input in node.inputs {
      let (base, own) = try axesView(input)
      operands.append(try arranged(base, permutation.inversePermutation.composed(after: own)))
    }
    return .axes(try emit(.concatenate(axis: permutation[axis]), operands), permutation: permutation)
  }

  private mutating func binary() throws(GraphError) -> View {
    let rank = sourceShape(node.output).count
    let permutation = try commonPermutation(rank: rank)
    if permutation.isIdentity { return try inOwnOrder() }
    var operands: [Graph.TensorID] = []
    for input in node.inputs {
      var (base, own) = try axesView(input)
      let shape = sourceShape(input)
      if shape.product == 1, shape.count < rank {
        operands.append(base)
        continue
      }
      if shape.count < rank {
        // Broadcasting counts axes from the back: the missing ones are in front.
        let padded = [Int](repeating: 1, count: rank - shape.count) + shape
        base = try reshaped(arranged(base, own), to: padded, suffix: "reshaped")
        own = Array(0..<rank)
      }
      operands.append(try arranged(base, permutation.inversePermutation.composed(after: own)))
    }
    return .axes(try emit(node.operation, operands), permutation: permutation)
  }

  /// The order of axes in which the operands need the fewest transposes; the first such that moves any axis.
  private mutating func commonPermutation(rank: Int) throws(GraphError) -> [Int] {
    var candidates: [[Int]] = []
    for input in node.inputs where source[input].constant == nil && sourceShape(input).count == rank {
      candidates.append(try axesView(input).permutation)
    }
    let identity = Array(0..<rank)
    func cost(_ permutation: [Int]) -> Int { candidates.count { $0 != permutation } }
    var best = identity
    for candidate in candidates where !candidate.isIdentity {
      if cost(candidate) < cost(best) || (best.isIdentity && cost(candidate) == cost(best)) { best = candidate }
    }
    return best
  }
}

extension [Int] {
  /// One entry an axis of a view, in the order of the axes of what this permutation views.
  fileprivate func scattered(_ entries: [Int]) -> [Int] {
    var result = entries
    for (index, axis) in enumerated() { result[axis] = entries[index] }
    return result
  }

  /// The permutation that makes another shape of the same rank from this one by moving axes of extent 1 alone.
  fileprivate func unitMoves(to other: [Int]) -> [Int]? {
    guard count == other.count, filter({ $0 != 1 }) == other.filter({ $0 != 1 }) else { return nil }
    var units = indices.filter { self[$0] == 1 }[...]
    var others = indices.filter { self[$0] != 1 }[...]
    return other.map { extent in (extent == 1 ? units.popFirst() : others.popFirst()) ?? 0 }
  }
}
