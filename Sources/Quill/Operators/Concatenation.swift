/// Parameters of Concatenate: operands one after the other along an axis (0 rows, 1 columns, 2 channels).
public struct Concatenation: Sendable, OperatorParameters {
  /// The axis along which the operands follow each other.
  public var axis: UInt32 = 2

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&axis, "axis", 0...2)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    var height = 0
    var width = 0
    var channels = 0
    for operand in scope.operands {
      let tensor = scope.tensors[operand]
      try scope.expectSameQuantization(operand)
      height = axis == 0 ? height + Int(tensor.height) : Int(tensor.height)
      width = axis == 1 ? width + Int(tensor.width) : Int(tensor.width)
      channels = axis == 2 ? channels + Int(tensor.channels) : Int(tensor.channels)
      if axis != 0 { try scope.expect("operand height", Int(tensor.height), equals: Int(scope.output.height)) }
      if axis != 1 { try scope.expect("operand width", Int(tensor.width), equals: Int(scope.output.width)) }
      if axis != 2 { try scope.expect("operand channels", Int(tensor.channels), equals: Int(scope.output.channels)) }
    }
    try scope.expectOutput(height: height, width: width, channels: channels)
  }

  /// Copies one operand to its place; `start` is the sum of the extents of those before it along the axis.
  package func copy(
    start: Int, inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    let rowStart = axis == 0 ? start : 0
    let columnStart = axis == 1 ? start : 0
    let channelStart = axis == 2 ? start : 0
    for y in 0..<inputLayout.height {
      for x in 0..<inputLayout.width {
        let source = y * inputLayout.rowPitch + x * inputLayout.channels
        let target =
          (y + rowStart) * outputLayout.rowPitch + (x + columnStart) * outputLayout.channels + channelStart
        for channel in 0..<inputLayout.channels { output[target + channel] = input[source + channel] }
      }
    }
  }

  /// The operand's extent along the axis.
  package func extent(of tensor: TensorRecord) -> Int {
    axis == 0 ? Int(tensor.height) : axis == 1 ? Int(tensor.width) : Int(tensor.channels)
  }
}
