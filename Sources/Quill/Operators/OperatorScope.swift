/// An operator among its tensors: what the shape rules look at.
package struct OperatorScope {
  /// The operator's position in the file's list.
  package let index: Int
  /// Where its record begins.
  package let offset: UInt64
  /// Every tensor of the file.
  package let tensors: [TensorRecord]
  /// The tensors that it reads.
  package let operands: [Int]
  /// The tensor that it writes.
  package let outputIndex: Int

  package init(index: Int, offset: UInt64, tensors: [TensorRecord], operands: [Int], outputIndex: Int) {
    self.index = index
    self.offset = offset
    self.tensors = tensors
    self.operands = operands
    self.outputIndex = outputIndex
  }

  package var input: TensorRecord { tensors[operands[0]] }
  package var output: TensorRecord { tensors[outputIndex] }

  package func failure(_ fault: ModelError.Fault) -> ModelError {
    ModelError(offset: offset, subject: .operator(index), fault: fault)
  }

  package func expect(_ name: FieldName, _ found: Int, equals expected: Int) throws(ModelError) {
    if found != expected {
      throw failure(.extent(name, found: Int64(found), expected: Int64(expected)))
    }
  }

  /// The output has the given extents.
  package func expectOutput(height: Int, width: Int, channels: Int) throws(ModelError) {
    try expect("output height", Int(output.height), equals: height)
    try expect("output width", Int(output.width), equals: width)
    try expect("output channels", Int(output.channels), equals: channels)
  }

  /// The output has the extents of the first operand.
  package func expectExtentsOfInput() throws(ModelError) {
    let input = self.input
    try expectOutput(height: Int(input.height), width: Int(input.width), channels: Int(input.channels))
  }

  package func expectDense(_ tensor: Int) throws(ModelError) {
    if !tensors[tensor].isDense { throw failure(.notDense(tensor: tensor)) }
  }

  /// Operand and output mean the same by the same value.
  package func expectSameQuantization(_ tensor: Int) throws(ModelError) {
    let other = tensors[tensor]
    if other.scaleBits != output.scaleBits || other.zeroPoint != output.zeroPoint {
      throw failure(.quantizationDiffers(tensor: outputIndex, from: tensor))
    }
  }

  /// Each extent of each operand is the output's, or 1.
  package func expectBroadcast() throws(ModelError) {
    for operand in operands {
      let tensor = tensors[operand]
      if tensor.height != 1 { try expect("operand height", Int(tensor.height), equals: Int(output.height)) }
      if tensor.width != 1 { try expect("operand width", Int(tensor.width), equals: Int(output.width)) }
      if tensor.channels != 1 { try expect("operand channels", Int(tensor.channels), equals: Int(output.channels)) }
    }
  }
}
