/// Parameters of Conv2D and DepthwiseConv2D.
///
/// Input `[H, W, I]`, output `[OH, OW, O]`; for Conv2D output channel `o` reads input group `o / (O / groups)`, for
/// DepthwiseConv2D output channel `c` reads input channel `c / (O / I)`. Padding is the input's halo.
public struct Convolution: Sendable, OperatorParameters {
  /// The kernel's rows, 1...1024.
  public var kernelHeight: UInt16 = 1
  /// The kernel's columns, 1...1024.
  public var kernelWidth: UInt16 = 1
  /// Rows from a window to the one below, 1...1024.
  public var strideHeight: UInt16 = 1
  /// Columns from a window to the one beside, 1...1024.
  public var strideWidth: UInt16 = 1
  /// Rows from a tap to the one below, 1...1024.
  public var dilationHeight: UInt16 = 1
  /// Columns from a tap to the one beside, 1...1024.
  public var dilationWidth: UInt16 = 1
  /// Rows of padding above the image, 0...4096.
  public var padTop: UInt16 = 0
  /// Columns of padding before the image, 0...4096.
  public var padLeft: UInt16 = 0
  /// Independent groups of channels; for DepthwiseConv2D the input's channels.
  public var groups: UInt32 = 1
  /// What the output is limited to.
  public var range = OutputRange.all
  package var linear = LinearWeights()

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&kernelHeight, "kernel height", 1...1024)
    try coder.field(&kernelWidth, "kernel width", 1...1024)
    try coder.field(&strideHeight, "stride height", 1...1024)
    try coder.field(&strideWidth, "stride width", 1...1024)
    try coder.field(&dilationHeight, "dilation height", 1...1024)
    try coder.field(&dilationWidth, "dilation width", 1...1024)
    try coder.field(&padTop, "padding above", 0...4096)
    try coder.field(&padLeft, "padding to the left", 0...4096)
    try coder.field(&groups, "groups", 1...FileHeader.maximumByteCount)
    try range.transfer(&coder)
    try linear.transfer(&coder)
  }

  /// The shape rule: windows stay within the image and its halo.
  package func check(_ scope: OperatorScope, depthwise: Bool) throws(ModelError) {
    let input = scope.input
    let output = scope.output
    if depthwise {
      try scope.expect("groups", Int(groups), equals: Int(input.channels))
    }
    if input.channels % groups != 0 || output.channels % groups != 0 {
      throw scope.failure(
        .extent("channels a group", found: Int64(input.channels), expected: Int64(input.channels / groups * groups)))
    }
    let rows = windowSpan(Int(output.height), Int(kernelHeight), Int(strideHeight), Int(dilationHeight))
    let columns = windowSpan(Int(output.width), Int(kernelWidth), Int(strideWidth), Int(dilationWidth))
    let tensor = scope.operands[0]
    try expectHalo(scope, "above", tensor, Int(input.haloTop), Int(padTop))
    try expectHalo(scope, "to the left", tensor, Int(input.haloLeft), Int(padLeft))
    try expectHalo(scope, "below", tensor, Int(input.haloBottom), rows - Int(padTop) - Int(input.height))
    try expectHalo(scope, "to the right", tensor, Int(input.haloRight), columns - Int(padLeft) - Int(input.width))
  }

  /// The rows or columns from the first tap of the first window to the last of the last.
  private func windowSpan(_ count: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
    (count - 1) * stride + (kernel - 1) * dilation + 1
  }

  private func expectHalo(
    _ scope: OperatorScope, _ side: FieldName, _ tensor: Int, _ found: Int, _ needed: Int
  ) throws(ModelError) {
    if found < needed { throw scope.failure(.halo(side: side, tensor: tensor, found: found, needed: needed)) }
  }

  /// How the taps of one window lie in memory, and so how the weights are ordered.
  package func runs(input: TensorRecord, output: TensorRecord) -> WeightOrder {
    let depth = Int(input.channels / groups)
    let wholeRows = groups == 1 && dilationWidth == 1
    return WeightOrder(
      groups: Int(groups), channelsPerGroup: Int(output.channels / groups),
      runCount: wholeRows ? Int(kernelHeight) : Int(kernelHeight) * Int(kernelWidth),
      runByteCount: wholeRows ? Int(kernelWidth) * depth : depth)
  }
}
