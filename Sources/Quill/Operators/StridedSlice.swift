/// Parameters of Slice: along each axis the values at `start`, `start + step`, ...
public struct StridedSlice: Sendable, OperatorParameters {
  /// The first index along each axis.
  public var starts: InlineArray<3, Int32> = [0, 0, 0]
  /// From an index to the next; negative steps go backwards.
  public var steps: InlineArray<3, Int32> = [1, 1, 1]

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    for index in 0..<3 { try coder.field(&starts[index], "start", 0...Int32.max) }
    for index in 0..<3 { try coder.field(&steps[index], "step", -65_535...65_535) }
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectSameQuantization(scope.operands[0])
    let from: InlineArray<3, Int> = [Int(scope.input.height), Int(scope.input.width), Int(scope.input.channels)]
    let to: InlineArray<3, Int> = [Int(scope.output.height), Int(scope.output.width), Int(scope.output.channels)]
    for axis in 0..<3 {
      let first = Int64(starts[axis])
      let last = first + Int64(to[axis] - 1) * Int64(steps[axis])
      if min(first, last) < 0 || max(first, last) >= Int64(from[axis]) {
        throw scope.failure(.extent("last index of a slice", found: last, expected: Int64(from[axis]) - 1))
      }
    }
  }

  package func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, output: inout MutableSpan<Int8>
  ) {
    for y in 0..<outputLayout.height {
      let row = (Int(starts[0]) + y * Int(steps[0])) * inputLayout.rowPitch
      for x in 0..<outputLayout.width {
        let pixel = row + (Int(starts[1]) + x * Int(steps[1])) * inputLayout.channels
        for channel in 0..<outputLayout.channels {
          output[y * outputLayout.rowPitch + x * outputLayout.channels + channel] =
            input[pixel + Int(starts[2]) + channel * Int(steps[2])]
        }
      }
    }
  }
}
