import CQuillKernels
import Quill
import TestSupport
import Testing

/// What is added to a convolution's output.
struct AdditionCase {
  var addition = Addition()
  let zeroPoints: (other: Int32, output: Int32)
  let other: [Int8]
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
}
