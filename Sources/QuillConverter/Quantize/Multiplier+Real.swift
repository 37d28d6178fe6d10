import Quill

// From real numbers to the integers that the board computes with (`arithmetic.md`, "Multiplier"). Only the converter
// does this.

extension Multiplier {
  /// The nearest multiplier to a real number of at least 0, rounded half away from zero; below 2^-32 it is zero.
  ///
  /// - Returns: `nil` where the number is negative, not finite, or needs a greater shift.
  package init?(real: Double, maximumShift: Int = 30) {
    guard real.isFinite, real >= 0 else { return nil }
    if real == 0 {
      self.init(quantized: 0, shift: 0)
      return
    }
    // significand in [1, 2) and exponent become fraction in [0.5, 1) and shift.
    var shift = Int(real.exponent) + 1
    var quantized = Int64((real.significand / 2 * 0x1p31).rounded(.toNearestOrAwayFromZero))
    if quantized == 1 << 31 {
      quantized = 1 << 30
      shift += 1
    }
    if shift < -31 {
      self.init(quantized: 0, shift: 0)
      return
    }
    guard shift <= maximumShift else { return nil }
    self.init(quantized: Int32(quantized), shift: Int32(shift))
  }
}

extension RealMultiplier {
  /// The double itself as an integer and a power of two; `nil` outside what the file's records hold.
  package init?(real: Double) {
    guard real.isFinite, real >= 0 else { return nil }
    if real < 0x1p-32 {
      self.init(mantissa: 0, shift: 53)
      return
    }
    let shift = 52 - Int(real.exponent)
    guard shift >= 23, shift <= 84 else { return nil }
    self.init(mantissa: UInt64(real.significand * 0x1p52), shift: Int32(shift))
  }
}

/// `F(x / s)` rounded half away from zero, plus the zero point, limited to int8 (`arithmetic.md`, "Quantise").
package func quantize(_ value: Float, scale: Float, zeroPoint: Int32) -> Int8 {
  let steps = (value / scale).rounded(.toNearestOrAwayFromZero)
  // Beyond int8 on either side nothing changes; NaN counts as zero.
  if steps.isNaN { return saturatingInt8(zeroPoint) }
  return saturatingInt8(Int32(max(-1000, min(1000, steps))) + zeroPoint)
}

/// `F(s) * F(q - zp)` (`arithmetic.md`, "Dequantise").
package func dequantize(_ value: Int8, scale: Float, zeroPoint: Int32) -> Float {
  scale * Float(Int32(value) - zeroPoint)
}
