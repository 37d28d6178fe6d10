import Foundation
import Quill
import QuillFloat

/// Functions of TensorFlow Lite that Quill's own networks do not use, as its reference kernels compute them.
extension LookupTable {
  /// `ABS`: the distance from the zero point, requantised where the scales differ.
  func absolute() -> [Int8]? {
    if inputScale == outputScale {
      return table { saturatingInt8(abs($0 - inputZeroPoint) + outputZeroPoint) }
    }
    guard let multiplier = Multiplier(real: reluRatio), multiplier.shift <= 22 else {
      return nil
    }
    return table { saturatingInt8(multiplier.applied(to: abs($0 - inputZeroPoint)) &+ outputZeroPoint) }
  }

  /// Where TensorFlow Lite keeps a table of Float32 results.
  func tabulated(_ function: LookupFunction.Tabulated) -> [Int8]? {
    switch function {
    case .exponential: inFloat { expf($0) }
    case .logarithm: inFloat { $0 > 0 ? logf($0) : -.greatestFiniteMagnitude }
    case .gelu(isApproximate: false): inFloat { 0.5 * $0 * erfcf($0 * -0.707_106_77) }
    case .gelu(isApproximate: true):
      inFloat { 0.5 * $0 * (1 + tanhf(0.797_884_6 * ($0 + 0.044_715 * $0 * $0 * $0))) }
    }
  }

  /// `RSQRT`; values below the zero point, which have no root, and the zero point itself give the largest answer.
  func reciprocalSquareRoot() -> [Int8]? {
    let shift: Int32 = 20
    guard let scale = Multiplier(real: 1 / Double((inputScale.squareRoot() * outputScale))) else { return nil }
    return table { value in
      let steps = value - inputZeroPoint
      guard steps > 0 else { return 127 }
      let root = Self.inverseSquareRoot(steps)
      let fraction = Self.product(1, root.quantized, root.shift + shift)
      let answer = Self.product(fraction, scale.quantized, scale.shift - shift)
      return saturatingInt8(answer &+ outputZeroPoint)
    }
  }

  /// A rounding product with a multiplier, whatever its shift.
  private static func product(_ x: Int32, _ quantized: Int32, _ shift: Int32) -> Int32 {
    let raised = Int32(clamping: Int64(x) << Int64(max(shift, 0)))
    return roundingDivide(roundingDoublingHighMultiply(raised, quantized), byPowerOfTwo: min(max(-shift, 0), 31))
  }

  /// `1 / sqrt(steps)` as a multiplier: five Newton steps in Q3.28 (gemmlowp's fixed point, LiteRT's
  /// `GetInvSqrtQuantizedMultiplierExp`).
  private static func inverseSquareRoot(_ steps: Int32) -> Multiplier {
    guard steps > 1 else { return Multiplier(quantized: Int32.max, shift: 0) }
    let pairs = Int32((steps.leadingZeroBitCount - 1) / 2) - 1
    let input = (steps << (2 * pairs)) >> 1
    let half = roundingDivide(input, byPowerOfTwo: 1)
    let threeHalves: Int32 = (1 << 28) + (1 << 27)
    var x: Int32 = 1 << 28
    for _ in 0..<5 {
      let square = roundingDoublingHighMultiply(x, x)
      let cube = saturated(roundingDoublingHighMultiply(square, x), shift: 6)
      let difference =
        roundingDoublingHighMultiply(threeHalves, x) &- roundingDoublingHighMultiply(half, cube)
      x = saturated(difference, shift: 3)
    }
    let root = roundingDoublingHighMultiply(x, 1_518_500_250)
    return Multiplier(quantized: root, shift: -(11 - pairs))
  }

  private static func saturated(_ x: Int32, shift: Int64) -> Int32 { Int32(clamping: Int64(x) << shift) }

  /// A rounding division by a power of two. From 2^32 on the reference kernels' shift leaves C's rules; this is what
  /// they answer on x86-64, where a shift counts modulo 32: it shows in quotients of nothing or one step.
  private static func divided(_ x: Int32, by exponent: Int32) -> Int32 {
    if exponent < 32 { return roundingDivide(x, byPowerOfTwo: exponent) }
    return (x >> (exponent & 31)) + (x >= 0 ? 1 : 0)
  }

  private func saturatingSum(_ a: Int32, _ b: Int32) -> Int32 { Int32(clamping: Int64(a) + Int64(b)) }

  /// `RELU_0_TO_1`.
  func relu0To1() -> [Int8]? {
    let top = outputZeroPoint + Int32(min((1 / outputScale).rounded(.toNearestOrAwayFromZero), 1000))
    guard let multiplier = Multiplier(real: reluRatio), multiplier.shift <= 22 else { return nil }
    return table {
      let answer = multiplier.applied(to: $0 - inputZeroPoint) &+ outputZeroPoint
      return Int8(max(outputZeroPoint, min(answer, min(127, top))))
    }
  }

  /// `SQRT`, which rounds towards nothing; below the zero point there is no root.
  func squareRoot() -> [Int8] {
    let inverse = 1 / outputScale
    return table {
      let root = (max(0, inputScale * Float($0 - inputZeroPoint)).squareRoot() * inverse).rounded(.down)
      return saturatingInt8(Int32(min(root, 1000)) + outputZeroPoint)
    }
  }

  /// `DIV` by one constant (LiteRT's `DivQuantized`): the reciprocal by Newton's method, then two rounding products.
  func quotient(by divisor: Int32, scale: Float, _ activation: QuillFloat.Operation.Activation) -> [Int8]? {
    let real = Double(inputScale) / (Double(scale) * Double(outputScale))
    guard let multiplier = Multiplier(real: real), divisor != 0 else { return nil }
    let range = OutputRange(activation, scale: outputScale, zeroPoint: outputZeroPoint)
    let magnitude = UInt32(divisor.magnitude)
    let headroom = Int32(magnitude.leadingZeroBitCount)
    let reciprocal = reciprocalOfOnePlus(Int32(bitPattern: (magnitude << UInt32(headroom)) &- (1 << 31)))
    return table { value in
      let steps = (value - inputZeroPoint) * (divisor < 0 ? -1 : 1)
      // Sign bits that do not count, the sign itself left out.
      let room = Int32((steps < 0 ? ~steps : steps).leadingZeroBitCount) - 1
      let quotient = roundingDoublingHighMultiply(Int32(truncatingIfNeeded: Int64(steps) << Int64(room)), reciprocal)
      let shift = multiplier.shift - (31 - headroom) - room
      guard shift <= 0 else { return range.clamp(steps < 0 ? -1000 : steps > 0 ? 1000 : outputZeroPoint) }
      let scaled = roundingDoublingHighMultiply(quotient, multiplier.quantized)
      return range.clamp(saturatingSum(Self.divided(scaled, by: -shift), outputZeroPoint))
    }
  }
}
