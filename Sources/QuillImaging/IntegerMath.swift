/// The floor of the square root of a non-negative number, bit by bit.
///
/// The classic shift-and-subtract method: one result bit a step, 32 steps at most, no division.
package func integerSquareRoot(_ value: Int64) -> Int64 {
  guard value > 0 else { return 0 }
  var rest = UInt64(value)
  var root: UInt64 = 0
  var bit: UInt64 = 1 << UInt64((63 - rest.leadingZeroBitCount) & ~1)
  while bit != 0 {
    if rest >= root + bit {
      rest -= root + bit
      root = (root >> 1) + bit
    } else {
      root >>= 1
    }
    bit >>= 2
  }
  return Int64(root)
}

/// `numerator / denominator`, rounded half away from zero; `denominator` is positive.
package func roundedQuotient(_ numerator: Int64, _ denominator: Int64) -> Int64 {
  let half = denominator / 2
  return (numerator >= 0 ? numerator + half : numerator - half) / denominator
}

/// `value` brought into 0...255.
package func clampedByte(_ value: Int32) -> UInt8 {
  UInt8(truncatingIfNeeded: min(max(value, 0), 255))
}
