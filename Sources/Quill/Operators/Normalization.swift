/// Parameters of Normalize over any of the axes height, width, channels: what layer, group and instance normalisation do
/// before their scale and shift, and root mean square normalisation, which leaves the mean.
///
/// Values of a group, less the zero point, are x. With their count n, sum S (0 where the mean stays) and sum of squares Q,
/// an output is `(n x - S) / sqrt(n Q - S^2 + n^2 epsilon)`: only its last step is rounded to eight bits.
public struct Normalization: Sendable, OperatorParameters {
  /// Groups of more values could leave the integers.
  public static let maximumCount = 1 << 18
  /// The greatest `epsilon`.
  public static let maximumEpsilon: UInt64 = 1 << 52

  /// The axes that a group goes over, and the steps of the output in one.
  public var group = Reduction()
  /// 1 where the mean is taken off, 0 where it stays.
  public var centers: UInt32 = 1
  /// What is added to `n Q - S^2`: n^2 times the real epsilon, in squared steps of the input.
  public var epsilon: UInt64 = 0

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try group.transfer(&coder)
    try coder.field(&centers, "centers", 0...1)
    try coder.field(&epsilon, "epsilon", 0...Self.maximumEpsilon)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectExtentsOfInput()
    // An output is at most sqrt(n) 2^shift steps, and the factor of the widest group above 2^(shift - 27).
    if group.count(of: scope.input) > Self.maximumCount || !(-4...16).contains(group.multiplier.shift) {
      throw scope.failure(.accumulator(channel: 0))
    }
  }

  /// The output's steps in one of `n x - S`, for the squared length of a group: `multiplier / sqrt(square)`.
  ///
  /// The root has 32 bits and is the greatest whose square is not above; the quotient is cut to 30 or 31 bits.
  package func factor(_ square: UInt64) -> Multiplier {
    // Without any length, every `n x - S` is 0.
    let square = max(square, 1)
    let shift = square.leadingZeroBitCount & ~1
    let scaled = square &<< UInt64(shift)
    var root: UInt64 = 0
    var bit: UInt64 = 1 << 31
    repeat {
      let next = root | bit
      if next &* next <= scaled { root = next }
      bit >>= 1
    } while bit != 0
    let quotient = (UInt64(truncatingIfNeeded: group.multiplier.quantized) &<< 31) / root
    return Multiplier(
      quantized: Int32(truncatingIfNeeded: quotient),
      shift: group.multiplier.shift &- 31 &+ Int32(truncatingIfNeeded: shift / 2))
  }

  /// The pixels and channels of a group.
  private struct Group {
    var rows, columns, depth: Int

    var count: Int32 { Int32(truncatingIfNeeded: rows &* columns &* depth) }
  }

  /// Computes every output value; `input` and `output` begin at their first values. Both may be the same memory.
  package func run(
    _ layout: ImageLayout, outputPitch: Int, inputZeroPoint: Int32, outputZeroPoint: Int32,
    input: Span<Int8>, output: inout MutableSpan<Int8>
  ) {
    // Without branches: a program for a small board has one way through what follows. Every extent is at least 1.
    let extents = Group(
      rows: 1 &+ (layout.height &- 1) &* Int(group.axes & 1),
      columns: 1 &+ (layout.width &- 1) &* Int(group.axes >> 1 & 1),
      depth: 1 &+ (layout.channels &- 1) &* Int(group.axes >> 2))
    var y = 0
    repeat {
      var x = 0
      repeat {
        var channel = 0
        repeat {
          normalize(
            extents, y, x &* layout.channels &+ channel, layout, outputPitch: outputPitch,
            inputZeroPoint: inputZeroPoint, outputZeroPoint: outputZeroPoint, input: input, output: &output)
          channel &+= extents.depth
        } while channel < layout.channels
        x &+= extents.columns
      } while x < layout.width
      y &+= extents.rows
    } while y < layout.height
  }

  /// One group, whose first value is `start` values into row `y`: one walk adds up, the other writes.
  private func normalize(
    _ group: Group, _ y: Int, _ start: Int, _ layout: ImageLayout, outputPitch: Int, inputZeroPoint: Int32,
    outputZeroPoint: Int32, input: Span<Int8>, output: inout MutableSpan<Int8>
  ) {
    var sum: Int32 = 0
    var squares: Int64 = 0
    var factor: Multiplier?
    while true {
      var row = y
      repeat {
        let skew = row &* (outputPitch &- layout.rowPitch)
        var pixel = row &* layout.rowPitch &+ start
        let last = pixel &+ group.columns &* layout.channels
        repeat {
          var index = pixel
          repeat {
            let value = Int32(input[index]) &- inputZeroPoint
            if let factor {
              let steps = factor.applied(to: group.count &* value &- sum)
              output[skew &+ index] = saturatingInt8(steps &+ outputZeroPoint)
            } else {
              sum = sum &+ value
              squares = squares &+ Int64(value &* value)
            }
            index &+= 1
          } while index < pixel &+ group.depth
          pixel &+= layout.channels
        } while pixel < last
        row &+= 1
      } while row < y &+ group.rows
      if factor != nil { return }
      sum = sum &* Int32(truncatingIfNeeded: centers)
      let square = Int64(group.count) &* squares &- Int64(sum) &* Int64(sum)
      factor = self.factor(UInt64(truncatingIfNeeded: square) &+ epsilon)
    }
  }
}
