import Foundation

/// Sums from which a layer's signal-to-noise ratio and cosine follow. Sums are exact in the order of the images.
struct LayerMeasure: Sendable {
  private var signal = 0.0
  private var noise = 0.0
  private var product = 0.0
  private var power = 0.0
  private var saturatedCount = 0
  private var count = 0

  /// Takes in a tensor of one image.
  ///
  /// What float has no number for (a division by zero) counts as saturated and is in no sum.
  /// - Parameters:
  ///   - float: what float computed, as far as it counts (`DriftTensor`).
  ///   - int8: what int8 did.
  ///   - saturated: how many of the first int8 cannot hold.
  mutating func add(_ float: [Float], _ int8: [Float], saturated: Int) {
    for (x, y) in zip(float, int8) where x.isFinite {
      let (x, y) = (Double(x), Double(y))
      signal += x * x
      noise += (x - y) * (x - y)
      product += x * y
      power += y * y
    }
    saturatedCount += saturated
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
