import QuillFloat

/// Products of integers. Where scales are kept they are those of floats; else the integers are computed, as floats that
/// hold them exactly.
extension Importer {
  /// The most that a sum of integers may reach for every float on the way to be exact.
  private static let exactLimit: Float = 0x1p24

  // MARK: What integers stand for

  /// What an operand of integers stands for, by the scale and zero point that the node says.
  mutating func realOperand(_ position: Int, scale: Int, zeroPoint: Int) throws(ONNXError) -> Graph.TensorID {
    guard case .computed(let id, let type) = try operand(position) else {
      let constant = try constant(position)
      let steps = try steps(scale: scale, zeroPoint: zeroPoint, type: constant.type)
      let real = try real(constant, steps, axis: nil)
      let tensor = try constantTensor("operand\(position)", shape: real.shape, real.floats)
      if keepsScales, let quantization = real.quantization { quantizations[tensor] = quantization.ofTensor }
      return tensor
    }
    guard type.byteOrWordRange != nil else {
      throw fail(.integerOperand(position, tensor: node.inputs[position]))
    }
    if !keepsScales { return try reals(id, steps(scale: scale, zeroPoint: zeroPoint, type: type)) }
    let stated = try tensorSteps(scale: scale, zeroPoint: zeroPoint, type: type)
    guard let known = quantizations[id] else { return try inSteps(id, stated) }
    guard known == stated else {
      throw fail(
        .unsupportedAttribute(
          "the scale of operand \(position)", found: "\(stated.scales[0])",
          supported: "the \(known.scales[0]) in which it was computed"))
    }
    return id
  }

  /// Says that the node's result is a tensor, in the steps that operands of the node say.
  mutating func bind(_ id: Graph.TensorID, scale: Int, zeroPoint: Int) throws(ONNXError) {
    let steps = try steps(scale: scale, zeroPoint: zeroPoint)
    if !keepsScales { return try bind(0, to: .computed(integers(id, steps), steps.type)) }
    let quantization = try tensorSteps(scale: scale, zeroPoint: zeroPoint)
    try bind(0, to: .computed(inSteps(id, quantization), steps.type))
  }

  /// An int32 bias in steps of input scale times weight scale, as floats.
  mutating func realBias(
    _ position: Int, input: Float, weights: [Float]
  ) throws(ONNXError) -> Graph.TensorID {
    let bias = try constant(position)
    guard let values = bias.integers, bias.shape.count == 1, weights.count == 1 || weights.count == values.count else {
      throw shapeError(position, bias.shape, .elementCount(weights.count))
    }
    let reals = values.indices.map { channel in
      Float(Double(values[channel]) * Double(input) * Double(weights[weights.count == 1 ? 0 : channel]))
    }
    return try constantTensor("bias", shape: bias.shape, reals)
  }

  // MARK: Convolution

  mutating func lowerIntegerConvolution(_ known: ONNXOperator) throws(ONNXError) {
    guard known == .qLinearConv else {
      try bind(0, to: .computed(sums(input: 0, weights: 1, inputZero: 2, weightsZero: 3, bias: nil), .int32))
      return
    }
    if keepsScales {
      let input = try realOperand(0, scale: 1, zeroPoint: 2)
      let integers = try constant(3)
      let steps = try steps(scale: 4, zeroPoint: 5, type: integers.type)
      let isPerChannel = steps.scales.count > 1
      guard !isPerChannel || steps.scales.count == integers.shape.first else {
        throw shapeError(4, steps.scales.shape, .elementCount(integers.shape.first ?? 1))
      }
      let weights = try real(integers, steps, axis: isPerChannel ? 0 : nil)
      let bias =
        hasOperand(8)
        ? try realBias(8, input: floatScalar(1), weights: steps.scales.floats) : nil
      try bind(convolved(input, weights, at: 3, bias: bias), scale: 6, zeroPoint: 7)
      return
    }
    let result = try sums(input: 0, weights: 3, inputZero: 2, weightsZero: 5, bias: hasOperand(8) ? 8 : nil)
    let weightScales = try floatConstant(4).floats
    let (input, output) = (try floatScalar(1), try floatScalar(6))
    let factors = weightScales.map { input * $0 / output }
    let shape = factors.count == 1 ? [] : [factors.count, 1, 1]
    try bindRequantized(result, constantTensor("factor", shape: shape, factors), scale: 6, zeroPoint: 7)
  }

  /// Sums times factors, rounded and moved by the zero point.
  private mutating func bindRequantized(
    _ sums: Graph.TensorID, _ factors: Graph.TensorID, scale: Int, zeroPoint: Int
  ) throws(ONNXError) {
    let steps = try steps(scale: scale, zeroPoint: zeroPoint)
    let scaled = try emit(.binary(.multiply, .none), [sums, factors])
    try bind(0, to: .computed(rounded(scaled, steps.zeroPoints, steps.type), steps.type))
  }

  /// A convolution of integers less their zero points.
  private mutating func sums(
    input: Int, weights: Int, inputZero: Int, weightsZero: Int, bias: Int?
  ) throws(ONNXError) -> Graph.TensorID {
    let image = try centred(input, zeroPoint: inputZero)
    let centredWeights = try centredConstant(weights, zeroPoint: weightsZero)
    var biasTensor: Graph.TensorID?
    if let bias {
      let values = try constant(bias)
      guard values.integers != nil, values.shape == [centredWeights.shape.first ?? 0] else {
        throw shapeError(bias, values.shape, .elementCount(centredWeights.shape.first ?? 0))
      }
      try expectExact(values.floats.reduce(0) { max($0, abs($1)) })
      biasTensor = try constantTensor("bias", shape: values.shape, values.floats)
    }
    let channels = max(1, centredWeights.shape.first ?? 1)
    try expectExact(of: centredWeights.floats, each: centredWeights.count / channels)
    return try convolved(image, centredWeights, at: weights, bias: biasTensor)
  }

  // MARK: Matrix product

  mutating func lowerIntegerProduct(_ known: ONNXOperator) throws(ONNXError) {
    if known == .qLinearMatMul, keepsScales {
      try lowerQuantizedProduct()
      return
    }
    let isQuantized = known == .qLinearMatMul
    if isQuantized, try steps(scale: 6, zeroPoint: 7).type == .int8 {
      // ONNX's formula saturates, as onnxruntime does, and ONNX's own tests of int8 expect results that wrap around.
      throw fail(
        .unsupportedAttribute(
          "y_zero_point", found: "int8", supported: "uint8; int8 where the network is converted"))
    }
    let left = try centred(0, zeroPoint: 2)
    let right = try centredConstant(isQuantized ? 3 : 1, zeroPoint: isQuantized ? 5 : 3)
    let rightZero = isQuantized ? 5 : 3
    if hasOperand(rightZero) {
      let zero = try constant(rightZero)
      guard zero.count == 1 else { throw shapeError(rightZero, zero.shape, .scalar) }
    }
    guard right.shape.count >= 2, graph[left].shape.count >= 2 else {
      throw shapeError(isQuantized ? 3 : 1, right.shape, .rank(2...64))
    }
    // Sums run over columns of the right-hand side; all its values bound any of them.
    try expectExact(Float(right.shape[right.shape.count - 2]) * right.floats.reduce(0) { max($0, abs($1)) } * 255)
    let operand = try constantTensor("right", shape: right.shape, right.floats)
    let product = try emit(.matrixMultiply, [left, operand])
    guard isQuantized else {
      try bind(0, to: .computed(product, .int32))
      return
    }
    let (leftScale, output) = (try floatScalar(1), try floatScalar(6))
    let factors = try floatConstant(4).floats.map { leftScale * $0 / output }
    let shape = factors.count == 1 ? [] : [factors.count]
    try bindRequantized(product, constantTensor("factor", shape: shape, factors), scale: 6, zeroPoint: 7)
  }

  private mutating func lowerQuantizedProduct() throws(ONNXError) {
    let left = try realOperand(0, scale: 1, zeroPoint: 2)
    let integers = try constant(3)
    guard integers.shape.count == 2 else { throw shapeError(3, integers.shape, .rank(2...2)) }
    let steps = try steps(scale: 4, zeroPoint: 5, type: integers.type)
    let isPerChannel = steps.scales.count > 1
    guard !isPerChannel || steps.scales.count == integers.shape[1] else {
      throw shapeError(4, steps.scales.shape, .elementCount(integers.shape[1]))
    }
    let weights = try real(integers, steps, axis: isPerChannel ? 1 : nil).transposed([1, 0])
    try bind(emit(.fullyConnected(.none), [left, weightsTensor(weights)]), scale: 6, zeroPoint: 7)
  }

  // MARK: Integers less their zero points

  /// An operand of 8-bit integers less its zero point.
  private mutating func centred(_ position: Int, zeroPoint: Int) throws(ONNXError) -> Graph.TensorID {
    guard case .computed(let id, let type) = try operand(position), type.isByte else {
      throw fail(.integerOperand(position, tensor: node.inputs[position]))
    }
    guard hasOperand(zeroPoint) else { return id }
    let zero = try constant(zeroPoint)
    guard zero.count == 1, zero.integers != nil else { throw shapeError(zeroPoint, zero.shape, .scalar) }
    if zero.floats == [0] { return id }
    return try emit(.binary(.subtract, .none), [id, constantTensor("zeroPoint", shape: [], zero.floats)])
  }

  /// A constant of 8-bit integers less its zero point, or one zero point a row.
  private mutating func centredConstant(_ position: Int, zeroPoint: Int) throws(ONNXError) -> Constant {
    let constant = try constant(position)
    guard let values = constant.integers, constant.type.isByte else {
      throw fail(.operandType(position, tensor: node.inputs[position], found: constant.type))
    }
    let zero = hasOperand(zeroPoint) ? try self.constant(zeroPoint) : nil
    guard let zero else { return Constant(type: .float32, shape: constant.shape, elements: .floats(constant.floats)) }
    guard let zeros = zero.integers, zeros.count == 1 || zeros.count == constant.shape.first else {
      throw shapeError(zeroPoint, zero.shape, .scalar)
    }
    guard zeros.allSatisfy({ (-128...255).contains($0) }) else { throw fail(.arithmetic) }
    try reserve(constant.shape)
    let inner = max(1, constant.count / max(1, zeros.count))
    let floats = values.indices.map { Float(values[$0] - zeros[zeros.count == 1 ? 0 : $0 / inner]) }
    return Constant(type: .float32, shape: constant.shape, elements: .floats(floats))
  }

  /// Refuses sums that floats might round: each is at most 255 times the magnitudes of a run of weights.
  private func expectExact(of weights: [Float], each count: Int) throws(ONNXError) {
    var largest: Float = 0
    for start in stride(from: 0, to: weights.count, by: max(1, count)) {
      largest = max(largest, weights[start..<min(weights.count, start + count)].reduce(0) { $0 + abs($1) })
    }
    try expectExact(largest * 255)
  }

  private func expectExact(_ largest: Float) throws(ONNXError) {
    guard largest < Self.exactLimit else {
      throw fail(.unsupportedAttribute("the largest sum", found: "\(largest)", supported: "below 2^24"))
    }
  }

  /// Integers of a type after arithmetic, which wraps around; other operators stay within it.
  mutating func wrapped(_ id: Graph.TensorID, to type: ElementType) throws(ONNXError) -> Graph.TensorID {
    guard !keepsScales, [.add, .sub, .mul].contains(ONNXOperator(rawValue: node.operatorName)) else { return id }
    // x - 256 * round((x - middle) / 256), where middle is half-way between the ends: never a tie.
    let middle = try constantTensor("middle", shape: [], [type == .uint8 ? 127.5 : -0.5])
    let turn = try constantTensor("turn", shape: [], [256])
    let large = try constantTensor("rounding", shape: [], [0x1.8p23])
    var turns = try emit(.binary(.subtract, .none), [id, middle])
    turns = try emit(.binary(.divide, .none), [turns, turn])
    turns = try emit(.binary(.add, .none), [turns, large])
    turns = try emit(.binary(.subtract, .none), [turns, large])
    turns = try emit(.binary(.multiply, .none), [turns, turn])
    return try emit(.binary(.subtract, .none), [id, turns])
  }
}
