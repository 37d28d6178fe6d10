// Exponential and reciprocal on fixed-point numbers. `Qm.n` has m integer and n fractional bits beside the sign.
// Source: gemmlowp `fixedpoint/fixedpoint.h` (exp_on_negative_values, one_over_one_plus_x_for_x_in_0_1).

/// `exp(a)` for `a <= 0` in Q(`integerBits`).(31 - `integerBits`), as Q0.31. `integerBits` is 4 or 5 here.
package func exponentialOfNonPositive(_ a: Int32, integerBits: Int32) -> Int32 {
  if a == 0 { return .max }
  let fractionBits = 31 &- integerBits
  let quarter = Int32(1) &<< (fractionBits &- 2)
  // a = -k/4 - rest with rest in (0, 1/4]: a Taylor series around -1/8 for the rest, a table for the quarters.
  let remainder = (a & (quarter &- 1)) &- quarter
  let x = (remainder &<< integerBits) &+ (1 &<< 28)
  let x2 = roundingDoublingHighMultiply(x, x)
  let x3 = roundingDoublingHighMultiply(x2, x)
  let x4 = roundingDoublingHighMultiply(x2, x2)
  let oneThird: Int32 = 715_827_883
  let tail = roundingDoublingHighMultiply(roundingDivide(x4, byPowerOfTwo: 2) &+ x3, oneThird) &+ x2
  let series = x &+ roundingDivide(tail, byPowerOfTwo: 1)
  let expOfMinusEighth: Int32 = 1_895_147_668
  var result = expOfMinusEighth &+ roundingDoublingHighMultiply(expOfMinusEighth, series)
  let quarters = (remainder &- a) &>> (fractionBits &- 2)
  // exp(-2^(j-2)) in Q0.31 for j = 0...6.
  let factors: InlineArray<7, Int32> = [
    1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242,
  ]
  for j in 0..<Int(integerBits + 2) where (quarters &>> Int32(j)) & 1 != 0 {
    result = roundingDoublingHighMultiply(result, factors[j])
  }
  return result
}

/// `2 / (1 + a)` for `a` in 0..<2^31 as Q0.31, by three Newton-Raphson steps; the result is in Q2.29.
package func newtonReciprocal(_ a: Int32) -> Int32 {
  let half = Int32(truncatingIfNeeded: (Int64(a) + (1 << 31)) >> 1)
  var x: Int32 = 1_515_870_810 &+ roundingDoublingHighMultiply(half, -1_010_580_540)
  for _ in 0..<3 {
    let error = (1 &<< 29) &- roundingDoublingHighMultiply(half, x)
    x = x &+ 4 &* roundingDoublingHighMultiply(x, error)
  }
  return x
}

/// `1 / (1 + a)` for `a` in 0..<2^31 as Q0.31; the result is Q0.31 as well, at most 2^31 - 1.
package func reciprocalOfOnePlus(_ a: Int32) -> Int32 {
  let x = newtonReciprocal(a)
  return x >= 1 << 30 ? .max : 2 &* x
}
