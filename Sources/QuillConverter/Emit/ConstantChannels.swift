import Quill

/// Finds channels of a linear operation whose sums could leave 32 bits but whose result is the same whatever comes in,
/// and gives them weights of zero.
///
/// TensorFlow's quantiser writes such channels where batch normalisation made a channel next to nothing: the weights'
/// scale is so small that the bias, counted in its steps, saturates, and that the multiplier is zero.
struct ConstantChannels {
  let weights: QuantizedWeights

  /// Whether channels stand next to each other in the weights, rather than each as a whole.
  let isDepthwise: Bool
  let input: QuantizedGraph.Tensor
  let output: QuantizedGraph.Tensor
  let range: OutputRange
  let rounding: Rounding

  /// The weights with those channels set to what they answer.
  var settled: QuantizedWeights {
    let channels = isDepthwise ? weights.shape.last ?? 1 : weights.shape.first ?? 1
    let depth = weights.values.count / max(1, channels)
    var result = weights
    for channel in 0..<channels {
      func position(_ tap: Int) -> Int { isDepthwise ? tap * channels + channel : channel * depth + tap }
      let values = (0..<depth).map { Int64(weights.values[position($0)]) }
      guard let bias = constantBias(channel, values) else { continue }
      for tap in 0..<depth { result.values[position(tap)] = 0 }
      result.bias?[channel] = bias
    }
    return result
  }

  /// The bias that alone gives a channel's result; nil where its sums are in bounds, or its result is not constant.
  private func constantBias(_ channel: Int, _ values: [Int64]) -> Int32? {
    let bias = Int64(weights.bias?[channel] ?? 0)
    let bound = values.reduce(0) { $0 + abs($1) } * 255 + abs(bias)
    let real = Double(input.scale) * Double(weights.scale(channel)) / Double(output.scale)
    guard bound >= 1 << 31, let step = step(real) else { return nil }
    if step.isZero { return 0 }
    let (least, greatest) = (Int64(-128 - input.zeroPoint), Int64(127 - input.zeroPoint))
    let low = values.reduce(bias) { $0 + min($1 * least, $1 * greatest) }
    let high = values.reduce(bias) { $0 + max($1 * least, $1 * greatest) }
    guard let first = Int32(exactly: low), let last = Int32(exactly: high), step.result(first) == step.result(last)
    else { return nil }
    return first == .min ? last : first
  }

  /// How a sum becomes an output; multipliers that would shift it to the left are left out.
  private struct Step {
    let isZero: Bool
    let result: (Int32) -> Int32
  }

  private func step(_ real: Double) -> Step? {
    let (range, zeroPoint) = (range, output.zeroPoint)
    func limited(_ value: Int32) -> Int32 { min(range.maximum, max(range.minimum, value &+ zeroPoint)) }
    switch rounding {
    case .double:
      guard let multiplier = Multiplier(real: real), multiplier.shift <= 0 else { return nil }
      return Step(isZero: multiplier.quantized == 0) { limited(multiplier.applied(to: $0)) }
    case .real:
      guard let multiplier = RealMultiplier(real: real), multiplier.shift >= 53 else { return nil }
      return Step(isZero: multiplier.mantissa == 0) { limited(multiplier.applied(to: $0)) }
    }
  }
}
