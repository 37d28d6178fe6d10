import QuillFloat

/// Operands and attributes of the node being read, each with the error that says what is wrong with it.
extension Importer {
  /// What a name stands for; a constant of the file is decoded when it is first asked for.
  mutating func value(named name: String) throws(ONNXError) -> Value? {
    if let value = values[name] { return value }
    guard let tensor = initializers.removeValue(forKey: name) else { return nil }
    let value = Value.constant(try decoded(tensor))
    values[name] = value
    return value
  }

  /// Whether an optional operand is there.
  func hasOperand(_ position: Int) -> Bool { position < node.inputs.count && !node.inputs[position].isEmpty }

  /// What an operand stands for.
  mutating func operand(_ position: Int) throws(ONNXError) -> Value {
    guard hasOperand(position) else { throw fail(.missingOperand(position)) }
    guard let value = try value(named: node.inputs[position]) else {
      throw fail(.undefinedTensor(node.inputs[position]))
    }
    return value
  }

  /// Every operand, where all are constants.
  mutating func constantOperands() throws(ONNXError) -> [Constant]? {
    var constants: [Constant] = []
    for position in node.inputs.indices {
      guard hasOperand(position), case .constant(let constant) = try operand(position) else { return nil }
      constants.append(constant)
    }
    return constants
  }

  /// A float operand as a tensor of the graph, constant or computed.
  mutating func tensor(_ position: Int) throws(ONNXError) -> Graph.TensorID {
    let name = hasOperand(position) ? node.inputs[position] : ""
    switch try operand(position) {
    case .computed(let id, let type):
      guard type.kind == .float || takesIntegers(type) else { throw fail(.integerOperand(position, tensor: name)) }
      if type.isByte {
        integerType = type
        integerQuantization = integerQuantization ?? quantizations[id]
      }
      return id
    case .constant(let constant):
      guard constant.type.kind == .float || (!keepsScales && takesIntegers(constant.type)) else {
        throw fail(.operandType(position, tensor: name, found: constant.type))
      }
      if let id = materialized[name] { return id }
      let id = try materialize(constant, name: name)
      materialized[name] = id
      if keepsScales, let quantization = constant.quantization { quantizations[id] = quantization.ofTensor }
      return id
    case .comparison: throw fail(.integerOperand(position, tensor: name))
    }
  }

  /// The extents of a float operand.
  mutating func shape(_ position: Int) throws(ONNXError) -> [Int] {
    switch try operand(position) {
    case .computed(let id, _): return graph[id].shape
    case .constant(let constant): return constant.shape
    case .comparison: throw fail(.integerOperand(position, tensor: node.inputs[position]))
    }
  }

  /// An operand that must be known while reading.
  mutating func constant(_ position: Int) throws(ONNXError) -> Constant {
    if case .constant(let constant) = try operand(position) { return constant }
    throw fail(.operandNotConstant(position, tensor: node.inputs[position]))
  }

  /// Whether the node may compute with integers of a type.
  private func takesIntegers(_ type: ElementType) -> Bool {
    guard type.isByte, let known = ONNXOperator(rawValue: node.operatorName) else { return false }
    return keepsScales ? known.movesElements : known.takesBytes
  }

  /// A constant operand of floats.
  mutating func floatConstant(_ position: Int) throws(ONNXError) -> Constant {
    let constant = try constant(position)
    guard constant.type.kind == .float || (integerType == constant.type && takesIntegers(constant.type)) else {
      throw fail(.operandType(position, tensor: node.inputs[position], found: constant.type))
    }
    return constant
  }

  /// A constant operand of integers along one axis, or a scalar.
  mutating func integers(_ position: Int) throws(ONNXError) -> [Int64] {
    let constant = try constant(position)
    guard let integers = constant.integers else {
      throw fail(.operandType(position, tensor: node.inputs[position], found: constant.type))
    }
    guard constant.shape.count <= 1 else { throw shapeError(position, constant.shape, .rank(0...1)) }
    return integers
  }

  /// A constant operand of one float.
  mutating func floatScalar(_ position: Int) throws(ONNXError) -> Float {
    let constant = try floatConstant(position)
    guard constant.count == 1 else { throw shapeError(position, constant.shape, .scalar) }
    return constant.floats[0]
  }

  /// The error of an operand's shape.
  func shapeError(_ position: Int, _ found: [Int], _ expected: ONNXError.Expectation) -> ONNXError {
    let name = hasOperand(position) ? node.inputs[position] : ""
    return fail(.operandShape(position, tensor: name, found: found, expected: expected))
  }

  /// Makes a constant a tensor of the graph.
  mutating func materialize(_ constant: Constant, name: String) throws(ONNXError) -> Graph.TensorID {
    let values = constant.floats
    if let position = values.firstIndex(where: { !$0.isFinite }) {
      throw ONNXError(at: .tensor(name), .notFinite(position: position))
    }
    for (axis, extent) in constant.shape.enumerated() where extent < 1 {
      throw ONNXError(at: .tensor(name), .emptyAxis(axis: axis, extent: Int64(extent)))
    }
    guard constant.count <= Graph.maximumElementCount else {
      throw ONNXError(at: .tensor(name), .shapeTooLarge(constant.shape))
    }
    let isFree = !name.isEmpty && tensorNames.insert(name).inserted
    let unique = isFree ? name : unusedName(like: name, "constant")
    return graph.addTensor(Graph.Tensor(name: unique, shape: constant.shape, constant: values))
  }

  /// Makes floats a tensor of the graph, named after the node's result.
  mutating func constantTensor(_ role: String, shape: [Int], _ values: [Float]) throws(ONNXError) -> Graph.TensorID {
    try reserve(shape)
    let name = unusedName(like: node.outputs.first ?? nodeName, role)
    tensorNames.remove(name)
    return try materialize(Constant(type: .float32, shape: shape, elements: .floats(values)), name: name)
  }

  /// The elements of a tensor; those of another file count as this file's.
  mutating func decoded(_ tensor: ONNXModel.Tensor) throws(ONNXError) -> Constant {
    let constant = try tensor.decoded(in: model.bytes, externalData: externalData)
    if tensor.external != nil { maximumFoldedElementCount += 4 * constant.count * constant.type.byteCount }
    return constant
  }

  /// Accounts for elements that are about to be calculated.
  mutating func reserve(_ shape: [Int]) throws(ONNXError) {
    guard let count = shape.boundedProduct else { throw fail(.shapeTooLarge(shape)) }
    foldedElementCount += count + 1
    guard foldedElementCount <= maximumFoldedElementCount else {
      throw fail(.foldingTooLarge(elementCount: foldedElementCount, maximum: maximumFoldedElementCount))
    }
  }

  // MARK: Attributes

  private func attribute(_ name: String) -> ONNXModel.Attribute.Value? {
    node.attributes.first { $0.name == name }?.value
  }

  /// An integer attribute, if it is there.
  func int(_ name: String) throws(ONNXError) -> Int64? {
    switch attribute(name) {
    case nil: return nil
    case .int(let value): return value
    default: throw fail(.attributeType(name))
    }
  }

  /// A float attribute, if it is there; a number, though perhaps infinite.
  func float(_ name: String) throws(ONNXError) -> Float? {
    switch attribute(name) {
    case nil: return nil
    case .float(let value) where !value.isNaN: return value
    case .float: throw fail(.unsupportedAttribute(name, found: "nan", supported: "a number"))
    default: throw fail(.attributeType(name))
    }
  }

  /// A list of integers, if it is there.
  func ints(_ name: String) throws(ONNXError) -> [Int64]? {
    switch attribute(name) {
    case nil: return nil
    case .ints(let values): return values
    case .floats(let values) where values.isEmpty: return []
    case .absent: return []
    default: throw fail(.attributeType(name))
    }
  }

  /// A list of floats, if it is there.
  func floats(_ name: String) throws(ONNXError) -> [Float]? {
    switch attribute(name) {
    case nil: return nil
    case .floats(let values): return values
    default: throw fail(.attributeType(name))
    }
  }

  /// A text attribute, if it is there.
  func string(_ name: String) throws(ONNXError) -> String? {
    switch attribute(name) {
    case nil: return nil
    case .string(let bytes): return String(decoding: bytes, as: UTF8.self)
    default: throw fail(.attributeType(name))
    }
  }

  /// A tensor attribute, if it is there.
  func tensor(attribute name: String) throws(ONNXError) -> Constant? {
    switch attribute(name) {
    case nil: return nil
    case .tensor(let tensor): return try tensor.decoded(in: model.bytes, externalData: externalData)
    default: throw fail(.attributeType(name))
    }
  }

  /// A flag, which is an integer in ONNX.
  func flag(_ name: String, default value: Bool = false) throws(ONNXError) -> Bool {
    try int(name).map { $0 != 0 } ?? value
  }

  /// Refuses an attribute unless it has the one value that is read.
  func require(_ name: String, is expected: Int64) throws(ONNXError) {
    if let found = try int(name), found != expected {
      throw fail(.unsupportedAttribute(name, found: String(found), supported: String(expected)))
    }
  }

  /// An axis counted from the front; negative ones count from the back.
  func axis(_ value: Int64, rank: Int, named name: String) throws(ONNXError) -> Int {
    guard value >= -Int64(rank), value < Int64(rank) else {
      throw fail(.attributeValue(name, found: [value]))
    }
    return Int(value < 0 ? value + Int64(rank) : value)
  }

  /// Axes counted from the front, each once.
  func axes(_ values: [Int64], rank: Int, named name: String = "axes") throws(ONNXError) -> [Int] {
    var axes: [Int] = []
    for value in values {
      let axis = try axis(value, rank: rank, named: name)
      guard !axes.contains(axis) else { throw fail(.attributeValue(name, found: values)) }
      axes.append(axis)
    }
    return axes
  }

  /// Axes that newer operator sets take as an operand and older ones as an attribute; `nil` where neither is there.
  mutating func axes(operand position: Int, since version: Int, rank: Int) throws(ONNXError) -> [Int]? {
    if opset >= version {
      guard hasOperand(position) else { return nil }
      return try axes(integers(position), rank: rank)
    }
    return try ints("axes").map { values throws(ONNXError) in try axes(values, rank: rank) }
  }
}
