/// Parameters of Add and Sub: both operands are brought to a common scale with 20 more bits, then added.
public struct Addition: Sendable, OperatorParameters {
  public var first = Multiplier(quantized: 1 << 30, shift: 0)
  public var second = Multiplier(quantized: 1 << 30, shift: 0)
  public var sum = Multiplier(quantized: 1 << 30, shift: 0)
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

  /// The output for one pair of values, each less its zero point.
  @inline(__always)
  package func value(_ a: Int32, _ b: Int32, subtracts: Bool, outputZeroPoint: Int32) -> Int8 {
    let left = first.applied(to: a &<< 20)
    let right = second.applied(to: b &<< 20)
    return range.clamp(sum.applied(to: subtracts ? left &- right : left &+ right) &+ outputZeroPoint)
  }
}

/// Parameters of Mul.
public struct Multiplication: Sendable, OperatorParameters {
  public var product = Multiplier(quantized: 1 << 30, shift: 0)
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

/// Two operands, broadcast along axes on which one has extent 1, element by element, in plain Swift.
package enum ElementWise {
  /// Where an operand lies, and what stands for its zero.
  package struct Operand: Sendable {
    package var strides: BroadcastStrides
    package var zeroPoint: Int32

    package init(_ tensor: TensorRecord) {
      strides = BroadcastStrides(tensor)
      zeroPoint = tensor.zeroPoint
    }
  }

  /// Computes every output value from the two operands' values less their zero points. Each span begins at its
  /// tensor's first value. The output may be an operand that lies the same way.
  @inline(__always)
  package static func run(
    _ first: Operand, _ second: Operand, layout: ImageLayout, a: Span<Int8>, b: Span<Int8>,
    output: inout MutableSpan<Int8>, _ combine: (Int32, Int32) -> Int8
  ) {
    for y in 0..<layout.height {
      for x in 0..<layout.width {
        let left = y &* first.strides.row &+ x &* first.strides.pixel
        let right = y &* second.strides.row &+ x &* second.strides.pixel
        let pixel = y &* layout.rowPitch &+ x &* layout.channels
        for channel in 0..<layout.channels {
          let p = Int32(a[left &+ channel &* first.strides.channel]) &- first.zeroPoint
          let q = Int32(b[right &+ channel &* second.strides.channel]) &- second.zeroPoint
          output[pixel &+ channel] = combine(p, q)
        }
      }
    }
  }
}
