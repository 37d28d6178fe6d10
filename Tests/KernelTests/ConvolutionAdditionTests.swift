import CQuillKernels
import Quill
import TestSupport
import Testing

/// What is added to a convolution's output.
struct AdditionCase {
  var addition = Addition()
  let zeroPoints: (other: Int32, output: Int32)
  var other: [Int8]
  /// Whether the sum is written over `other`.
  let isInPlace: Bool

  init(count: Int, _ random: inout SeededGenerator) {
    // As networks have them, one operand by a half and the sum by about 2^-19, or any.
    let usual = !random.once(in: 4)
    func drawn(_ shifts: ClosedRange<Int>, _ random: inout SeededGenerator) -> Multiplier {
      Multiplier(quantized: random.quantizedMultiplier(), shift: Int32(random.integer(shifts)))
    }
    addition.first = drawn(usual ? -4...0 : -31...0, &random)
    addition.second = drawn(usual ? -4...0 : -31...0, &random)
    addition.sum = drawn(usual ? -20 ... -15 : -31...0, &random)
    addition.range = .random(&random)
    zeroPoints = (Int32(random.integer(-128...127)), Int32(random.integer(-128...127)))
    other = random.activations(count)
    isInPlace = random.once(in: 2)
  }

  /// Level 0: the plain sum of a convolution's output and `other`.
  func expected(_ outputs: [Int8], leftZeroPoint: Int32) -> [Int8] {
    zip(outputs, other).map {
      addition.value(
        Int32($0) - leftZeroPoint, Int32($1) - zeroPoints.other, subtracts: false,
        outputZeroPoint: zeroPoints.output)
    }
  }

  /// For a kernel: `memory` holds `other`.
  func parameters(leftZeroPoint: Int32, _ memory: UnsafeMutablePointer<Int8>) -> quill_add {
    quill_add(
      left: UnsafePointer(memory),
      right: UnsafePointer(memory),
      output: memory,
      count: 0,
      leftZeroPoint: leftZeroPoint,
      rightZeroPoint: zeroPoints.other,
      leftScale: quill_scale(multiplier: addition.first.quantized, shift: addition.first.shift),
      rightScale: quill_scale(multiplier: addition.second.quantized, shift: addition.second.shift),
      outputScale: quill_scale(multiplier: addition.sum.quantized, shift: addition.sum.shift),
      subtract: 0,
      range: quill_output_range(
        zeroPoint: zeroPoints.output, minimum: addition.range.minimum,
        maximum: addition.range.maximum))
  }
}

@Suite struct ConvolutionAdditionTests {
  @Test func everyLevelThatAddsEqualsPlainSwiftOnRandomShapes() {
    let levels = KernelLevels.present.filter { $0.addsToConvolutions != 0 }
    if levels.isEmpty { print("no level of this machine adds in a convolution's pass: not measured") }
    for seed in 1...1000 {
      var random = SeededGenerator(seed: seed)
      var drawn = ConvolutionCase(seed: seed)
      drawn.pool = Pool()
      let sum = AdditionCase(count: drawn.output.count, &random)
      let filler: Int8 = sum.isInPlace ? 77 : 55
      let expected =
        sum.expected(drawn.expected(), leftZeroPoint: drawn.output.zeroPoint)
        + [Int8](repeating: filler, count: 64)
      for kernels in levels {
        #expect(
          difference(drawn.found(kernels, adding: sum), expected) == nil,
          "seed \(seed), level \(KernelLevels.name(kernels)): \(drawn.convolution), \(sum.addition)")
      }
    }
  }

  @Test func everyLevelThatAddsEqualsPlainSwiftOnEveryPairOfBytes() {
    for seed in 1...40 {
      var random = SeededGenerator(seed: seed)
      var sum = AdditionCase(count: 1 << 16, &random)
      // A row of 256 outputs for each byte of the convolution's.
      sum.other = (0..<1 << 16).map { Int8(truncatingIfNeeded: $0) }
      let copying = ConvolutionCase.copyingRows(&random)
      let expected = sum.expected(copying.expected(), leftZeroPoint: 0)
      for kernels in KernelLevels.present where kernels.addsToConvolutions != 0 {
        let found = copying.found(kernels, adding: sum).prefix(expected.count)
        #expect(
          difference(Array(found), expected) == nil,
          "seed \(seed), level \(KernelLevels.name(kernels)): \(sum.addition)")
      }
    }
  }
}

extension ConvolutionCase {
  /// 1 x 1, by 64 / 64: 16 x 16 outputs of each of the 256 bytes, row after row.
  fileprivate static func copyingRows(_ random: inout SeededGenerator) -> ConvolutionCase {
    var copying = ConvolutionCase(seed: 1)
    copying.convolution = Convolution()
    copying.convolution.kernelHeight = 1
    copying.convolution.kernelWidth = 1
    copying.pool = Pool()
    copying.input = RandomImage(height: 256, width: 16, channels: 1, halo: (0, 0, 0, 0), &random)
    copying.input.record.zeroPoint = 0
    copying.input.record.rowPitch = 16
    copying.input.values = (0..<4096).map { Int8($0 / 16 - 128) }
    copying.output = TensorRecord(
      height: 256, width: 16, channels: 16, rank: 4, scaleBits: 0x3F80_0000, zeroPoint: 0)
    let order = copying.convolution.runs(input: copying.input.record, output: copying.output)
    copying.weights = [Int8](repeating: 0, count: Int(order.byteCount))
    copying.table = ChannelTable(rowLength: order.paddedChannels, rounding: .double)
    for channel in 0..<16 {
      copying.weights[order.offset(group: 0, channel: channel, run: 0, tap: 0)] = 64
      for (row, value) in [0, 64, 1 << 30, -5].enumerated() {
        copying.table.values[row * order.paddedChannels + channel] = Int32(value)
      }
    }
    return copying
  }
}
