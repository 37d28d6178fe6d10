/// What the runtime answers for each int8 step where an activation is a table of its own rounding: leaky ReLU rounds
/// twice, hard-swish computes with 16 bits, and neither is the nearest step (`arithmetic.md`, "Element-wise").
struct StepTable {
  /// The scale and the zero point of a tensor.
  typealias Steps = (scale: Float, zeroPoint: Float)

  /// The real answers to the steps -128...127.
  private let answers: [Float]
  private let input: Steps

  /// The table of a function; `nil` where the nearest step is the runtime's.
  init?(_ function: Layer.ActivationFunction, from input: Steps, to output: Steps) {
    self.input = input
    switch function {
    case .leakyRelu(let alpha):
      let ratio = Double(input.scale) / Double(output.scale)
      let (identity, slope) = (
        FixedMultiplier(ratio), FixedMultiplier(Double(input.scale) * Double(alpha) / Double(output.scale))
      )
      answers = Self.answers(input, output) { ($0 >= 0 ? identity : slope).times($0) }
    case .hardSwish:
      let fine = Float(1.0 / 128) * input.scale
      let product = FixedMultiplier(Double(fine / output.scale))
      let share = FixedMultiplier(Double(fine / Float(3.0 / 32768)))
      guard product.exponent <= 0 else { return nil }
      answers = Self.answers(input, output) { Self.hardSwish($0, product, share) }
    case .relu, .relu6, .sigmoid, .tanh: return nil
    }
  }

  /// Looks values up that lie on the input's steps.
  func look(up values: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int, _ workers: Workers) {
    let (scale, first) = (input.scale, Int32(input.zeroPoint) + 128)
    answers.withUnsafeBufferPointer { answers in
      workers.run(count, grain: 4096) { elements, _ in
        for index in elements {
          let step = Int32((values[index] / scale).rounded()) + first
          target[index] = answers[Int(max(0, min(255, step)))]
        }
      }
    }
  }

  private static func answers(_ input: Steps, _ output: Steps, _ function: (Int) -> Int) -> [Float] {
    (-128...127).map { step in
      let answer = function(step - Int(input.zeroPoint)) + Int(output.zeroPoint)
      return Float(max(-128, min(127, answer)) - Int(output.zeroPoint)) * output.scale
    }
  }

  private static func hardSwish(_ distance: Int, _ product: FixedMultiplier, _ share: FixedMultiplier) -> Int {
    func saturated(_ x: Int) -> Int { max(-32768, min(32767, x)) }
    let x = distance * 128
    var ramp = x
    if share.exponent > 0 { ramp = saturated(ramp << (share.exponent - 1)) }
    ramp = (ramp * share.short + 1 << 14) >> 15
    if share.exponent > 0 { ramp = saturated(2 * ramp) }
    if share.exponent < 0 { ramp = FixedMultiplier.divided(ramp, byPowerOfTwo: -share.exponent) }
    ramp = (ramp + 32768) >> 1
    let result = ramp * ((x * product.short + 1 << 14) >> 15) / (1 << 15)
    return FixedMultiplier.divided(result, byPowerOfTwo: -product.exponent)
  }
}

/// A real factor as the runtime multiplies by it: 31 bits and a power of two. The float side's own, for it does not import
/// the core.
struct FixedMultiplier: Equatable {
  /// The factor is `mantissa * 2^(exponent - 31)`.
  let mantissa: Int, exponent: Int

  /// The multiplier nearest to a factor above 0.
  init(_ factor: Double) {
    guard factor > 0, factor.isFinite, factor.exponent >= -32 else {
      (mantissa, exponent) = (0, 0)
      return
    }
    let rounded = Int((factor.significand * 0x1p30).rounded(.toNearestOrAwayFromZero))
    let carries = rounded == 1 << 31
    (mantissa, exponent) = (carries ? 1 << 30 : rounded, Int(factor.exponent) + (carries ? 2 : 1))
  }

  /// The upper 16 bits of the mantissa.
  var short: Int { mantissa >= 0x7FFF_0000 ? 32767 : (mantissa + 1 << 15) >> 16 }

  /// A product, rounded as the runtime rounds it.
  func times(_ x: Int) -> Int {
    let high = ((x << max(exponent, 0)) * mantissa + 1 << 30) >> 31
    return Self.divided(high, byPowerOfTwo: max(-exponent, 0))
  }

  /// A quotient by `2^exponent`, halves away from zero.
  static func divided(_ x: Int, byPowerOfTwo exponent: Int) -> Int {
    exponent == 0 ? x : (x + 1 << (exponent - 1) - (x < 0 ? 1 : 0)) >> exponent
  }
}
