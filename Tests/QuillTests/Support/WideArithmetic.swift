/// The rules of rounding, written from their definitions in 128-bit integers and doubles rather than as the runtime
/// computes them.
enum WideArithmetic {
  /// `numerator / 2^exponent`, to nearest, ties away from zero.
  static func roundedQuotient(_ numerator: Int128, powerOfTwo exponent: Int) -> Int128 {
    let divisor = Int128(1) << Int128(exponent)
    let magnitude = (numerator.magnitude + UInt128(divisor) / 2) / UInt128(divisor)
    return numerator < 0 ? -Int128(magnitude) : Int128(magnitude)
  }

  /// gemmlowp's doubling high multiply: `(a * b + nudge) / 2^31`, truncated, the nudge being half with the sign.
  static func doublingHighMultiply(_ a: Int128, _ b: Int128) -> Int128 {
    let product = a * b
    let nudge: Int128 = product >= 0 ? 1 << 30 : 1 - (1 << 30)
    return (product + nudge) / (1 << 31)
  }

  /// MultiplyByQuantizedMultiplier for a real multiplier.
  static func multiply(_ x: Int, byReal real: Double) -> Int {
    let (quantized, shift) = quantize(real)
    return multiply(x, quantized, shift)
  }

  static func multiply(_ x: Int, _ quantized: Int, _ shift: Int) -> Int {
    let shifted = Int128(x) * (Int128(1) << Int128(max(shift, 0)))
    let high = doublingHighMultiply(shifted, Int128(quantized))
    return Int(roundedQuotient(high, powerOfTwo: max(-shift, 0)))
  }

  /// QuantizeMultiplier, by repeated doubling and halving.
  static func quantize(_ real: Double) -> (quantized: Int, shift: Int) {
    if real == 0 { return (0, 0) }
    var fraction = real
    var shift = 0
    while fraction >= 1 {
      fraction /= 2
      shift += 1
    }
    while fraction < 0.5 {
      fraction *= 2
      shift -= 1
    }
    var quantized = Int((fraction * 2_147_483_648).rounded(.toNearestOrAwayFromZero))
    if quantized == 2_147_483_648 {
      quantized /= 2
      shift += 1
    }
    return shift < -31 ? (0, 0) : (quantized, shift)
  }

  static func clamp(_ value: Int, _ low: Int = -128, _ high: Int = 127) -> Int8 { Int8(max(low, min(high, value))) }
}
