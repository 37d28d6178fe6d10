/// Parameters of Transpose: output axis `i` (0 rows, 1 columns, 2 channels) is operand axis `axes[i]`.
public struct Transposition: Sendable, OperatorParameters {
  /// The operand's axis behind each of the output's.
  public var axes: InlineArray<3, UInt32> = [0, 1, 2]

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    for index in 0..<3 { try coder.field(&axes[index], "axis", 0...2) }
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectSameQuantization(scope.operands[0])
    let seen = 1 << axes[0] | 1 << axes[1] | 1 << axes[2]
    try scope.expect("set of axes", seen, equals: 7)
    let extents: InlineArray<3, Int> = [Int(scope.input.height), Int(scope.input.width), Int(scope.input.channels)]
    try scope.expectOutput(
      height: extents[Int(axes[0])], width: extents[Int(axes[1])], channels: extents[Int(axes[2])])
  }

  package func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, output: inout MutableSpan<Int8>
  ) {
    let strides: InlineArray<3, Int> = [inputLayout.rowPitch, inputLayout.channels, 1]
    for y in 0..<outputLayout.height {
      for x in 0..<outputLayout.width {
        for channel in 0..<outputLayout.channels {
          output[y * outputLayout.rowPitch + x * outputLayout.channels + channel] =
            input[y * strides[Int(axes[0])] + x * strides[Int(axes[1])] + channel * strides[Int(axes[2])]]
        }
      }
    }
  }
}
