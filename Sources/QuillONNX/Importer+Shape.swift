import QuillFloat

/// Operators that make shapes, and those that give the same elements another shape.
extension Importer {
  mutating func lowerShapeSource(_ known: ONNXOperator) throws(ONNXError) {
    switch known {
    case .shape:
      let extents = try shape(0).map(Int64.init)
      let start = clamped(try int("start") ?? 0, extents.count)
      let end = clamped(try int("end") ?? Int64(extents.count), extents.count)
      try bind(Constant(integers: start < end ? Array(extents[start..<end]) : []))
    case .size: try bind(Constant(type: .int64, shape: [], elements: .integers([Int64(shape(0).product)])))
    case .range: try lowerRange()
    case .constantOfShape: try lowerConstantOfShape()
    default: try lowerConstant()
    }
  }

  private func clamped(_ value: Int64, _ count: Int) -> Int {
    Int(max(0, min(Int64(count), value < 0 ? value.addingReportingOverflow(Int64(count)).partialValue : value)))
  }

  private mutating func lowerConstant() throws(ONNXError) {
    if let constant = try tensor(attribute: "value") {
      try bind(constant)
    } else if let value = try float("value_float") {
      try bind(Constant(type: .float32, shape: [], elements: .floats([value])))
    } else if let values = try floats("value_floats") {
      try bind(Constant(type: .float32, shape: [values.count], elements: .floats(values)))
    } else if let value = try int("value_int") {
      try bind(Constant(type: .int64, shape: [], elements: .integers([value])))
    } else if let values = try ints("value_ints") {
      try bind(Constant(integers: values))
    } else {
      throw fail(.missingAttribute("value"))
    }
  }

  private mutating func lowerConstantOfShape() throws(ONNXError) {
    let shape = try extents(integers(0))
    let value = try tensor(attribute: "value") ?? Constant(type: .float32, shape: [1], elements: .floats([0]))
    guard value.count == 1 else { throw fail(.attributeValue("value", found: value.shape.map(Int64.init))) }
    try reserve(shape)
    try bind(value.reshaped([]).broadcast(to: shape))
  }

  private mutating func lowerRange() throws(ONNXError) {
    let (start, limit, delta) = (try constant(0), try constant(1), try constant(2))
    guard let from = start.integers, let to = limit.integers, let step = delta.integers,
      from.count == 1, to.count == 1, step.count == 1
    else { throw fail(.operandType(0, tensor: node.inputs[0], found: start.type)) }
    let (span, overflow) = to[0].subtractingReportingOverflow(from[0])
    guard step[0] != 0, !overflow, step[0] != .min, span != .min else { throw fail(.arithmetic) }
    let isEmpty = (span > 0) != (step[0] > 0) || span == 0
    let count = isEmpty ? 0 : (span.magnitude - 1) / step[0].magnitude + 1
    guard let count = Int(exactly: count) else { throw fail(.arithmetic) }
    try reserve([count])
    try bind(
      Constant(
        type: start.type, shape: [count], elements: .integers((0..<count).map { from[0] + Int64($0) * step[0] })))
  }

  /// Extents from integers, none negative.
  func extents(_ values: [Int64]) throws(ONNXError) -> [Int] {
    guard values.count <= 64, values.allSatisfy({ $0 >= 0 }) else {
      throw fail(.reshape(from: [], to: values))
    }
    let shape = values.map { Int($0) }
    guard shape.boundedProduct != nil else { throw fail(.shapeTooLarge(shape)) }
    return shape
  }

  // MARK: The same elements under another shape

  /// Gives the first operand another shape.
  mutating func reshape(to shape: [Int]) throws(ONNXError) {
    switch try operand(0) {
    case .constant(let constant): try bind(constant.reshaped(shape))
    case .computed(let id, let type):
      if graph[id].shape == shape {
        try bind(0, to: .computed(id, type))
      } else {
        try bind(0, to: .computed(emit(.reshape, [id], shape: shape), type))
      }
    case .comparison: throw fail(.integerOperand(0, tensor: node.inputs[0]))
    }
  }

  /// Reshape: 0 keeps an extent, one -1 takes what is left.
  mutating func lowerReshape() throws(ONNXError) {
    let from = try shape(0)
    var target = try integers(1)
    let keepsZero = try flag("allowzero")
    if let batch = exportedBatch, target.count >= 2, target[0] == Int64(batch), from.first == 1,
      case .computed = try operand(0)
    {
      target[0] = 1
    }
    for axis in target.indices where target[axis] == 0 && !keepsZero {
      guard axis < from.count else { throw fail(.reshape(from: from, to: target)) }
      target[axis] = Int64(from[axis])
    }
    let count = from.reduce(1, *)
    if let open = target.firstIndex(of: -1) {
      target[open] = 1
      guard let rest = target.map({ Int(clamping: $0) }).boundedProduct, rest > 0, count % rest == 0 else {
        throw fail(.reshape(from: from, to: target))
      }
      target[open] = Int64(count / rest)
    }
    guard target.count <= 64, target.allSatisfy({ $0 >= 0 }),
      target.map({ Int(clamping: $0) }).boundedProduct == count
    else { throw fail(.reshape(from: from, to: target)) }
    try reshape(to: target.map { Int($0) })
  }

  mutating func lowerFlatten() throws(ONNXError) {
    let shape = try shape(0)
    let declared = try int("axis") ?? 1
    let axis = declared == Int64(shape.count) ? shape.count : try axis(declared, rank: shape.count, named: "axis")
    try reshape(to: [shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)])
  }

  mutating func lowerSqueeze() throws(ONNXError) {
    let shape = try shape(0)
    let axes =
      try axes(operand: 1, since: 13, rank: shape.count) ?? shape.indices.filter { shape[$0] == 1 }
    for axis in axes where shape[axis] != 1 {
      throw fail(.attributeValue("axes", found: [Int64(axis)]))
    }
    try reshape(to: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  mutating func lowerUnsqueeze() throws(ONNXError) {
    var shape = try shape(0)
    let count: Int
    if opset >= 13 {
      guard hasOperand(1) else { throw fail(.missingOperand(1)) }
      count = try integers(1).count
    } else {
      guard let values = try ints("axes") else { throw fail(.missingAttribute("axes")) }
      count = values.count
    }
    guard count <= 64 else { throw fail(.attributeValue("axes", found: [])) }
    let axes = try axes(operand: 1, since: 13, rank: shape.count + count) ?? []
    for axis in axes.sorted() { shape.insert(1, at: axis) }
    try reshape(to: shape)
  }
}
