/// Scale and zero point of a tensor.
struct QuantizationParameters: Equatable {
  var scale: Float
  var zeroPoint: Int32

  init(scale: Float, zeroPoint: Int32) {
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// The finest steps that hold a range, zero being one of them exactly, but none finer than `minimumScale`.
  init(_ range: Calibration.Range, minimumScale: Float = 0x1p-60) {
    let low = Double(min(range.low, 0))
    let high = Double(max(range.high, 0))
    // A tensor that is always zero: any scale serves.
    let width = high - low
    // Smaller steps than 2^-60 cannot be told apart in a Float32 product of scales.
    scale = width > 0 ? max(Float(width / 255), minimumScale, 0x1p-60) : 1
    zeroPoint = Int32(max(-128, min(127, (-128 - low / Double(scale)).rounded(.toNearestOrAwayFromZero))))
  }
}
