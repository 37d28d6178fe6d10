import CQuillKernels
import Quill
import TestSupport
import Testing

/// A random convolution: the plain operator's result, and the same asked of a kernel.
struct ConvolutionCase {
  var convolution = Convolution()
  var input: RandomImage
  var output: TensorRecord
  var weights: [Int8]
  var table: ChannelTable
  var pool = Pool()

  /// - Parameter isWide: 3 x 3 of stride 1 and many channels, as kernels want that transform weights.
  init(seed: Int, isWide: Bool = false) {
    var random = SeededGenerator(seed: seed)
    let depths = [1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 31, 32, 33, 48]
    let groups = !isWide && random.once(in: 6) ? random.integer(2...4) : 1
    let depth = isWide ? 32 * random.integer(1...4) : random.element(of: depths)
    let outputs =
      isWide
      ? 16 * random.integer(1...9) : groups * (random.once(in: 3) ? random.integer(1...80) : random.element(of: depths))
    convolution.groups = UInt32(groups)
    convolution.kernelHeight = UInt16(random.once(in: 2) ? 3 : random.integer(1...5))
    convolution.kernelWidth = UInt16(random.once(in: 2) ? 3 : random.integer(1...5))
    convolution.strideHeight = UInt16(random.integer(1...3))
    convolution.strideWidth = UInt16(random.integer(1...3))
    convolution.dilationHeight = random.once(in: 4) ? 2 : 1
    convolution.dilationWidth = random.once(in: 4) ? 2 : 1
    if isWide {
      (convolution.kernelHeight, convolution.kernelWidth) = (3, 3)
      (convolution.strideWidth, convolution.dilationWidth) = (1, 1)
      convolution.dilationHeight = convolution.strideHeight
    }
    convolution.range = .random(&random)
    let height = random.integer(isWide ? 3...16 : 1...5)
    let width = random.integer(isWide ? 3...16 : 1...(random.once(in: 3) ? 40 : 7))
    let halo = (
      random.integer(0...2), random.integer(0...2), random.integer(0...2), random.integer(0...2)
    )
    convolution.padTop = UInt16(halo.0)
    convolution.padLeft = UInt16(halo.1)
    let rows = (height - 1) * Int(convolution.strideHeight)
    let columns = (width - 1) * Int(convolution.strideWidth)
    let spanY = rows + Int(convolution.kernelHeight - 1) * Int(convolution.dilationHeight) + 1
    let spanX = columns + Int(convolution.kernelWidth - 1) * Int(convolution.dilationWidth) + 1
    input = RandomImage(
      height: max(1, spanY - halo.0 - halo.2), width: max(1, spanX - halo.1 - halo.3),
      channels: groups * depth,
      halo: halo, &random)
    output = TensorRecord(
      height: height, width: width, channels: outputs, rank: 4, scaleBits: 0x3F80_0000,
      zeroPoint: random.once(in: 4) ? -128 : Int32(random.integer(-128...127)))
    (weights, table) = Self.parameters(
      convolution.runs(input: input.record, output: output),
      inputZeroPoint: Int(input.record.zeroPoint), &random)
    if !isWide, table.rounding == .double, random.once(in: 2) {
      pool.windowHeight = UInt16(random.integer(1...min(4, height)))
      pool.windowWidth = UInt16(random.integer(1...min(4, width)))
      pool.strideHeight = UInt16(random.integer(1...3))
      pool.strideWidth = UInt16(random.integer(1...3))
    }
  }

  /// Weights in the file's order and the channels' numbers.
  private static func parameters(
    _ order: WeightOrder, inputZeroPoint: Int, _ random: inout SeededGenerator
  ) -> ([Int8], ChannelTable) {
    var weights = [Int8](repeating: 0, count: Int(order.byteCount))
    var table = ChannelTable(
      rowLength: order.paddedChannels, rounding: random.once(in: 4) ? .real : .double)
    let kind = random.integer(0...7)
    let shifts = ChannelTable.shifts(&random)
    for group in 0..<order.groups {
      for channel in 0..<order.channelsPerGroup {
        var own: [Int8] = []
        for run in 0..<order.runCount {
          for tap in 0..<order.runByteCount {
            let weight: Int8 =
              kind == 0
              ? 127
              : kind == 1 ? random.element(of: [-127, 127]) : Int8(random.integer(-127...127))
            weights[order.offset(group: group, channel: channel, run: run, tap: tap)] = weight
            own.append(weight)
          }
        }
        let row = (group * order.blocks + channel / 16) * 16 + channel % 16
        table.setChannel(row, weights: own, inputZeroPoint: inputZeroPoint, shifts: shifts, &random)
      }
    }
    return (weights, table)
  }

  var firstTap: Int {
    input.record.origin - Int(convolution.padTop) * Int(input.record.rowPitch)
      - Int(convolution.padLeft) * Int(input.record.channels)
  }

  var pooled: TensorRecord {
    TensorRecord(
      height: (Int(output.height) - Int(pool.windowHeight)) / Int(pool.strideHeight) + 1,
      width: (Int(output.width) - Int(pool.windowWidth)) / Int(pool.strideWidth) + 1,
      channels: Int(output.channels),
      rank: 4, scaleBits: output.scaleBits, zeroPoint: output.zeroPoint)
  }

  /// Level 0: the plain convolution, then the plain pool.
  func expected() -> [Int8] {
    let geometry = Conv2D.Geometry(convolution, input: input.record, output: output)
    let stage = OutputStage(
      rounding: table.rounding, rowLength: table.rowLength, zeroPoint: output.zeroPoint,
      range: convolution.range)
    var result = [Int8](repeating: 0, count: output.count)
    var span = result.mutableSpan
    Conv2D.run(
      geometry, stage, input: input.values.span.extracting(droppingFirst: firstTap),
      weights: weights.span,
      table: table.values.span, output: &span)
    var final = [Int8](repeating: 0, count: pooled.count)
    var finalSpan = final.mutableSpan
    MaxPool2D.run(
      pool, inputLayout: ImageLayout(output), outputLayout: ImageLayout(pooled), input: result.span,
      output: &finalSpan)
    return final
  }

  /// The kernel's result and the 64 bytes after it, with what is to be added, where there is something.
  func found(_ kernels: quill_kernel_table, adding sum: AdditionCase? = nil) -> [Int8] {
    run(kernels, adding: sum).bytes
  }

  /// The same, and what the kernel made of the convolution before: nothing, or another form of its weights.
  func run(
    _ kernels: quill_kernel_table, adding sum: AdditionCase? = nil
  ) -> (bytes: [Int8], form: [Int16]) {
    let geometry = Conv2D.Geometry(convolution, input: input.record, output: output)
    let order = geometry.order
    let arena = AlignedMemory(input.values, filler: 77)
    let weights = AlignedMemory(weights, filler: 99)
    let isReal = table.rounding == .real
    let table = AlignedMemory(table.values, filler: 7)
    let result = AlignedMemory([Int8](repeating: 0, count: pooled.count), filler: 55)
    var parameters = quill_convolution(
      input: UnsafePointer(arena.pointer + firstTap),
      weights: UnsafePointer(weights.pointer),
      transformed: nil,
      bias: UnsafePointer(table.pointer),
      weightSum: UnsafePointer(table.pointer + order.paddedChannels),
      multiplier: UnsafePointer(table.pointer + 2 * order.paddedChannels),
      shift: UnsafePointer(table.pointer + 3 * order.paddedChannels),
      realShift: isReal ? UnsafePointer(table.pointer + 4 * order.paddedChannels) : nil,
      output: result.pointer,
      positionStepY: geometry.windowRowPitch,
      positionStepX: geometry.windowPitch,
      runStepY: geometry.kernelRowPitch,
      runStepX: geometry.tapPitch,
      outputRowPitch: Int(pooled.rowPitch),
      outputPixelPitch: Int(pooled.channels),
      runRows: Int32(order.runCount / geometry.runsPerRow),
      runColumns: Int32(geometry.runsPerRow),
      runBytes: Int32(order.runByteCount),
      imageTop: geometry.imageTop,
      imageBottom: geometry.imageBottom,
      imageLeft: geometry.imageLeft,
      imageRight: geometry.imageRight,
      groups: Int32(order.groups),
      groupInputs: Int32(order.runByteCount),
      groupOutputs: Int32(order.channelsPerGroup),
      outputHeight: Int32(pooled.height),
      outputWidth: Int32(pooled.width),
      poolHeight: Int32(pool.windowHeight),
      poolWidth: Int32(pool.windowWidth),
      poolStrideY: Int32(pool.strideHeight),
      poolStrideX: Int32(pool.strideWidth),
      range: quill_output_range(
        zeroPoint: output.zeroPoint, minimum: convolution.range.minimum,
        maximum: convolution.range.maximum),
      addition: nil,
      additionRowPitch: 0)

    let transformedByteCount = kernels.transformedByteCount?(&parameters) ?? 0
    let transformed = AlignedMemory([Int16](repeating: 0, count: transformedByteCount / 2), filler: 7)
    if transformedByteCount > 0 {
      kernels.transformWeights?(&parameters, transformed.pointer)
      parameters.transformed = UnsafePointer(transformed.pointer)
    }
    let form = Array(UnsafeBufferPointer(start: transformed.pointer, count: transformedByteCount / 2))

    guard let sum else {
      kernels.convolution(&parameters)
      return (result.all, form)
    }
    let other = AlignedMemory(sum.other, filler: 77)
    let target = sum.isInPlace ? other : result
    var addition = sum.parameters(leftZeroPoint: output.zeroPoint, other.pointer)
    parameters.output = target.pointer
    parameters.additionRowPitch = output.rowByteCount
    withUnsafePointer(to: &addition) { pointer in
      parameters.addition = pointer
      kernels.convolution(&parameters)
    }
    return (target.all, form)
  }
}

@Suite struct ConvolutionKernelTests {
  @Test func everyLevelEqualsPlainSwiftOnRandomShapes() {
    for seed in 1...2000 {
      let drawn = ConvolutionCase(seed: seed)
      let expected = drawn.expected() + [Int8](repeating: 55, count: 64)
      for kernels in KernelLevels.present {
        #expect(
          difference(drawn.found(kernels), expected) == nil,
          "seed \(seed), level \(KernelLevels.name(kernels)): \(drawn.convolution), pool \(drawn.pool)"
        )
      }
    }
  }

  @Test func weightsInAnotherFormGiveTheSameBytes() {
    let levels = KernelLevels.present.filter { $0.transformedByteCount != nil }
    if levels.isEmpty { print("no level of this machine transforms weights: not measured") }
    var count = 0
    for seed in 1...300 {
      let drawn = ConvolutionCase(seed: seed, isWide: true)
      let outputs = drawn.expected()
      var random = SeededGenerator(seed: seed)
      let sum = AdditionCase(count: drawn.output.count, &random)
      let sums = sum.expected(outputs, leftZeroPoint: drawn.output.zeroPoint)
      let after = [Int8](repeating: sum.isInPlace ? 77 : 55, count: 64)
      for kernels in levels {
        let name = "seed \(seed), level \(KernelLevels.name(kernels)): \(drawn.convolution)"
        let alone = drawn.run(kernels)
        #expect(difference(alone.bytes, outputs + [Int8](repeating: 55, count: 64)) == nil, "\(name)")
        if kernels.addsToConvolutions != 0 {
          #expect(difference(drawn.found(kernels, adding: sum), sums + after) == nil, "\(name), \(sum.addition)")
        }
        count += alone.form.isEmpty ? 0 : 1
      }
    }
    #expect(levels.isEmpty || count > 50, "of these shapes \(count) were done so")
  }
}
