/// Parameters of Mean and Sum over any of the axes height, width, channels.
///
/// The output is dense and holds the axes that are kept, in their order. The mean's division is part of the multiplier.
public struct Reduction: Sendable, OperatorParameters {
  /// Bit 0: rows are summed over; bit 1: columns; bit 2: channels.
  public var axes: UInt32 = 0
  /// From the sum, less its zero points, to the output's steps.
  public var multiplier = Multiplier(quantized: 1 << 30, shift: 0)

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&axes, "axes", 0...7)
    try multiplier.transfer(&coder)
  }

  package var reducesHeight: Bool { axes & 1 != 0 }
  package var reducesWidth: Bool { axes & 2 != 0 }
  package var reducesChannels: Bool { axes & 4 != 0 }

  /// The number of values that one output sums.
  package func count(of input: TensorRecord) -> Int {
    (reducesHeight ? Int(input.height) : 1) * (reducesWidth ? Int(input.width) : 1)
      * (reducesChannels ? Int(input.channels) : 1)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectDense(scope.outputIndex)
    let count = self.count(of: scope.input)
    try scope.expect("output values", scope.output.count, equals: scope.input.count / count)
    let bound = UInt64(count) * 255 << UInt64(max(multiplier.shift, 0))
    if UInt64(count) * 255 > 1 << 31 || bound >= 1 << 31 { throw scope.failure(.accumulator(channel: 0)) }
  }

  /// The answer for one sum over `count` values.
  @inline(__always)
  package func value(ofSum sum: Int32, count: Int, inputZeroPoint: Int32, outputZeroPoint: Int32) -> Int8 {
    let offset = inputZeroPoint &* Int32(truncatingIfNeeded: count)
    return saturatingInt8(multiplier.applied(to: sum &- offset) &+ outputZeroPoint)
  }

  /// Computes every output value; `input` and `output` begin at their first values.
  package func run(
    _ layout: ImageLayout, inputZeroPoint: Int32, outputZeroPoint: Int32, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    let rows = reducesHeight ? layout.height : 1
    let columns = reducesWidth ? layout.width : 1
    let depth = reducesChannels ? layout.channels : 1
    var next = 0
    for y in 0..<(reducesHeight ? 1 : layout.height) {
      for x in 0..<(reducesWidth ? 1 : layout.width) {
        for channel in 0..<(reducesChannels ? 1 : layout.channels) {
          var sum: Int32 = 0
          for row in y..<y + rows {
            for column in x..<x + columns {
              let pixel = row &* layout.rowPitch &+ column &* layout.channels
              for index in channel..<channel + depth { sum = sum &+ Int32(input[pixel &+ index]) }
            }
          }
          output[next] = value(
            ofSum: sum, count: rows * columns * depth, inputZeroPoint: inputZeroPoint, outputZeroPoint: outputZeroPoint)
          next += 1
        }
      }
    }
  }
}
