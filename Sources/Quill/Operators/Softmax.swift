/// Parameters of Softmax over the channels of each pixel. The output's scale is 1/256 and its zero point -128.
public struct Softmax: Sendable, OperatorParameters {
  /// beta x scale in Q5.26: `shift` is to the left, 1...31.
  public var multiplier = Multiplier(quantized: 1 << 30, shift: 1)
  /// Values this far below the greatest, or further, answer -128 and add nothing.
  public var differenceMinimum: Int32 = 0

  /// The most channels: the sum of their exponentials keeps within 31 bits.
  package static let maximumChannels = 4_095

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&multiplier.quantized, "multiplier", 1 << 30...Int32.max)
    try coder.field(&multiplier.shift, "shift", 1...31)
    try coder.field(&differenceMinimum, "least difference", -0x7C00_0000...0)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectExtentsOfInput()
    if Int(scope.input.channels) > Softmax.maximumChannels {
      throw scope.failure(
        .extent("channels", found: Int64(scope.input.channels), expected: Int64(Softmax.maximumChannels)))
    }
    if scope.output.scaleBits != Float(1.0 / 256).bitPattern || scope.output.zeroPoint != -128 {
      throw scope.failure(.extent("output zero point", found: Int64(scope.output.zeroPoint), expected: -128))
    }
    // A difference that counts, shifted left, keeps within 31 bits.
    let limit: Int64 = 0x7C00_0000 >> Int64(multiplier.shift)
    if Int64(differenceMinimum) < -limit {
      throw scope.failure(
        .field("least difference", found: Int64(differenceMinimum), low: -limit, high: 0))
    }
  }

  /// Computes every output value; spans begin at the tensors' first values.
  ///
  /// - Parameter exponentials: `exponential(below:)` of 0..<`differenceCount`, or nothing, and each is computed.
  package func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, exponentials: Span<Int32>,
    output: inout MutableSpan<Int8>
  ) {
    for y in 0..<inputLayout.height {
      for x in 0..<inputLayout.width {
        run(
          count: inputLayout.channels, inputOffset: y * inputLayout.rowPitch + x * inputLayout.channels,
          outputOffset: y * outputLayout.rowPitch + x * outputLayout.channels, input: input, exponentials: exponentials,
          output: &output)
      }
    }
  }

  private func run(
    count: Int, inputOffset: Int, outputOffset: Int, input: Span<Int8>, exponentials: Span<Int32>,
    output: inout MutableSpan<Int8>
  ) {
    var greatest: Int32 = -128
    for index in 0..<count { greatest = max(greatest, Int32(input[inputOffset &+ index])) }
    func exponential(_ index: Int) -> Int32 {
      let steps = Int(greatest &- Int32(input[inputOffset &+ index]))
      return exponentials.isEmpty ? self.exponential(below: steps) : exponentials[steps]
    }
    var sum: Int32 = 0
    for index in 0..<count { sum = sum &+ roundingDivide(exponential(index), byPowerOfTwo: 12) }
    // The greatest value adds 2^19, so that the sum is never zero; 4,095 of them stay below 2^31. From 512 of them on the
    // exponent leaves 31, where TensorFlow Lite's is undefined; every answer is nearest to 0 there.
    let headroom = Int32(sum.leadingZeroBitCount)
    let reciprocal = reciprocalOfOnePlus(
      Int32(truncatingIfNeeded: (Int64(sum) &<< Int64(headroom)) &- (1 << 31)))
    let exponent = 12 &- headroom &+ 23
    for index in 0..<count {
      let product = roundingDoublingHighMultiply(reciprocal, exponential(index))
      let value = min(127, roundingDivide(product, byPowerOfTwo: exponent) &- 128)
      output[outputOffset &+ index] = Int8(truncatingIfNeeded: value)
    }
  }

  /// How many differences there are between two int8 values, in steps.
  package static let differenceCount = 256

  /// The exponential of a value so many input steps below the greatest, as Q0.31; 0 where it does not count.
  @inline(never)
  package func exponential(below steps: Int) -> Int32 {
    let difference = 0 &- Int32(truncatingIfNeeded: steps)
    guard difference >= differenceMinimum else { return 0 }
    return exponentialOfNonPositive(
      roundingDoublingHighMultiply(difference &<< multiplier.shift, multiplier.quantized), integerBits: 5)
  }
}
