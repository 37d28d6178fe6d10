/// Exponential, logarithm and their kin, the same to the bit on every machine.
///
/// The C library's differ from version to version and from processor to processor, and a float network's ranges, and
/// so the bytes of a converted file, would differ with them. Each function is computed in double precision by a fixed
/// order of additions, multiplications and divisions, and rounded to single precision once: the error is below
/// 0.51 units in the last place.
package enum FixedMath {
  /// `e` to the `x`.
  package static func exp(_ x: Float) -> Float { Float(exp(Double(x))) }

  /// `e` to the `x`, less 1, without cancellation near 0.
  package static func expMinusOne(_ x: Float) -> Float {
    let x = Double(x)
    if x.magnitude > 1e-3 { return Float(exp(x) - 1) }
    return Float(x * (1 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24)))))
  }

  /// The natural logarithm; NaN below 0.
  package static func log(_ x: Float) -> Float { Float(log(Double(x))) }

  /// `1 / (1 + exp(-x))`.
  package static func sigmoid(_ x: Float) -> Float { Float(1 / (1 + exp(-Double(x)))) }

  /// The hyperbolic tangent.
  package static func tanh(_ x: Float) -> Float {
    let x = Double(x)
    if x.magnitude < 1e-3 { return Float(x - x * x * x / 3) }
    let power = exp(2 * min(max(x, -20), 20))
    return x.isNaN ? Float(x) : Float((power - 1) / (power + 1))
  }

  /// The error function: `2 / sqrt(pi) exp(-x^2)` times the sum of `2^n x^(2n+1) / (1 * 3 * ... * (2n+1))`, whose terms
  /// have one sign (Abramowitz and Stegun 1964, 7.1.6).
  package static func errorFunction(_ x: Float) -> Float {
    let x = Double(x)
    // Beyond this a float is 1.
    guard x.magnitude < 4 else { return x.isNaN ? Float(x) : (x < 0 ? -1 : 1) }
    var term = x
    var sum = x
    var divisor = 1.0
    while term.magnitude > 1e-17 * sum.magnitude {
      divisor += 2
      term *= 2 * x * x / divisor
      sum += term
    }
    return Float(1.128_379_167_095_512_6 * exp(-x * x) * sum)
  }

  /// `log(1 + exp(x))`, without overflow.
  package static func softplus(_ x: Float) -> Float {
    let x = Double(x)
    return Float(max(x, 0) + log(1 + exp(-x.magnitude)))
  }

  /// `x` to the `y`, with the special cases of IEEE 754's `pow`.
  package static func power(_ x: Float, _ y: Float) -> Float {
    if y == 0 || x == 1 { return 1 }
    if x.isNaN || y.isNaN { return .nan }
    let isInteger = y == y.rounded(.towardZero)
    let isOdd = isInteger && y.magnitude < 16_777_216 && Int(y) & 1 != 0
    if y.isInfinite {
      if x.magnitude == 1 { return 1 }
      return (x.magnitude > 1) == (y > 0) ? .infinity : 0
    }
    let isNegative = x.sign == .minus && isOdd
    if x == 0 || x.isInfinite {
      let magnitude: Float = (x == 0) == (y > 0) ? 0 : .infinity
      return isNegative ? -magnitude : magnitude
    }
    if x < 0 && !isInteger { return .nan }
    let magnitude = Float(exp(Double(y) * log(Double(x.magnitude))))
    return isNegative ? -magnitude : magnitude
  }

  /// `e` to the `x` in double precision, to about 1e-15 of its value, within the range of a float.
  ///
  /// `x = k ln 2 + r` with `|r| <= ln 2 / 2`; the series of `exp(r)` to `r^13`, times `2^k`.
  package static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    // Beyond these a float is infinite, or zero.
    let x = min(max(x, -200), 200)
    let k = (x * 1.4426950408889634).rounded(.toNearestOrEven)
    // ln 2 in two parts, the first with so few bits that k times it is exact.
    let r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    var series = 1 / 6_227_020_800.0
    series = series * r + 1 / 479_001_600.0
    series = series * r + 1 / 39_916_800.0
    series = series * r + 1 / 3_628_800.0
    series = series * r + 1 / 362_880.0
    series = series * r + 1 / 40_320.0
    series = series * r + 1 / 5_040.0
    series = series * r + 1 / 720.0
    series = series * r + 1 / 120.0
    series = series * r + 1 / 24.0
    series = series * r + 1 / 6.0
    series = series * r + 1 / 2.0
    series = series * r + 1
    series = series * r + 1
    return series * Double(bitPattern: UInt64(1_023 + Int(k)) << 52)
  }

  /// The natural logarithm in double precision, to about 1e-15 of its value.
  ///
  /// `x = m 2^k` with `m` in `0.7...1.42`; `log m = 2 artanh s` with `s = (m - 1) / (m + 1)`, by its series to `s^23`.
  package static func log(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x.isInfinite { return x }
    var (m, k) = (x.significand, Double(x.exponent))
    if m > 1.4142135623730951 {
      m /= 2
      k += 1
    }
    let s = (m - 1) / (m + 1)
    let square = s * s
    var series = 0.0
    for n in stride(from: 23.0, to: 0, by: -2) {
      series = series * square + 1 / n
    }
    return k * 0.693147180559945309417 + 2 * s * series
  }

  /// The cosine of `x` half turns, from 0 to 1, to about 1e-15: the series around the nearer of 0 and 1, or that of the
  /// sine around one half.
  package static func cosine(ofHalfTurns x: Double) -> Double {
    if x > 0.5 { return -cosine(ofHalfTurns: 1 - x) }
    let isSine = x > 0.25
    let angle = (isSine ? 0.5 - x : x) * 3.14159265358979323846
    let square = angle * angle
    var series = 1.0
    for n in stride(from: 18.0, to: 0, by: -2) {
      series = 1 - series * square / (isSine ? n * (n + 1) : n * (n - 1))
    }
    return isSine ? angle * series : series
  }
}
