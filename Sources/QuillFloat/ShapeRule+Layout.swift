/// Rules of the operations that move elements.
extension ShapeRule {
  func pad(before: [Int], after: [Int], value: Float) throws(GraphError) -> [Int] {
    let shape = inputs[0]
    try expectCount(before, .before)
    try expectCount(after, .after)
    // An infinity is what exporters put before a maximum.
    if value.isNaN { throw fail(.nonFiniteParameter(.value, .nan)) }
    for axis in shape.indices {
      try expect(before[axis], atLeast: 0, .before)
      try expect(after[axis], atLeast: 0, .after)
    }
    return try expectCountable(shape.indices.map { before[$0] + shape[$0] + after[$0] })
  }

  func reshape(to declared: [Int]?) throws(GraphError) -> [Int] {
    let shape = try expectDeclared(declared)
    guard shape.product == inputs[0].product else { throw fail(.elementCount(inputs[0], shape)) }
    return shape
  }

  func transpose(_ permutation: [Int]) throws(GraphError) -> [Int] {
    try expectCount(permutation, .permutation)
    guard permutation.sorted() == Array(permutation.indices) else { throw fail(.permutation(permutation)) }
    return permutation.map { inputs[0][$0] }
  }

  func concatenate(axis: Int) throws(GraphError) -> [Int] {
    var shape = inputs[0]
    try expectAxis(axis, rank: shape.count)
    for (index, other) in inputs.enumerated().dropFirst() {
      try expectRank(shape.count, of: .operand(index), other)
      for otherAxis in shape.indices where otherAxis != axis {
        try expectExtent(shape[otherAxis], of: .operand(index), other, axis: otherAxis)
      }
      shape[axis] += other[axis]
    }
    return try expectCountable(shape)
  }

  func slice(starts: [Int], steps: [Int], to declared: [Int]?) throws(GraphError) -> [Int] {
    let shape = try expectDeclared(declared)
    try expectRank(inputs[0].count, of: .output, shape)
    try expectCount(starts, .starts)
    try expectCount(steps, .steps)
    for (axis, extent) in inputs[0].enumerated() {
      try expect(abs(clamped: steps[axis]), atLeast: 1, .steps)
      try expect(abs(clamped: starts[axis]), atLeast: 0, .starts)
      // Steps are below 2^31 and extents too, so that the product stays within an Int.
      let last = starts[axis] + (shape[axis] - 1) * steps[axis]
      guard (0..<extent).contains(starts[axis]), (0..<extent).contains(last) else {
        throw fail(.slice(axis: axis, first: starts[axis], last: last, extent: extent))
      }
    }
    return shape
  }

  func resize(to declared: [Int]?) throws(GraphError) -> [Int] {
    try expectRank(4, of: .input, inputs[0])
    let shape = try expectDeclared(declared)
    try expectRank(4, of: .output, shape)
    try expectExtent(inputs[0][0], of: .output, shape, axis: 0)
    try expectExtent(inputs[0][3], of: .output, shape, axis: 3)
    return shape
  }

  private func expectCount(_ list: [Int], _ parameter: GraphError.Parameter) throws(GraphError) {
    guard list.count == inputs[0].count else {
      throw fail(.listCount(parameter, found: list.count, expected: inputs[0].count))
    }
  }

  private func expectDeclared(_ declared: [Int]?) throws(GraphError) -> [Int] {
    guard let declared else { throw fail(.undeclaredShape) }
    for (axis, extent) in declared.enumerated() where extent < 1 {
      throw fail(.emptyAxis(axis: axis, found: extent))
    }
    return try expectCountable(declared)
  }

  private func abs(clamped value: Int) -> Int {
    value == .min ? .max : Swift.abs(value)
  }
}
