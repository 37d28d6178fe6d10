/// Says how surely a picture shows one whole digit; what `DigitFinder.findAll` asks where digits touch.
public protocol DigitJudge: ~Copyable {
  /// Rates a picture in the form of MNIST: 784 bytes, rows of 28, light ink on black.
  ///
  /// - Returns: the larger the surer; in steps of 1/256 of a logit, how far the likeliest class is ahead of the next.
  mutating func rate(_ image: Span<UInt8>) -> Int32
}

/// Judges by shape alone, where there is no network: a digit is about two thirds as wide as high.
public struct ShapeJudge: DigitJudge {
  /// A judge without a memory.
  public init() {}

  /// 0 for a picture of the usual proportions, less the further it is from them.
  public mutating func rate(_ image: Span<UInt8>) -> Int32 {
    let side = DigitFinder.imageSide
    var box = PixelBox(left: .max, top: .max, right: .min, bottom: .min)
    for row in 0..<side {
      for column in 0..<side where image[row * side + column] >= 64 {
        let (x, y) = (Int32(column), Int32(row))
        box = box.union(PixelBox(left: x, top: y, right: x + 1, bottom: y + 1))
      }
    }
    guard !box.isEmpty else { return .min / 2 }
    return -abs(box.width * 1_024 / box.height - 680)
  }
}
