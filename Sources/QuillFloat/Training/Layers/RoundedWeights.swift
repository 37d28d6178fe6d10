import CQuillFloatKernels

/// Weights as the converter rounds them to int8: symmetric, one scale a column, the largest weight being 127 steps
/// (`arithmetic.md`, "Numbers"). Gradients pass straight through the rounding (Jacob et al. 2018, arXiv 1712.05877).
final class RoundedWeights {
  /// What products use, `[rowCount][columnPitch]`.
  let values: FloatStorage

  private let rowCount: Int
  private let columnPitch: Int
  private let scales: FloatStorage
  private let level: KernelLevel

  /// Room for the weights of a layer; `columnPitch` is a multiple of 16.
  init(rowCount: Int, columnPitch: Int, _ level: KernelLevel) {
    self.rowCount = rowCount
    self.columnPitch = columnPitch
    self.level = level
    values = FloatStorage(count: rowCount * columnPitch)
    scales = FloatStorage(count: columnPitch)
  }

  /// Rounds `[rowCount][columnPitch]` weights.
  func round(_ weights: UnsafePointer<Float>) {
    let scales = scales.base
    scales.update(repeating: 0, count: columnPitch)
    for row in 0..<rowCount {
      let weights = weights + row * columnPitch
      for column in 0..<columnPitch {
        let magnitude = weights[column].magnitude
        scales[column] = magnitude > scales[column] ? magnitude : scales[column]
      }
    }
    for column in 0..<columnPitch {
      let scale = Float(Double(scales[column]) / 127)
      scales[column] = scale > 0 ? max(scale, 0x1p-100) : 1
    }
    var work = quill_float_fake_quantize(
      input: weights, output: values.base, scales: scales, count: rowCount * columnPitch,
      block_count: columnPitch / 16, low: -127, high: 127, offset: 0, tolerance: 0)
    quill_float_fake_quantize(level.rawLevel, &work)
  }
}
