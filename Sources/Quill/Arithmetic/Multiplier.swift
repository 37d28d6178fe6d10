/// How an operator turns an accumulator into its output's steps (`arithmetic.md`, "Rounding an accumulator").
public enum Rounding: UInt8, Sendable {
  /// Two roundings: a doubling high multiply, then a divide by a power of two. TensorFlow Lite's reference kernels.
  case double = 0

  /// One rounding of the product as IEEE double arithmetic gives it, in integers. LiteRT's fully connected operator.
  case real = 1
}

/// A positive real number as a 31-bit fraction and a power of two: `quantized / 2^31 * 2^shift`.
///
/// `quantized` is 0 or in 2^30...2^31 - 1; `shift` is in -31...30, positive to the left.
public struct Multiplier: Sendable, Equatable {
  /// The fraction, times 2^31.
  public var quantized: Int32

  /// The power of two.
  public var shift: Int32

  /// A multiplier by its parts.
  public init(quantized: Int32, shift: Int32) {
    self.quantized = quantized
    self.shift = shift
  }

  /// The product of a value and this multiplier, rounded twice, ties away from zero (`MultiplyByQuantizedMultiplier`).
  ///
  /// The caller proves that `x * 2^max(shift, 0)` fits 32 bits; opening a model proves it for every channel.
  @inline(__always)
  package func applied(to x: Int32) -> Int32 {
    let product = roundingDoublingHighMultiply(x &<< max(shift, 0), quantized)
    return roundingDivide(product, byPowerOfTwo: max(0 &- shift, 0))
  }
}

/// A positive double in integers: `mantissa / 2^shift`, with a mantissa of 53 bits, or zero.
///
/// `mantissa` is 0 or in 2^52...2^53 - 1; `shift` is in 1...83.
public struct RealMultiplier: Sendable, Equatable {
  /// The 53 significant bits.
  public var mantissa: UInt64

  /// The divisor's power of two.
  public var shift: Int32

  /// A multiplier by its parts.
  public init(mantissa: UInt64, shift: Int32) {
    self.mantissa = mantissa
    self.shift = shift
  }

  /// What `round(double(x) * multiplier)` gives in IEEE arithmetic, ties away from zero, computed in integers.
  ///
  /// The product of up to 84 bits is first rounded to the 53 bits of a double (its ties, to even there, cannot
  /// change the second rounding), then to an integer.
  package func applied(to x: Int32) -> Int32 {
    let (high, low) = mantissa.multipliedFullWidth(by: UInt64(x.magnitude))
    let bitWidth = high != 0 ? 128 - high.leadingZeroBitCount : 64 - low.leadingZeroBitCount
    let dropped = max(0, bitWidth - 53)
    let half: UInt64 = dropped > 0 ? 1 &<< UInt64(dropped - 1) : 0
    var (sum, carry) = low.addingReportingOverflow(half)
    var top = high &+ (carry ? 1 : 0)
    let tie = shift - 1
    if tie < 64 {
      (sum, carry) = sum.addingReportingOverflow(1 &<< UInt64(tie))
      top &+= carry ? 1 : 0
    } else {
      top &+= 1 &<< UInt64(tie - 64)
    }
    let magnitude: UInt64
    if shift < 64 {
      magnitude = sum &>> UInt64(shift) | (top &<< UInt64(64 - shift))
    } else {
      magnitude = top &>> UInt64(shift - 64)
    }
    let result = Int32(truncatingIfNeeded: magnitude)
    return x < 0 ? 0 &- result : result
  }
}
