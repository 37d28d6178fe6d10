import QuillFloat

/// Operators that make a tensor larger or move its elements between channels and space.
extension Importer {
  /// Constant padding; negative padding crops.
  mutating func lowerPad() throws(ONNXError) {
    let mode = try string("mode") ?? "constant"
    guard mode == "constant" || mode == "reflect" || mode == "edge" else {
      throw fail(.unsupportedAttribute("mode", found: mode, supported: "constant, reflect, edge"))
    }
    let input = try tensor(0)
    let shape = graph[input].shape
    let (pads, value) = try padAmounts()
    var axisList = Array(shape.indices)
    if opset >= 18, hasOperand(3) { axisList = try axes(integers(3), rank: shape.count) }
    guard pads.count == 2 * axisList.count, pads.allSatisfy({ $0.magnitude <= 1 << 30 }) else {
      throw fail(.attributeValue("pads", found: pads))
    }
    var (before, after) = (shape.map { _ in 0 }, shape.map { _ in 0 })
    for (position, axis) in axisList.enumerated() {
      (before[axis], after[axis]) = (Int(pads[position]), Int(pads[position + axisList.count]))
    }
    var result = input
    if (before + after).contains(where: { $0 < 0 }) {
      let starts = before.map { max(0, -$0) }
      let extents = shape.indices.map { shape[$0] - starts[$0] - max(0, -after[$0]) }
      guard extents.allSatisfy({ $0 >= 1 }) else { throw fail(.attributeValue("pads", found: pads)) }
      result = try emit(.slice(starts: starts, steps: shape.map { _ in 1 }), [result], shape: extents)
    }
    (before, after) = (before.map { max(0, $0) }, after.map { max(0, $0) })
    if mode != "constant" {
      for axis in shape.indices where before[axis] + after[axis] > 0 {
        result = try mirrored(result, axis, before: before[axis], after: after[axis], isEdge: mode == "edge")
      }
    } else if (before + after).contains(where: { $0 > 0 }) {
      result = try emit(.pad(before: before, after: after, value: value), [result])
    }
    try bind(result)
  }

  /// A tensor between parts of itself: along one axis, what is next to each end backwards without the end itself, or
  /// the end again and again.
  private mutating func mirrored(
    _ input: Graph.TensorID, _ axis: Int, before: Int, after: Int, isEdge: Bool
  ) throws(ONNXError) -> Graph.TensorID {
    let shape = graph[input].shape
    let extent = shape[axis]
    guard isEdge ? max(before, after) <= 64 : max(before, after) < extent else {
      throw fail(.attributeValue("pads", found: [Int64(before), Int64(after)]))
    }
    func part(_ start: Int, _ count: Int) throws(ONNXError) -> Graph.TensorID {
      var (starts, steps, extents) = (shape.map { _ in 0 }, shape.map { _ in 1 }, shape)
      (starts[axis], steps[axis], extents[axis]) = (start, count > 1 ? -1 : 1, count)
      return try emit(.slice(starts: starts, steps: steps), [input], shape: extents)
    }
    var parts = [input]
    if isEdge {
      if before > 0 { parts = Array(repeating: try part(0, 1), count: before) + parts }
      if after > 0 { parts += Array(repeating: try part(extent - 1, 1), count: after) }
    } else {
      if before > 0 { parts.insert(try part(before, before), at: 0) }
      if after > 0 { parts.append(try part(extent - 2, after)) }
    }
    return try emit(.concatenate(axis: axis), parts)
  }

  private mutating func padAmounts() throws(ONNXError) -> (pads: [Int64], value: Float) {
    if opset >= 11 {
      guard hasOperand(1) else { throw fail(.missingOperand(1)) }
      return (try integers(1), try padValue())
    }
    guard let pads = try ints("pads") else { throw fail(.missingAttribute("pads")) }
    return (pads, try float("value") ?? 0)
  }

  /// What is put around a tensor; 0 where nothing is said, which where scales are kept is the number behind the
  /// integer 0.
  private mutating func padValue() throws(ONNXError) -> Float {
    guard keepsScales, let type = integerType, let steps = integerQuantization else {
      return hasOperand(2) ? try floatScalar(2) : 0
    }
    let integer = hasOperand(2) ? try floatScalar(2) : 0
    return (integer - (type == .uint8 ? 128 : 0) - Float(steps.zeroPoint)) * steps.scales[0]
  }

  mutating func lowerExpand() throws(ONNXError) {
    var target = try integers(1)
    let shape = try shape(0)
    if let batch = exportedBatch, target.count >= 2, target[0] == Int64(batch) { target[0] = 1 }
    guard let result = [Int].broadcasting(shape, try extents(target)) else {
      throw shapeError(0, shape, .broadcastable(target.map { Int(clamping: $0) }))
    }
    switch try operand(0) {
    case .constant(let constant):
      try reserve(result)
      try bind(constant.broadcast(to: result))
    case .computed(let id, let type):
      if result == shape {
        try bind(0, to: .computed(id, type))
        return
      }
      try reserve(result)
      let ones = try constantTensor("ones", shape: result, [Float](repeating: 1, count: result.product))
      try bind(emit(.binary(.multiply, .none), [tensor(0), ones]))
    case .comparison: throw fail(.integerOperand(0, tensor: node.inputs[0]))
    }
  }

  mutating func lowerTile() throws(ONNXError) {
    let shape = try shape(0)
    let repeats = try extents(integers(1))
    guard repeats.count == shape.count, repeats.allSatisfy({ (1...64).contains($0) }) else {
      throw fail(.attributeValue("repeats", found: repeats.map(Int64.init)))
    }
    if case .constant(let constant) = try operand(0) {
      let tiled = zip(shape, repeats).map { $0 * $1 }
      try reserve(tiled)
      // Each axis is taken apart into repetition and extent, the former with a stride of 0.
      let strides = shape.rowMajorStrides
      let views = zip(repeats, shape).flatMap { [$0, $1] }
      let positions = views.positions(strides: strides.flatMap { [0, $0] })
      try bind(constant.gathered(positions, shape: tiled))
      return
    }
    var result = try tensor(0)
    for (axis, count) in repeats.enumerated() where count > 1 {
      result = try emit(.concatenate(axis: axis), Array(repeating: result, count: count))
    }
    try bind(result)
  }

  /// Blocks of channels to blocks of pixels, or back: a transpose of six axes between two reshapes.
  mutating func lowerDepthToSpace(_ known: ONNXOperator) throws(ONNXError) {
    let input = try imageOperand()
    let shape = graph[input].shape
    guard let declared = try int("blocksize"), declared >= 1, declared <= 1 << 15 else {
      throw fail(.missingAttribute("blocksize"))
    }
    let block = Int(declared)
    let mode = try string("mode") ?? "DCR"
    guard mode == "DCR" || mode == "CRD" else {
      throw fail(.unsupportedAttribute("mode", found: mode, supported: "DCR, CRD"))
    }
    let (split, permutation, joined): ([Int], [Int], [Int])
    if known == .depthToSpace {
      guard shape[1] % (block * block) == 0 else { throw fail(.attributeValue("blocksize", found: [declared])) }
      let depth = shape[1] / (block * block)
      split =
        mode == "DCR"
        ? [shape[0], block, block, depth, shape[2], shape[3]] : [shape[0], depth, block, block, shape[2], shape[3]]
      permutation = mode == "DCR" ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]
      joined = [shape[0], depth, shape[2] * block, shape[3] * block]
    } else {
      guard shape[2] % block == 0, shape[3] % block == 0 else {
        throw fail(.attributeValue("blocksize", found: [declared]))
      }
      split = [shape[0], shape[1], shape[2] / block, block, shape[3] / block, block]
      permutation = [0, 3, 5, 1, 2, 4]
      joined = [shape[0], shape[1] * block * block, shape[2] / block, shape[3] / block]
    }
    let blocks = try emit(.reshape, [input], shape: split)
    let moved = try emit(.transpose(permutation: permutation), [blocks])
    try bind(emit(.reshape, [moved], shape: joined))
  }
}
