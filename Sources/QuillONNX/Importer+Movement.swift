import QuillFloat

/// Operators that move elements: on constants they are carried out, on computed tensors they become nodes.
extension Importer {
  mutating func lowerTranspose() throws(ONNXError) {
    let rank = try shape(0).count
    let permutation: [Int]
    if let declared = try ints("perm") {
      permutation = try axes(declared, rank: rank, named: "perm")
      guard permutation.count == rank else { throw fail(.attributeValue("perm", found: declared)) }
    } else {
      permutation = Array((0..<rank).reversed())
    }
    switch try operand(0) {
    case .constant(let constant):
      try reserve(constant.shape)
      try bind(constant.transposed(permutation))
    case .computed, .comparison: try bind(emit(.transpose(permutation: permutation), [tensor(0)]))
    }
  }

  mutating func lowerConcat() throws(ONNXError) {
    guard let declared = try int("axis") else { throw fail(.missingAttribute("axis")) }
    let first = try shape(0)
    let axis = try axis(declared, rank: first.count, named: "axis")
    if let constants = try constantOperands() {
      try bind(concatenated(constants, axis: axis))
      return
    }
    var operands: [Graph.TensorID] = []
    for position in node.inputs.indices { operands.append(try tensor(position)) }
    try bind(operands.count == 1 ? operands[0] : emit(.concatenate(axis: axis), operands))
  }

  private mutating func concatenated(_ constants: [Constant], axis: Int) throws(ONNXError) -> Constant {
    var shape = constants[0].shape
    shape[axis] = 0
    for (position, constant) in constants.enumerated() {
      var other = constant.shape
      guard other.count == shape.count, (constant.integers == nil) == (constants[0].integers == nil) else {
        throw shapeError(position, constant.shape, .rank(shape.count...shape.count))
      }
      shape[axis] += other[axis]
      other[axis] = shape[axis]
      guard other == shape else { throw shapeError(position, constant.shape, .broadcastable(constants[0].shape)) }
    }
    try reserve(shape)
    let outer = shape[..<axis].reduce(1, *)
    func joined<T>(_ lists: [[T]]) -> [T] {
      var result: [T] = []
      for row in 0..<outer {
        for list in lists {
          let size = list.count / max(outer, 1)
          result += list[(row * size)..<((row + 1) * size)]
        }
      }
      return result
    }
    let integers = constants.compactMap(\.integers)
    let elements: Constant.Elements =
      integers.isEmpty ? .floats(joined(constants.map(\.floats))) : .integers(joined(integers))
    return Constant(type: constants[0].type, shape: shape, elements: elements)
  }

  mutating func lowerSplit() throws(ONNXError) {
    let shape = try shape(0)
    let axis = try axis(int("axis") ?? 0, rank: shape.count, named: "axis")
    let count = node.outputs.count
    var sizes = opset >= 13 ? (hasOperand(1) ? try integers(1) : []) : try ints("split") ?? []
    if sizes.isEmpty {
      if let declared = try int("num_outputs"), declared != Int64(count) {
        throw fail(.attributeValue("num_outputs", found: [declared]))
      }
      let size = (shape[axis] + count - 1) / count
      sizes = (0..<count).map { Int64(max(0, min(size, shape[axis] - $0 * size))) }
    }
    guard sizes.count == count, sizes.allSatisfy({ $0 > 0 && $0 <= Int64(shape[axis]) }),
      sizes.reduce(0, { $0 &+ $1 }) == Int64(shape[axis])
    else { throw fail(.attributeValue("split", found: sizes)) }
    var start = 0
    for (output, size) in sizes.enumerated() {
      var (starts, extents) = ([Int](repeating: 0, count: shape.count), shape)
      (starts[axis], extents[axis]) = (start, Int(size))
      start += Int(size)
      let steps = [Int](repeating: 1, count: shape.count)
      try bind(output, to: sliced(operand(0), starts: starts, steps: steps, shape: extents))
    }
  }

  /// Slice; the ends are attributes before operator set 10 and operands since.
  mutating func lowerSlice() throws(ONNXError) {
    let shape = try shape(0)
    let (starts, ends): ([Int64], [Int64])
    var axisList: [Int64]?
    var stepList: [Int64]?
    if opset >= 10 {
      for position in 1...2 where !hasOperand(position) { throw fail(.missingOperand(position)) }
      (starts, ends) = (try integers(1), try integers(2))
      if hasOperand(3) { axisList = try integers(3) }
      if hasOperand(4) { stepList = try integers(4) }
    } else {
      guard let first = try ints("starts") else { throw fail(.missingAttribute("starts")) }
      guard let last = try ints("ends") else { throw fail(.missingAttribute("ends")) }
      (starts, ends) = (first, last)
      axisList = try ints("axes")
    }
    let axes = try axes(axisList ?? starts.indices.map(Int64.init), rank: shape.count)
    let steps = stepList ?? [Int64](repeating: 1, count: starts.count)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw fail(.attributeValue("ends", found: ends))
    }
    var (begin, stride, extents) = ([Int](repeating: 0, count: shape.count), shape.map { _ in 1 }, shape)
    for (position, axis) in axes.enumerated() {
      let part = try range(start: starts[position], end: ends[position], step: steps[position], extent: shape[axis])
      (begin[axis], stride[axis], extents[axis]) = (part.start, part.step, part.count)
    }
    try bind(0, to: sliced(operand(0), starts: begin, steps: stride, shape: extents))
  }

  /// Part of an axis.
  private struct AxisPart {
    var start: Int, step: Int, count: Int
  }

  /// The elements that Python's `start:end:step` takes from an axis.
  private func range(start: Int64, end: Int64, step: Int64, extent: Int) throws(ONNXError) -> AxisPart {
    guard step != 0, step.magnitude <= UInt64(Int32.max) else { throw fail(.attributeValue("steps", found: [step])) }
    let extent = Int64(extent)
    func wrapped(_ value: Int64) -> Int64 { value < 0 ? value + extent : value }
    if step > 0 {
      let first = max(0, min(extent, wrapped(start)))
      let last = max(0, min(extent, wrapped(end)))
      let count = last > first ? (last - first - 1) / step + 1 : 0
      return AxisPart(start: Int(first), step: Int(step), count: Int(count))
    }
    let first = max(-1, min(extent - 1, wrapped(start)))
    let last = max(-1, min(extent - 1, wrapped(end)))
    let count = first > last ? (first - last - 1) / -step + 1 : 0
    return AxisPart(start: Int(max(first, 0)), step: Int(step), count: Int(count))
  }

  /// A part of a constant or computed tensor.
  mutating func sliced(
    _ value: Value, starts: [Int], steps: [Int], shape: [Int]
  ) throws(ONNXError) -> Value {
    switch value {
    case .constant(let constant):
      try reserve(shape)
      let strides = constant.shape.rowMajorStrides
      let start = shape.contains(0) ? 0 : zip(starts, strides).map { $0 * $1 }.reduce(0, +)
      let positions = shape.positions(start: start, strides: zip(steps, strides).map { $0 * $1 })
      return .constant(constant.gathered(positions, shape: shape))
    case .computed(let id, let type):
      guard type.kind == .float || type.isByte else { throw fail(.integerOperand(0, tensor: node.inputs[0])) }
      integerQuantization = type.isByte ? quantizations[id] : nil
      if graph[id].shape == shape, steps.allSatisfy({ $0 == 1 }) { return value }
      for (axis, extent) in shape.enumerated() where extent == 0 { throw fail(.emptyAxis(axis: axis, extent: 0)) }
      // An axis of one element has no next, so that its step does not matter.
      let steps = zip(steps, shape).map { $1 == 1 ? 1 : $0 }
      return .computed(try emit(.slice(starts: starts, steps: steps), [id], shape: shape), type)
    case .comparison: throw fail(.integerOperand(0, tensor: node.inputs[0]))
    }
  }

  mutating func lowerGather() throws(ONNXError) {
    let shape = try shape(0)
    let axis = try axis(int("axis") ?? 0, rank: shape.count, named: "axis")
    let indices = try constant(1)
    guard let values = indices.integers else {
      throw fail(.operandType(1, tensor: node.inputs[1], found: indices.type))
    }
    var positions: [Int] = []
    for value in values {
      guard value >= -Int64(shape[axis]), value < Int64(shape[axis]) else { throw fail(.arithmetic) }
      positions.append(Int(value < 0 ? value + Int64(shape[axis]) : value))
    }
    let outputShape = Array(shape[..<axis]) + indices.shape + Array(shape[(axis + 1)...])
    if case .constant(let constant) = try operand(0) {
      try reserve(outputShape)
      let inner = shape[(axis + 1)...].reduce(1, *)
      var picked: [Int] = []
      for outer in 0..<shape[..<axis].reduce(1, *) {
        for position in positions {
          let start = (outer * shape[axis] + position) * inner
          picked += start..<(start + inner)
        }
      }
      try bind(constant.gathered(picked, shape: outputShape))
      return
    }
    try bind(gathered(tensor(0), axis: axis, positions: positions, shape: outputShape))
  }

  /// Gathering from a computed tensor: one slice where the positions are evenly spaced, else one a position.
  private mutating func gathered(
    _ id: Graph.TensorID, axis: Int, positions: [Int], shape: [Int]
  ) throws(ONNXError) -> Graph.TensorID {
    let source = graph[id].shape
    guard positions.count >= 1 else { throw fail(.emptyAxis(axis: axis, extent: 0)) }
    let step = positions.count > 1 ? positions[1] - positions[0] : 1
    let isEven = step != 0 && zip(positions, positions.dropFirst()).allSatisfy { $1 - $0 == step }
    func slice(
      _ importer: inout Importer, _ start: Int, _ step: Int, _ count: Int
    ) throws(ONNXError) -> Graph.TensorID {
      var (starts, steps, extents) = (source.map { _ in 0 }, source.map { _ in 1 }, source)
      (starts[axis], steps[axis], extents[axis]) = (start, step, count)
      return try importer.emit(.slice(starts: starts, steps: steps), [id], shape: extents)
    }
    var result: Graph.TensorID
    if isEven {
      result = try slice(&self, positions[0], step, positions.count)
    } else {
      guard positions.count <= 64 else { throw fail(.tooMany(part: .pieces, maximum: 64)) }
      var pieces: [Graph.TensorID] = []
      for position in positions { pieces.append(try slice(&self, position, 1, 1)) }
      result = try emit(.concatenate(axis: axis), pieces)
    }
    if graph[result].shape != shape { result = try emit(.reshape, [result], shape: shape) }
    return result
  }
}
