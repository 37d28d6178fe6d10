/// Parameters of Add and Sub: both operands are brought to a common scale with 20 more bits, then added.
public struct Addition: Sendable, OperatorParameters {
  /// Brings the first operand to the common scale; its shift is to the right.
  public var first = Multiplier(quantized: 1 << 30, shift: 0)
  /// Brings the second operand to the common scale; its shift is to the right.
  public var second = Multiplier(quantized: 1 << 30, shift: 0)
  /// Brings the sum to the output's scale; its shift is to the right.
  public var sum = Multiplier(quantized: 1 << 30, shift: 0)
  /// What the output is limited to.
  public var range = OutputRange.all

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try first.transfer(&coder)
    try second.transfer(&coder)
    try sum.transfer(&coder)
    try range.transfer(&coder)
  }

  /// Shifts are to the right: the converter scales both operands by at most one half.
  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectBroadcast()
    for multiplier in [first, second, sum] where multiplier.shift > 0 {
      throw scope.failure(
        .multiplier(channel: 0, quantized: Int64(multiplier.quantized), shift: Int64(multiplier.shift)))
    }
  }

  /// The same sum with its operands changed over.
  package var swapped: Addition {
    var result = self
    result.first = second
    result.second = first
    return result
  }

  /// The output for one pair of values, each less its zero point.
  @inline(__always)
  package func value(_ a: Int32, _ b: Int32, subtracts: Bool, outputZeroPoint: Int32) -> Int8 {
    let left = first.applied(to: a &<< 20)
    let right = second.applied(to: b &<< 20)
    return range.clamp(sum.applied(to: subtracts ? left &- right : left &+ right) &+ outputZeroPoint)
  }
}
