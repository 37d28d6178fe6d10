import QuillFloat

/// Arithmetic on constants, carried out while reading: what exporters leave of shapes, and constants of layers.
extension Importer {
  /// Computes the node where all its operands are constants and the operator is one of arithmetic.
  mutating func fold(_ known: ONNXOperator) throws(ONNXError) -> Bool {
    guard !node.inputs.isEmpty, let constants = try constantOperands() else { return false }
    let result: Constant?
    switch known {
    case .add, .sub, .mul, .div, .mod, .pow, .max, .min, .sum: result = try foldArithmetic(known, constants)
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or:
      result = try foldTruth(known, constants)
    case .where: result = try foldSelection(constants)
    case .neg, .abs, .sqrt, .reciprocal, .floor, .ceil, .not: result = try foldUnary(known, constants[0])
    case .cast, .castLike: result = try cast(constants[0], to: castTarget(known))
    case .reduceProd, .reduceSum, .reduceMax, .reduceMin: result = try foldReduction(known, constants[0])
    default: result = nil
    }
    guard let result else { return false }
    try bind(result)
    return true
  }

  private mutating func broadcastShape(_ constants: [Constant]) throws(ONNXError) -> [Int] {
    var shape = constants[0].shape
    for (position, constant) in constants.enumerated().dropFirst() {
      guard let wider = [Int].broadcasting(shape, constant.shape) else {
        throw shapeError(position, constant.shape, .broadcastable(shape))
      }
      shape = wider
    }
    try reserve(shape)
    return shape
  }

  private mutating func foldArithmetic(_ known: ONNXOperator, _ constants: [Constant]) throws(ONNXError) -> Constant? {
    let shape = try broadcastShape(constants)
    var result = constants[0].broadcast(to: shape)
    for constant in constants.dropFirst() {
      try reserve(shape)
      let other = constant.broadcast(to: shape)
      if let left = result.integers, let right = other.integers {
        var values: [Int64] = []
        for (one, two) in zip(left, right) { values.append(try integer(known, one, two)) }
        result.elements = .integers(values)
      } else {
        guard result.integers == nil, other.integers == nil, let combine = Self.floatOperation(known) else {
          return nil
        }
        result.elements = .floats(zip(result.floats, other.floats).map(combine))
      }
    }
    return result
  }

  private func integer(_ known: ONNXOperator, _ one: Int64, _ two: Int64) throws(ONNXError) -> Int64 {
    let (value, overflow): (Int64, Bool)
    switch known {
    case .add, .sum: (value, overflow) = one.addingReportingOverflow(two)
    case .sub: (value, overflow) = one.subtractingReportingOverflow(two)
    case .mul: (value, overflow) = one.multipliedReportingOverflow(by: two)
    case .div: (value, overflow) = one.dividedReportingOverflow(by: two)
    case .mod:
      let (rest, isBad) = one.remainderReportingOverflow(dividingBy: two)
      (value, overflow) = (!isBad && rest != 0 && (rest < 0) != (two < 0) ? rest + two : rest, isBad)
    case .max: (value, overflow) = (Swift.max(one, two), false)
    case .min: (value, overflow) = (Swift.min(one, two), false)
    default: (value, overflow) = (0, true)
    }
    if overflow { throw fail(.arithmetic) }
    return value
  }

  private static func floatOperation(_ known: ONNXOperator) -> ((Float, Float) -> Float)? {
    switch known {
    case .add, .sum: { $0 + $1 }
    case .sub: { $0 - $1 }
    case .mul: { $0 * $1 }
    case .div: { $0 / $1 }
    case .max: { Swift.max($0, $1) }
    case .min: { Swift.min($0, $1) }
    default: nil
    }
  }

  private mutating func foldTruth(_ known: ONNXOperator, _ constants: [Constant]) throws(ONNXError) -> Constant? {
    let shape = try broadcastShape(constants)
    try reserve(shape)
    let (left, right) = (constants[0].broadcast(to: shape), constants[1].broadcast(to: shape))
    func compare<T: Comparable>(_ one: T, _ two: T) -> Bool {
      switch known {
      case .less: one < two
      case .lessOrEqual: one <= two
      case .greater: one > two
      case .greaterOrEqual: one >= two
      default: one == two
      }
    }
    let truths: [Bool]
    if let one = left.integers, let two = right.integers {
      switch known {
      case .and: truths = zip(one, two).map { $0 != 0 && $1 != 0 }
      case .or: truths = zip(one, two).map { $0 != 0 || $1 != 0 }
      default: truths = zip(one, two).map(compare)
      }
    } else {
      guard left.integers == nil, right.integers == nil else { return nil }
      truths = zip(left.floats, right.floats).map(compare)
    }
    return Constant(type: .bool, shape: shape, elements: .integers(truths.map { $0 ? 1 : 0 }))
  }

  private mutating func foldSelection(_ constants: [Constant]) throws(ONNXError) -> Constant? {
    let shape = try broadcastShape(constants)
    try reserve(shape)
    guard let condition = constants[0].broadcast(to: shape).integers else { return nil }
    let (chosen, other) = (constants[1].broadcast(to: shape), constants[2].broadcast(to: shape))
    if let one = chosen.integers, let two = other.integers {
      let values = condition.indices.map { condition[$0] != 0 ? one[$0] : two[$0] }
      return Constant(type: chosen.type, shape: shape, elements: .integers(values))
    }
    guard chosen.integers == nil, other.integers == nil else { return nil }
    let (one, two) = (chosen.floats, other.floats)
    return Constant(
      type: chosen.type, shape: shape,
      elements: .floats(condition.indices.map { condition[$0] != 0 ? one[$0] : two[$0] }))
  }

  private mutating func foldUnary(_ known: ONNXOperator, _ constant: Constant) throws(ONNXError) -> Constant? {
    try reserve(constant.shape)
    var result = constant
    switch constant.elements {
    case .integers(let values):
      guard !values.contains(.min) else { throw fail(.arithmetic) }
      switch known {
      case .neg: result.elements = .integers(values.map { -$0 })
      case .abs: result.elements = .integers(values.map { Swift.abs($0) })
      case .not: result.elements = .integers(values.map { $0 == 0 ? 1 : 0 })
      default: return nil
      }
    case .floats(let values):
      switch known {
      case .neg: result.elements = .floats(values.map { -$0 })
      case .abs: result.elements = .floats(values.map { Swift.abs($0) })
      case .sqrt: result.elements = .floats(values.map { $0.squareRoot() })
      case .reciprocal: result.elements = .floats(values.map { 1 / $0 })
      case .floor: result.elements = .floats(values.map { $0.rounded(.down) })
      case .ceil: result.elements = .floats(values.map { $0.rounded(.up) })
      default: return nil
      }
    }
    return result
  }

  /// A constant with its elements converted to another type; floats are cut towards zero.
  mutating func cast(_ constant: Constant, to type: ElementType) throws(ONNXError) -> Constant {
    try reserve(constant.shape)
    let elements: Constant.Elements
    switch (type.kind, constant.elements) {
    case (.float, _): elements = .floats(constant.floats)
    case (_, .integers(let values)):
      elements = .integers(type == .bool ? values.map { $0 == 0 ? 0 : 1 } : values)
    case (_, .floats(let values)):
      var integers: [Int64] = []
      for value in values {
        guard let integer = Int64(exactly: value.rounded(.towardZero)) else { throw fail(.arithmetic) }
        integers.append(type == .bool ? (value == 0 ? 0 : 1) : integer)
      }
      elements = .integers(integers)
    }
    return Constant(type: type, shape: constant.shape, elements: elements)
  }

  /// A reduction of a list of integers to one, which is how the size of a shape is calculated.
  private mutating func foldReduction(_ known: ONNXOperator, _ constant: Constant) throws(ONNXError) -> Constant? {
    guard let values = constant.integers, constant.shape.count == 1 else { return nil }
    let version = known == .reduceSum ? 13 : 18
    let axes = try axes(operand: 1, since: version, rank: 1) ?? []
    if axes.isEmpty, try flag("noop_with_empty_axes") { return constant }
    guard var result = values.first ?? (known == .reduceProd ? 1 : known == .reduceSum ? 0 : nil) else { return nil }
    let operation: ONNXOperator =
      switch known {
      case .reduceProd: .mul
      case .reduceSum: .add
      case .reduceMax: .max
      default: .min
      }
    for value in values.dropFirst() { result = try integer(operation, result, value) }
    let shape = try flag("keepdims", default: true) ? [1] : []
    return Constant(type: constant.type, shape: shape, elements: .integers([result]))
  }
}
