import CQuillFloatKernels

/// A value as int8 holds it: asymmetric, one scale for all of it, zero among its steps (`arithmetic.md`, "Numbers").
///
/// The range follows the least and the greatest value of the batches: their mean at first, and then a mean that forgets,
/// `range = 0.99 * range + 0.01 * batch`. Gradients pass straight through the rounding, and stop beyond the range
/// (Jacob et al. 2018, arXiv 1712.05877, section 3).
final class ValueRounding {
  /// Low, high, and the batches that they were seen on.
  let range = FloatStorage(count: 3)

  private static let mostMemory: Float = 0.99

  private let scales = FloatStorage(count: 16)
  private let level: KernelLevel

  /// A rounding without a range yet.
  init(_ level: KernelLevel) { self.level = level }

  /// A rounding within a range that is known.
  convenience init(low: Float, high: Float, _ level: KernelLevel) {
    self.init(level)
    (range.base[0], range.base[1]) = (low, high)
  }

  /// The least and the greatest number that the range holds; zero lies between.
  var low: Float { min(range.base[0], 0) }
  var high: Float { max(range.base[1], 0) }

  /// The real size of a step, and the step that stands for zero: the converter's for the same range.
  var parameters: (scale: Float, zeroPoint: Float) {
    let (low, high) = (Double(low), Double(high))
    let scale = high > low ? max(Float((high - low) / 255), 0x1p-60) : 1
    return (scale, Float((-128 - low / Double(scale)).rounded(.toNearestOrAwayFromZero)))
  }

  /// Lets a batch's values move the range.
  func observe(_ values: UnsafePointer<Float>, count: Int) {
    var seen: [Float] = [0, 0]
    seen.withUnsafeMutableBufferPointer { seen in
      var work = quill_float_range(
        values: values, count: count, low: .infinity, high: -.infinity, result: seen.baseAddress)
      quill_float_range(level.rawLevel, &work)
    }
    guard seen[0] <= seen[1] else { return }
    let batches = range.base[2]
    let memory = min(batches / (batches + 1), Self.mostMemory)
    range.base[0] = memory * range.base[0] + (1 - memory) * seen[0]
    range.base[1] = memory * range.base[1] + (1 - memory) * seen[1]
    range.base[2] = batches + 1
  }

  /// Rounds values, of which up to 15 more are read and written.
  ///
  /// Halves go away from zero, but for a mean over windows: of four bytes every fourth is a half, and the runtime rounds the
  /// stored step away from its own zero (`arithmetic.md`, "Pools"). There a float sum may lie a little below the half.
  func round(
    _ values: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int, isMean: Bool, _ workers: Workers
  ) {
    let (scale, zeroPoint) = parameters
    scales.base.update(repeating: scale, count: 16)
    workers.run((count + 15) / 16, grain: 256) { blocks, _ in
      var work = quill_float_fake_quantize(
        input: values + blocks.lowerBound * 16, output: target + blocks.lowerBound * 16, scales: scales.base,
        count: blocks.count * 16, block_count: 1, low: -128 - zeroPoint, high: 127 - zeroPoint,
        offset: isMean ? zeroPoint : 0,
        tolerance: isMean ? 0x1p-10 : 0)
      quill_float_fake_quantize(level.rawLevel, &work)
    }
  }

  /// Stops gradients of values beyond the range.
  func mask(
    _ gradients: UnsafeMutablePointer<Float>, values: UnsafePointer<Float>, count: Int, _ workers: Workers
  ) {
    let (scale, zeroPoint) = parameters
    workers.run(count, grain: 4096) { elements, _ in
      let gradients = gradients + elements.lowerBound
      var work = quill_float_mask(
        kind: QUILL_FLOAT_MASK_WITHIN, values: values + elements.lowerBound, gradients: gradients,
        count: elements.count, low: (-128.5 - zeroPoint) * scale, high: (127.5 - zeroPoint) * scale, slope: 0,
        output: gradients)
      quill_float_mask(level.rawLevel, &work)
    }
  }
}
