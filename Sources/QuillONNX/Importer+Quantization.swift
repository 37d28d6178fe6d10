import QuillFloat

/// Weights that are stored as integers.
extension Importer {
  /// `(x - zeroPoint) * scale`, for the whole tensor or for each position on an axis. Only constants are read: a
  /// network whose activations are quantised is not a float network.
  mutating func lowerDequantization() throws(ONNXError) {
    let quantized = try constant(0)
    guard let values = quantized.integers else {
      throw fail(.operandType(0, tensor: node.inputs[0], found: quantized.type))
    }
    if let size = try int("block_size"), size != 0 {
      throw fail(.unsupportedAttribute("block_size", found: String(size), supported: "0"))
    }
    let scales = try floatConstant(1)
    let zeroPoints = hasOperand(2) ? try constant(2) : nil
    if let zeroPoints, zeroPoints.integers == nil || zeroPoints.count != scales.count {
      throw shapeError(2, zeroPoints.shape, .elementCount(scales.count))
    }
    try reserve(quantized.shape)
    let (scale, zero) = (scales.floats, zeroPoints?.integers ?? [])
    var (extent, inner) = (1, 1)
    if scales.count != 1 {
      let axis = try axis(int("axis") ?? 1, rank: quantized.shape.count, named: "axis")
      guard scales.shape == [quantized.shape[axis]] else {
        throw shapeError(1, scales.shape, .shape([quantized.shape[axis]]))
      }
      (extent, inner) = (quantized.shape[axis], quantized.shape[(axis + 1)...].reduce(1, *))
    }
    var floats: [Float] = []
    floats.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      let channel = index / inner % extent
      let (difference, overflow) = value.subtractingReportingOverflow(zero.isEmpty ? 0 : zero[channel])
      if overflow { throw fail(.arithmetic) }
      floats.append(Float(difference) * scale[channel])
    }
    try bind(Constant(type: scales.type, shape: quantized.shape, elements: .floats(floats)))
  }
}
