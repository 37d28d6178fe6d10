import QuillFloat

/// Operators that take tensors apart or repeat them, and functions put together from others.
extension TensorFlowLiteEmitter {
  /// A range of an axis, under the shape that the file gives it.
  mutating func piece(
    _ input: Graph.TensorID, _ piece: TensorPiece, _ declared: [Int]
  ) throws(ImportError) -> Graph.TensorID {
    let part = try run(input, piece.axis, piece.range, suffix: shape(input).count == declared.count ? "" : "/slice")
    return shape(part) == declared ? part : try node(.reshape, [part], shape: declared)
  }

  private mutating func run(
    _ input: Graph.TensorID, _ axis: Int, _ range: Range<Int>, suffix: String
  ) throws(ImportError) -> Graph.TensorID {
    var extents = shape(input)
    var starts = extents.map { _ in 0 }
    (extents[axis], starts[axis]) = (range.count, range.lowerBound)
    return try node(
      .slice(starts: starts, steps: extents.map { _ in 1 }), [input], suffix: suffix, shape: extents)
  }

  mutating func gather(
    _ input: Graph.TensorID, _ gathering: GatheredRuns, _ declared: [Int]
  ) throws(ImportError) -> Graph.TensorID {
    var parts: [Graph.TensorID] = []
    for (position, range) in gathering.runs.enumerated() {
      parts.append(try run(input, gathering.axis, range, suffix: "/\(position)"))
    }
    let joined = try node(.concatenate(axis: gathering.axis), parts, suffix: "/joined")
    return try node(.reshape, [joined], shape: declared)
  }

  mutating func tile(_ input: Graph.TensorID, _ multiples: [Int]) throws(ImportError) -> Graph.TensorID {
    var result = input
    for (axis, count) in multiples.enumerated() where count > 1 {
      let copies = [Graph.TensorID](repeating: result, count: count)
      result = try node(.concatenate(axis: axis), copies, suffix: "/\(axis)")
    }
    return result
  }

  /// Blocks of channels to blocks of pixels, or back: a transpose of six axes between two reshapes.
  mutating func moveBlocks(
    _ operation: TensorFlowLiteOperation, _ input: Graph.TensorID, _ block: Int, _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) -> Graph.TensorID {
    let from = shape(input)
    let isSpreading = operation == .depthToSpace(block: block)
    guard from.count == 4, block <= 1 << 12,
      isSpreading ? from[3] % (block * block) == 0 : from[1] % block == 0 && from[2] % block == 0
    else { throw .tensorFlowLite(place, .badShape(from)) }
    let apart =
      isSpreading
      ? [from[0], from[1], from[2], block, block, from[3] / (block * block)]
      : [from[0], from[1] / block, block, from[2] / block, block, from[3]]
    let blocks = try node(.reshape, [input], suffix: "/blocks", shape: apart)
    let moved = try node(.transpose(permutation: [0, 1, 3, 2, 4, 5]), [blocks], suffix: "/moved")
    let result =
      isSpreading
      ? [from[0], from[1] * block, from[2] * block, apart[5]]
      : [from[0], apart[1], apart[3], from[3] * block * block]
    return try node(.reshape, [moved], shape: result)
  }

  /// Parts of the tensor backwards on both its sides, axis by axis.
  mutating func mirrored(
    _ input: Graph.TensorID, keepsEdge: Bool, _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) -> Graph.TensorID {
    let (before, after) = try geometry.paddings()
    var result = input
    for axis in before.indices where before[axis] + after[axis] > 0 {
      var parts = [result]
      for mirror in try geometry.mirrors(
        of: shape(result), axis: axis, counts: (before[axis], after[axis]), keepsEdge: keepsEdge)
      {
        let part = try node(
          .slice(starts: mirror.starts, steps: mirror.steps), [result],
          suffix: "/\(axis)\(mirror.isAfter ? "after" : "before")", shape: mirror.extents)
        parts.insert(part, at: mirror.isAfter ? parts.count : 0)
      }
      result = try node(.concatenate(axis: axis), parts, suffix: "/\(axis)")
    }
    return result
  }

  /// The maximum over axes: a pool whose window is all of a column.
  mutating func maximum(
    _ input: Graph.TensorID, _ axes: [Int], _ keepsAxes: Bool, suffix: String = ""
  ) throws(ImportError) -> Graph.TensorID {
    let from = shape(input)
    let kept = from.indices.filter { !axes.contains($0) }
    let rows = axes.map { from[$0] }.product
    let columns = kept.map { from[$0] }.product
    let result = keepsAxes ? from.indices.map { axes.contains($0) ? 1 : from[$0] } : kept.map { from[$0] }
    var image = input
    let order = axes + kept
    if order != Array(from.indices), !(axes == [1, 2] && from[0] == 1) {
      image = try node(.transpose(permutation: order), [image], suffix: "\(suffix)/turned")
    }
    image = try node(.reshape, [image], suffix: "\(suffix)/column", shape: [1, rows, 1, columns])
    let pooling = Operation.Pooling(windowHeight: rows, windowWidth: 1, strideHeight: 1, strideWidth: 1)
    image = try node(.maxPool2D(pooling), [image], suffix: "\(suffix)/maximum")
    return try node(.reshape, [image], suffix: suffix, shape: result)
  }

  /// `x * Phi(x)` with the normal distribution, or its approximation by a hyperbolic tangent
  /// (Hendrycks and Gimpel 2016, arXiv 1606.08415).
  mutating func gelu(_ input: Graph.TensorID, isApproximate: Bool) throws(ImportError) -> Graph.TensorID {
    var argument = input
    if isApproximate {
      let square = try node(.binary(.multiply, .none), [input, input], suffix: "/square")
      let cube = try node(.binary(.multiply, .none), [square, input], suffix: "/cube")
      let share = try times(cube, 0.044_715, "/share")
      argument = try node(.binary(.add, .none), [input, share], suffix: "/sum")
    }
    let scaled = try times(argument, isApproximate ? 0.797_884_56 : 0.707_106_8, "/scaled")
    let gate = try node(.unary(isApproximate ? .tanh : .errorFunction), [scaled], suffix: "/gate")
    let one = try constant(1, suffix: "/one")
    let raised = try node(.binary(.add, .none), [gate, one], suffix: "/raised")
    let half = try times(raised, 0.5, "/half")
    return try node(.binary(.multiply, .none), [input, half])
  }

  private mutating func times(
    _ input: Graph.TensorID, _ factor: Float, _ suffix: String
  ) throws(ImportError) -> Graph.TensorID {
    let operand = try constant(factor, suffix: "\(suffix)/factor")
    return try node(.binary(.multiply, .none), [input, operand], suffix: suffix)
  }
}
