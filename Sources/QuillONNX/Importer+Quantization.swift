import QuillFloat

/// From floats to integers and back. Where scales are kept, a tensor stays what it stands for and its scale is noted;
/// else the integers are computed, as floats of the same value.
extension Importer {
  /// Scales and zero points that operands of the node say.
  struct Steps {
    var scales: Constant
    var zeroPoints: [Int64]
    var type: ElementType

    /// The steps of a tensor that has one scale; int8 and uint8 alike as int8.
    var ofTensor: TensorQuantization? {
      guard scales.count == 1, type.isByte, scales.floats[0] > 0, scales.floats[0].isFinite else { return nil }
      let zeroPoint = zeroPoints[0] - (type == .uint8 ? 128 : 0)
      guard (-128...127).contains(zeroPoint) else { return nil }
      return TensorQuantization(scales: scales.floats, zeroPoint: Int32(zeroPoint))
    }
  }

  /// The steps that two operands say; a zero point that is left out is 0 of uint8.
  mutating func steps(scale: Int, zeroPoint: Int, type: ElementType = .uint8) throws(ONNXError) -> Steps {
    let scales = try floatConstant(scale)
    guard hasOperand(zeroPoint) else {
      return Steps(scales: scales, zeroPoints: [Int64](repeating: 0, count: scales.count), type: type)
    }
    let zero = try constant(zeroPoint)
    guard let values = zero.integers else {
      throw fail(.operandType(zeroPoint, tensor: node.inputs[zeroPoint], found: zero.type))
    }
    guard values.count == scales.count || values.count == 1 else {
      throw shapeError(zeroPoint, zero.shape, .elementCount(scales.count))
    }
    let all = values.count == scales.count ? values : [Int64](repeating: values[0], count: scales.count)
    return Steps(scales: scales, zeroPoints: all, type: zero.type)
  }

  /// The steps of a tensor, whose scales are kept.
  mutating func tensorSteps(
    scale: Int, zeroPoint: Int, type: ElementType = .uint8
  ) throws(ONNXError) -> TensorQuantization {
    let steps = try steps(scale: scale, zeroPoint: zeroPoint, type: type)
    if let quantization = steps.ofTensor { return quantization }
    guard steps.type.isByte else {
      throw fail(.unsupportedAttribute("zero_point", found: steps.type.name, supported: "int8, uint8"))
    }
    let found = steps.scales.count == 1 ? "\(steps.scales.floats[0])" : "\(steps.scales.count) numbers"
    throw fail(.unsupportedAttribute("scale", found: found, supported: "one positive number for a tensor"))
  }

  func refuseBlocks() throws(ONNXError) {
    if let size = try int("block_size"), size != 0 {
      throw fail(.unsupportedAttribute("block_size", found: String(size), supported: "0"))
    }
  }

  // MARK: QuantizeLinear

  mutating func lowerQuantization() throws(ONNXError) {
    try refuseBlocks()
    var type = ElementType.uint8
    if let number = try int("output_dtype"), number != 0 {
      type = ElementType(rawValue: Int(truncatingIfNeeded: number)) ?? .string
    }
    let input = try tensor(0)
    if keepsScales {
      let quantization = try tensorSteps(scale: 1, zeroPoint: 2, type: type)
      try bind(0, to: .computed(inSteps(input, quantization), type))
      return
    }
    let steps = try steps(scale: 1, zeroPoint: 2, type: type)
    try bind(0, to: .computed(integers(input, steps), steps.type))
  }

  /// Floats divided by the scale, rounded and moved by the zero point.
  mutating func integers(_ input: Graph.TensorID, _ steps: Steps) throws(ONNXError) -> Graph.TensorID {
    let scaled = try emit(.binary(.divide, .none), [input, along(steps.scales.floats, of: input, "scale")])
    return try rounded(scaled, steps.zeroPoints, steps.type)
  }

  /// Numbers that stand on the node's axis of a tensor, or one number, as a constant that broadcasts to it.
  private mutating func along(
    _ values: [Float], of id: Graph.TensorID, _ role: String
  ) throws(ONNXError) -> Graph.TensorID {
    if values.count == 1 { return try constantTensor(role, shape: [], values) }
    let shape = graph[id].shape
    let axis = try axis(int("axis") ?? 1, rank: shape.count, named: "axis")
    guard values.count == shape[axis] else { throw shapeError(1, [values.count], .shape([shape[axis]])) }
    return try constantTensor(
      role, shape: [shape[axis]] + [Int](repeating: 1, count: shape.count - axis - 1), values)
  }

  /// Numbers in steps rounded to the nearest integer, ties to the even one, moved by the zero points and clipped to
  /// what the type holds.
  mutating func rounded(
    _ id: Graph.TensorID, _ zeroPoints: [Int64], _ type: ElementType
  ) throws(ONNXError) -> Graph.TensorID {
    guard let range = type.byteOrWordRange else {
      throw fail(.unsupportedAttribute("zero_point", found: type.name, supported: "int8, uint8, int16, uint16"))
    }
    // Floats of 2^23 and above have no fraction: adding 1.5 * 2^23 rounds anything below 2^22, exactly as asked.
    let bounded = try emit(.unary(.clip(low: -0x1p20, high: 0x1p20)), [id])
    let large = try constantTensor("rounding", shape: [], [0x1.8p23])
    var result = try emit(.binary(.add, .none), [bounded, large])
    result = try emit(.binary(.subtract, .none), [result, large])
    if zeroPoints.contains(where: { $0 != 0 }) {
      let zero = try along(zeroPoints.map { Float($0) }, of: result, "zeroPoint")
      result = try emit(.binary(.add, .none), [result, zero])
    }
    return try emit(.unary(.clip(low: range.lowerBound, high: range.upperBound)), [result])
  }

  /// Notes how a tensor is quantised, and what it was moved from with it; answers it, or itself in other steps where it
  /// is quantised otherwise already.
  mutating func inSteps(
    _ id: Graph.TensorID, _ quantization: TensorQuantization
  ) throws(ONNXError) -> Graph.TensorID {
    var chain = [id]
    var source = id
    while quantizations[source] == nil, let producer = producers[source],
      graph.nodes[producer].operation.keepsValues
    {
      source = graph.nodes[producer].inputs[0]
      chain.append(source)
    }
    let known = quantizations[source]
    for moved in chain { quantizations[moved] = known ?? quantization }
    if known ?? quantization == quantization { return id }
    let result = try emit(.unary(.activation(.none)), [id])
    quantizations[result] = quantization
    return result
  }

  // MARK: DequantizeLinear

  /// `(x - zeroPoint) * scale`, for the whole tensor or for each position on an axis.
  mutating func lowerDequantization() throws(ONNXError) {
    try refuseBlocks()
    switch try operand(0) {
    case .constant(let constant): try bind(dequantized(constant))
    case .comparison: throw fail(.integerOperand(0, tensor: node.inputs[0]))
    case .computed: try bind(0, to: .computed(realOperand(0, scale: 1, zeroPoint: 2), .float32))
    }
  }

  /// Integers less the zero point, times the scale.
  mutating func reals(_ id: Graph.TensorID, _ steps: Steps) throws(ONNXError) -> Graph.TensorID {
    let zero = try along(steps.zeroPoints.map { Float($0) }, of: id, "zeroPoint")
    let centred = try emit(.binary(.subtract, .none), [id, zero])
    return try emit(.binary(.multiply, .none), [centred, along(steps.scales.floats, of: id, "scale")])
  }

  private mutating func dequantized(_ quantized: Constant) throws(ONNXError) -> Constant {
    guard quantized.integers != nil else {
      throw fail(.operandType(0, tensor: node.inputs[0], found: quantized.type))
    }
    let steps = try steps(scale: 1, zeroPoint: 2, type: quantized.type)
    var axis: Int?
    if steps.scales.count != 1 {
      let declared = try self.axis(int("axis") ?? 1, rank: quantized.shape.count, named: "axis")
      guard steps.scales.shape == [quantized.shape[declared]] else {
        throw shapeError(1, steps.scales.shape, .shape([quantized.shape[declared]]))
      }
      axis = declared
    }
    return try real(quantized, steps, axis: axis)
  }

  /// What a constant of integers stands for; where there are several scales, they stand on `axis`.
  mutating func real(_ quantized: Constant, _ steps: Steps, axis: Int?) throws(ONNXError) -> Constant {
    try reserve(quantized.shape)
    let (scale, zero) = (steps.scales.floats, steps.zeroPoints)
    let extent = axis.map { quantized.shape[$0] } ?? 1
    let inner = axis.map { quantized.shape[($0 + 1)...].reduce(1, *) } ?? 1
    guard scale.count == extent else { throw shapeError(1, steps.scales.shape, .elementCount(extent)) }
    var floats: [Float] = []
    floats.reserveCapacity(quantized.count)
    for (index, value) in (quantized.integers ?? []).enumerated() {
      let channel = index / inner % extent
      let (difference, overflow) = value.subtractingReportingOverflow(zero[channel])
      if overflow { throw fail(.arithmetic) }
      floats.append(Float(difference) * scale[channel])
    }
    var result = Constant(type: steps.scales.type, shape: quantized.shape, elements: .floats(floats))
    let offset: Int64 = quantized.type == .uint8 ? 128 : 0
    let zeroPoint = (zero.first ?? 0) &- offset
    if quantized.type.isByte, (-128...127).contains(zeroPoint), zero.allSatisfy({ $0 &- offset == zeroPoint }),
      scale.allSatisfy({ $0 > 0 && $0.isFinite })
    {
      result.quantization = ConstantQuantization(scales: scale, axis: axis, zeroPoint: Int32(zeroPoint))
    }
    return result
  }
}

extension Operation {
  /// Whether every value of the result is one of the operand's.
  fileprivate var keepsValues: Bool {
    switch self {
    case .transpose, .reshape, .slice, .maxPool2D: true
    default: false
    }
  }
}

extension ElementType {
  /// What integers of 8 or 16 bits hold; floats hold these exactly.
  var byteOrWordRange: ClosedRange<Float>? {
    switch self {
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .uint16: 0...65535
    default: nil
    }
  }
}
