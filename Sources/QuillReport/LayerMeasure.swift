import Foundation
import QuillConverter

/// Sums from which a layer's signal-to-noise ratio and cosine follow. Sums are exact in the order of the images.
struct LayerMeasure: Sendable {
  private var signal = 0.0
  private var noise = 0.0
  private var product = 0.0
  private var power = 0.0
  private var saturatedCount = 0
  private var count = 0

  /// Takes in a tensor of one image: what float computed, and int8 with its scale.
  ///
  /// What float has no number for (a division by zero) counts as saturated and is in no sum.
  /// - Parameters:
  ///   - reach: the values that the tensor's readers tell apart; both are taken as far.
  ///   - areScores: only a softmax reads the tensor. The converter lets scores saturate that no softmax can tell from zero,
  ///     so that float is taken as far as int8 reaches; the share that saturates is counted all the same.
  mutating func add(
    _ float: [Float], _ values: [Int8], scale: Float, zeroPoint: Int32, reach: QuillConverter.Calibration.Range,
    areScores: Bool
  ) {
    let low = Double(scale) * Double(-128 - zeroPoint)
    let high = Double(scale) * Double(127 - zeroPoint)
    let half = Double(scale) / 2
    for index in float.indices {
      guard float[index].isFinite else {
        saturatedCount += 1
        continue
      }
      let real = reach.clamping(Double(float[index]))
      let x = areScores ? min(max(real, low), high) : real
      let y = reach.clamping(Double(dequantize(values[index], scale: scale, zeroPoint: zeroPoint)))
      signal += x * x
      noise += (x - y) * (x - y)
      product += x * y
      power += y * y
      if real > high + half || real < low - half { saturatedCount += 1 }
    }
    count += float.count
  }

  /// Takes in another measure of the same layer.
  mutating func add(_ other: LayerMeasure) {
    signal += other.signal
    noise += other.noise
    product += other.product
    power += other.power
    saturatedCount += other.saturatedCount
    count += other.count
  }

  /// `10 log10(signal / noise)`; `nil` without noise.
  var sqnrDecibels: Double? {
    if noise == 0 { return nil }
    return 10 * log10(max(signal, Double.leastNormalMagnitude) / noise)
  }

  var cosine: Double {
    if signal == 0 || power == 0 { return signal == power ? 1 : 0 }
    return product / (signal.squareRoot() * power.squareRoot())
  }

  var saturated: Double { count == 0 ? 0 : Double(saturatedCount) / Double(count) }
}
