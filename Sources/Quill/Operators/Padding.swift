/// Parameters of Pad: values equal to the zero point around the operand.
public struct Padding: Sendable, OperatorParameters {
  /// Rows added above.
  public var top: UInt32 = 0
  /// Pixels added before each row.
  public var left: UInt32 = 0
  /// Values added before the first channel of each pixel.
  public var before: UInt32 = 0

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&top, "rows above", 0...65_535)
    try coder.field(&left, "pixels to the left", 0...65_535)
    try coder.field(&before, "channels before", 0...FileHeader.maximumByteCount)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    let input = scope.input
    let output = scope.output
    try scope.expectSameQuantization(scope.operands[0])
    try expectAtLeast(scope, "output height", output.height, UInt64(top) + UInt64(input.height))
    try expectAtLeast(scope, "output width", output.width, UInt64(left) + UInt64(input.width))
    try expectAtLeast(scope, "output channels", output.channels, UInt64(before) + UInt64(input.channels))
  }

  private func expectAtLeast(
    _ scope: OperatorScope, _ name: FieldName, _ found: UInt32, _ least: UInt64
  ) throws(ModelError) {
    if UInt64(found) < least { throw scope.failure(.extent(name, found: Int64(found), expected: Int64(least))) }
  }

  /// Fills the output with its zero point, then copies the operand into its place.
  package func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, zeroPoint: Int32, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    let filler = Int8(truncatingIfNeeded: zeroPoint)
    for y in 0..<outputLayout.height {
      for index in 0..<outputLayout.width * outputLayout.channels { output[y * outputLayout.rowPitch + index] = filler }
    }
    for y in 0..<inputLayout.height {
      for x in 0..<inputLayout.width {
        let source = y * inputLayout.rowPitch + x * inputLayout.channels
        let target =
          (y + Int(top)) * outputLayout.rowPitch + (x + Int(left)) * outputLayout.channels + Int(before)
        for channel in 0..<inputLayout.channels { output[target + channel] = input[source + channel] }
      }
    }
  }
}
