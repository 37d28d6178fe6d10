/// Parameters of FullyConnected: input `[rows, I]`, output `[rows, O]`, both dense; weights as a convolution with one
/// run of `I` taps (`WeightOrder`).
public struct FullyConnected: Sendable, OperatorParameters {
  /// `I`, the values that each output sums over.
  public var inputDepth: UInt32 = 1
  /// What the output is limited to.
  public var range = OutputRange.all
  package var linear = LinearWeights()

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&inputDepth, "input depth", 1...FileHeader.maximumByteCount)
    try range.transfer(&coder)
    try linear.transfer(&coder)
  }

  /// The order of the weights for `O` outputs.
  package func order(outputs: Int) -> WeightOrder {
    WeightOrder(groups: 1, channelsPerGroup: outputs, runCount: 1, runByteCount: Int(inputDepth))
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectDense(scope.operands[0])
    try scope.expectDense(scope.outputIndex)
    let rows = scope.input.count / Int(inputDepth)
    try scope.expect("input values", scope.input.count, equals: rows * Int(inputDepth))
    try scope.expect("output values", scope.output.count, equals: rows * Int(scope.output.channels))
  }

  /// The same sum as a convolution: each row of the input is a window of one run.
  package func geometry(input: TensorRecord, output: TensorRecord) -> Conv2D.Geometry {
    var convolution = Convolution()
    convolution.linear = linear
    let rows = input.count / Int(inputDepth)
    let flat = TensorRecord(
      height: 1, width: rows, channels: Int(inputDepth), rank: 3, scaleBits: input.scaleBits, zeroPoint: input.zeroPoint
    )
    let result = TensorRecord(
      height: 1, width: rows, channels: Int(output.channels), rank: 3, scaleBits: output.scaleBits,
      zeroPoint: output.zeroPoint)
    return Conv2D.Geometry(convolution, input: flat, output: result)
  }
}
