/// Parameters of Conv2D and DepthwiseConv2D.
///
/// Input `[H, W, I]`, output `[OH, OW, O]`; for Conv2D output channel `o` reads input group `o / (O / groups)`, for
/// DepthwiseConv2D output channel `c` reads input channel `c / (O / I)`. Padding is the input's halo.
public struct Convolution: Sendable, OperatorParameters {
  public var kernelHeight: UInt16 = 1
  public var kernelWidth: UInt16 = 1
  public var strideHeight: UInt16 = 1
  public var strideWidth: UInt16 = 1
  public var dilationHeight: UInt16 = 1
  public var dilationWidth: UInt16 = 1
  public var padTop: UInt16 = 0
  public var padLeft: UInt16 = 0
  public var groups: UInt32 = 1
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
    _ scope: OperatorScope, _ side: String, _ tensor: Int, _ found: Int, _ needed: Int
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

/// The order of a linear operator's weights: `[groups][blocks of 16 outputs][runs][groups of 4 taps][16][4]`.
///
/// A run is a stretch of input bytes that lie one after the other: a kernel row of `KW x I` taps, or a single tap of
/// `I` where taps are apart (column dilation, groups). The last group of taps of a run, and the last block of outputs,
/// are filled with zeros.
package struct WeightOrder: Sendable, Equatable {
  package var groups: Int
  package var channelsPerGroup: Int
  package var runCount: Int
  package var runByteCount: Int

  package init(groups: Int, channelsPerGroup: Int, runCount: Int, runByteCount: Int) {
    self.groups = groups
    self.channelsPerGroup = channelsPerGroup
    self.runCount = runCount
    self.runByteCount = runByteCount
  }

  /// Blocks of 16 output channels in a group.
  package var blocks: Int { (channelsPerGroup + 15) / 16 }
  /// Groups of 4 taps in a run.
  package var quads: Int { (runByteCount + 3) / 4 }
  /// Output channels of all groups, each padded to a multiple of 16: the length of a channel table's row.
  package var paddedChannels: Int { groups * blocks * 16 }
  /// Bytes of one block of 16 output channels.
  package var blockByteCount: Int { runCount * quads * 64 }
  /// Bytes of all weights; numbers that no file can hold saturate.
  package var byteCount: UInt64 {
    let (taps, overflow) = (UInt64(runCount) * UInt64(quads)).multipliedReportingOverflow(by: 64)
    let (bytes, overflows) = taps.multipliedReportingOverflow(by: UInt64(groups) * UInt64(blocks))
    return overflow || overflows ? .max : bytes
  }

  /// Where a weight lies: tap `tap` of run `run` for output `channel` of `group`.
  package func offset(group: Int, channel: Int, run: Int, tap: Int) -> Int {
    let block = group * blocks + channel / 16
    return ((block * runCount + run) * quads + tap / 4) * 64 + channel % 16 * 4 + tap % 4
  }
}

/// Where a linear operator's weights and channel table lie in the weights section, and how it rounds.
///
/// A channel table has rows of one Int32 a channel, each `paddedChannels` long: bias (with `-zeroPoint * sum(w)` folded
/// in), sum of weights, then for `Rounding.double` multiplier and shift, for `Rounding.real` the low and the high half
/// of the mantissa, and the shift.
package struct LinearWeights: Sendable {
  package var weightsOffset: UInt32 = 0
  package var channelsOffset: UInt32 = 0
  package var roundingNumber: UInt32 = 0

  package init() {}

  package var rounding: Rounding { roundingNumber == 0 ? .double : .real }
  /// Rows of the channel table.
  package var rowCount: Int { rounding == .double ? 4 : 5 }

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&weightsOffset, "weights offset", 0...FileHeader.maximumByteCount)
    try coder.field(&channelsOffset, "channel table offset", 0...FileHeader.maximumByteCount)
    try coder.field(&roundingNumber, "rounding", 0...1)
  }
}

/// From an accumulator to an int8 value, by the channel's numbers.
package struct OutputStage: Sendable {
  package var rounding: Rounding
  package var rowLength: Int
  package var zeroPoint: Int32
  package var range: OutputRange

  package init(rounding: Rounding, rowLength: Int, zeroPoint: Int32, range: OutputRange) {
    self.rounding = rounding
    self.rowLength = rowLength
    self.zeroPoint = zeroPoint
    self.range = range
  }

  /// `accumulator`, which already holds the bias, in steps of the output.
  @inline(__always)
  package func value(of accumulator: Int32, channel: Int, table: Span<Int32>) -> Int8 {
    let scaled: Int32
    switch rounding {
    case .double:
      scaled = Multiplier(quantized: table[2 * rowLength + channel], shift: table[3 * rowLength + channel])
        .applied(to: accumulator)
    case .real:
      let low = UInt64(UInt32(bitPattern: table[2 * rowLength + channel]))
      let high = UInt64(UInt32(bitPattern: table[3 * rowLength + channel]))
      scaled = RealMultiplier(mantissa: high &<< 32 | low, shift: table[4 * rowLength + channel])
        .applied(to: accumulator)
    }
    return range.clamp(scaled &+ zeroPoint)
  }
}
