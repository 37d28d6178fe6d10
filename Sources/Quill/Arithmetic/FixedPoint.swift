// Fixed-point primitives. Every rounding in the runtime is made of these two.
// Source: gemmlowp `fixedpoint/fixedpoint.h`; Jacob et al. 2018 (arXiv 1712.05877), section 2.2.

/// The high half of twice a product, rounded: `(a * b + 2^30) >> 31` (NEON's SQRDMULH).
///
/// The one pair that would saturate, -2^31 by -2^31, never occurs: a multiplier is at most 2^31 - 1 and at least 0.
@inline(__always)
package func roundingDoublingHighMultiply(_ a: Int32, _ b: Int32) -> Int32 {
  Int32(truncatingIfNeeded: (Int64(a) &* Int64(b) &+ (1 << 30)) &>> 31)
}

/// `x / 2^exponent`, rounded to nearest with ties away from zero; `exponent` is in 0...62.
@inline(__always)
package func roundingDivide(_ x: Int32, byPowerOfTwo exponent: Int32) -> Int32 {
  if exponent == 0 { return x }
  let half = Int64(1) &<< Int64(exponent &- 1)
  return Int32(truncatingIfNeeded: (Int64(x) &+ half &- (x < 0 ? 1 : 0)) &>> Int64(exponent))
}

/// `x` limited to -128...127.
@inline(__always)
package func saturatingInt8(_ x: Int32) -> Int8 {
  Int8(truncatingIfNeeded: max(-128, min(127, x)))
}
