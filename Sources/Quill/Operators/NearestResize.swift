/// Parameters of ResizeNearest: the source row of each output row, then the source column of each output column.
public struct NearestResize: Sendable, OperatorParameters {
  /// Where the Int32 indices lie in the weights section.
  package var indexOffset: UInt32 = 0

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&indexOffset, "index offset", 0...FileHeader.maximumByteCount)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectSameQuantization(scope.operands[0])
    try scope.expect("output channels", Int(scope.output.channels), equals: Int(scope.input.channels))
  }

  package static func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, indices: Span<Int32>,
    output: inout MutableSpan<Int8>
  ) {
    for y in 0..<outputLayout.height {
      let row = Int(indices[y]) * inputLayout.rowPitch
      for x in 0..<outputLayout.width {
        let source = row + Int(indices[outputLayout.height + x]) * inputLayout.channels
        let target = y * outputLayout.rowPitch + x * outputLayout.channels
        for channel in 0..<outputLayout.channels { output[target + channel] = input[source + channel] }
      }
    }
  }
}
