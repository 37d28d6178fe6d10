/// Parameters of Mul.
public struct Multiplication: Sendable, OperatorParameters {
  /// Brings the product to the output's scale.
  public var product = Multiplier(quantized: 1 << 30, shift: 0)
  /// What the output is limited to.
  public var range = OutputRange.all

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try product.transfer(&coder)
    try range.transfer(&coder)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectBroadcast()
    // |x1 - z1| and |x2 - z2| are at most 255.
    if product.shift > 14 { throw scope.failure(.accumulator(channel: 0)) }
  }

  /// The output for one pair of values, each less its zero point.
  @inline(__always)
  package func value(_ a: Int32, _ b: Int32, outputZeroPoint: Int32) -> Int8 {
    range.clamp(product.applied(to: a &* b) &+ outputZeroPoint)
  }
}
