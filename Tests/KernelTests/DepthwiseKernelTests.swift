import CQuillKernels
import Quill
import TestSupport
import Testing

/// A random depthwise convolution: the plain operator's result, and the same asked of a kernel.
private struct DepthwiseCase {
  var convolution = Convolution()
  var input: RandomImage
  var output: TensorRecord
  var weights: [Int8]
  var table: ChannelTable
  let channelMultiplier: Int

  init(seed: Int) {
    var random = SeededGenerator(seed: seed)
    channelMultiplier = random.once(in: 3) ? random.integer(2...20) : 1
    let channels = random.integer(1...(channelMultiplier == 1 ? 70 : 8))
    convolution.groups = UInt32(channels)
    convolution.kernelHeight = UInt16(random.once(in: 2) ? 3 : random.integer(1...9))
    convolution.kernelWidth = UInt16(random.once(in: 2) ? 3 : random.integer(1...9))
    convolution.strideHeight = UInt16(random.integer(1...2))
    convolution.strideWidth = UInt16(random.integer(1...2))
    convolution.dilationHeight = random.once(in: 4) ? 2 : 1
    convolution.dilationWidth = random.once(in: 4) ? 2 : 1
    convolution.range = .random(&random)
    let height = random.integer(1...4)
    let width = random.integer(1...9)
    let rows = (height - 1) * Int(convolution.strideHeight)
    let columns = (width - 1) * Int(convolution.strideWidth)
    input = RandomImage(
      height: rows + Int(convolution.kernelHeight - 1) * Int(convolution.dilationHeight) + 1,
      width: columns + Int(convolution.kernelWidth - 1) * Int(convolution.dilationWidth) + 1,
      channels: channels,
      halo: (0, 0, 0, 0), &random)
    output = TensorRecord(
      height: height, width: width, channels: channels * channelMultiplier, rank: 4,
      scaleBits: 0x3F80_0000,
      zeroPoint: random.once(in: 4) ? -128 : Int32(random.integer(-128...127)))
    let padded = (Int(output.channels) + 15) / 16 * 16
    weights = [Int8](
      repeating: 0,
      count: Int(DepthwiseConv2D.weightByteCount(convolution, outputChannels: Int(output.channels)))
    )
    table = ChannelTable(rowLength: padded, rounding: random.once(in: 4) ? .real : .double)
    let shifts = ChannelTable.shifts(&random)
    for channel in 0..<Int(output.channels) {
      var own: [Int8] = []
      for row in 0..<Int(convolution.kernelHeight) {
        for column in 0..<Int(convolution.kernelWidth) {
          own.append(Int8(random.integer(-127...127)))
          weights[
            DepthwiseConv2D.weightOffset(convolution, channel: channel, row: row, column: column)] =
            own[own.count - 1]
        }
      }
      table.setChannel(
        channel, weights: own, inputZeroPoint: Int(input.record.zeroPoint), shifts: shifts, &random)
    }
  }

  /// Level 0.
  func expected() -> [Int8] {
    let stage = OutputStage(
      rounding: table.rounding, rowLength: table.rowLength, zeroPoint: output.zeroPoint,
      range: convolution.range)
    var result = [Int8](repeating: 0, count: output.count)
    var span = result.mutableSpan
    DepthwiseConv2D.run(
      convolution, inputLayout: ImageLayout(input.record), outputLayout: ImageLayout(output), stage,
      input: input.values.span, weights: weights.span, table: table.values.span, output: &span)
    return result
  }

  /// The kernel's result and the 64 bytes after it, and whether the kernel prepared something before.
  func run(_ kernels: quill_kernel_table) -> (bytes: [Int8], isPrepared: Bool) {
    let arena = AlignedMemory(input.values, filler: 77)
    let weights = AlignedMemory(weights, filler: 99)
    let table = AlignedMemory(self.table.values, filler: 7)
    let isReal = self.table.rounding == .real
    let result = AlignedMemory([Int8](repeating: 0, count: output.count), filler: 55)
    var parameters = quill_depthwise(
      input: UnsafePointer(arena.pointer),
      weights: UnsafePointer(weights.pointer),
      bias: UnsafePointer(table.pointer),
      weightSum: UnsafePointer(table.pointer + self.table.rowLength),
      multiplier: UnsafePointer(table.pointer + 2 * self.table.rowLength),
      shift: UnsafePointer(table.pointer + 3 * self.table.rowLength),
      realShift: isReal ? UnsafePointer(table.pointer + 4 * self.table.rowLength) : nil,
      output: result.pointer,
      positionStepY: Int(convolution.strideHeight) * Int(input.record.rowPitch),
      positionStepX: Int(convolution.strideWidth) * Int(input.record.channels),
      tapStepY: Int(convolution.dilationHeight) * Int(input.record.rowPitch),
      tapStepX: Int(convolution.dilationWidth) * Int(input.record.channels),
      outputRowPitch: Int(output.rowPitch),
      outputPixelPitch: Int(output.channels),
      kernelHeight: Int32(convolution.kernelHeight),
      kernelWidth: Int32(convolution.kernelWidth),
      outputChannels: Int32(output.channels),
      channelMultiplier: Int32(channelMultiplier),
      outputHeight: Int32(output.height),
      outputWidth: Int32(output.width),
      range: quill_output_range(
        zeroPoint: output.zeroPoint, minimum: convolution.range.minimum,
        maximum: convolution.range.maximum),
      form: nil)

    let byteCount = kernels.depthwiseFormByteCount?(&parameters) ?? 0
    let form = AlignedMemory([Int8](repeating: 0, count: byteCount), filler: 7)
    if byteCount > 0 {
      kernels.makeDepthwiseForm?(&parameters, form.pointer)
      parameters.form = UnsafePointer(form.pointer)
    }
    kernels.depthwise(&parameters)
    return (result.all, byteCount > 0)
  }
}

@Suite struct DepthwiseKernelTests {
  @Test func everyLevelEqualsPlainSwiftOnRandomShapes() {
    var preparedCount = 0
    for seed in 1...1000 {
      let drawn = DepthwiseCase(seed: seed)
      let expected = drawn.expected() + [Int8](repeating: 55, count: 64)
      for kernels in KernelLevels.present {
        let found = drawn.run(kernels)
        #expect(
          difference(found.bytes, expected) == nil,
          "seed \(seed), level \(KernelLevels.name(kernels)): \(drawn.convolution)")
        preparedCount += found.isPrepared ? 1 : 0
      }
    }
    let prepares = KernelLevels.present.contains { $0.makeDepthwiseForm != nil }
    if !prepares { print("no level of this machine prepares depthwise convolutions: not measured") }
    #expect(!prepares || preparedCount > 20, "of these shapes \(preparedCount) were prepared")
  }
}
