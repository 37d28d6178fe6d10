import QuillImaging

/// The digits of displays with seven segments, as a camera shows them: 28 x 28, grey, light on black, the same on every
/// machine.
public enum DisplayDigits {
  /// The lit segments of each digit: top, upper left, upper right, middle, lower left, lower right, bottom.
  private static let segments = [
    "1110111", "0010010", "1011101", "1011011", "0111010", "1101011", "1101111", "1010010", "1111111", "1111011",
  ]

  /// The ends of the segments, in tenths of the width and of half the height.
  private static let ends: [(fromX: Int, fromY: Int, toX: Int, toY: Int)] = [
    (0, 0, 10, 0), (0, 0, 0, 10), (10, 0, 10, 10), (0, 10, 10, 10), (0, 10, 0, 20), (10, 10, 10, 20), (0, 20, 10, 20),
  ]

  /// The images of a split, as many as `SyntheticDigits` has.
  public static func images(split: DataSource.Split, count: Int? = nil) -> LabelledImages {
    switch split {
    case .train: images(seed: SyntheticDigits.trainSeed, count: count ?? 10_000)
    case .test: images(seed: SyntheticDigits.testSeed, count: count ?? 2_000)
    }
  }

  /// The first `count` images of a seed, all digits about equally often.
  public static func images(seed: UInt64, count: Int) -> LabelledImages {
    let side = DigitGenerator.side
    let generator = DigitGenerator(seed: seed)
    var (labels, images): ([Int], [UInt8]) = ([], [])
    var image = [UInt8](repeating: 0, count: side * side)
    for index in 0..<count {
      let label = generator.label(ofSample: UInt64(index))
      var random = SplitMix64(seed: seed ^ 0x7365_676D_656E_7473, item: UInt64(index))
      let glyph = glyph(of: label, gap: Int(random.below(3)), width: Int(random.uniform(4, 6)))
      var span = image.mutableSpan
      generator.draw(sample: UInt64(index), as: label, of: glyph.span, into: &span)
      labels.append(label)
      images += image
    }
    return LabelledImages(
      images: images, height: side, width: side, channels: 1, labels: labels,
      classNames: SyntheticDigits.classNames(.digits))
  }

  /// A stroke for each lit segment, `gap` units short at both ends; `width` is that of the digit in tenths.
  private static func glyph(of label: Int, gap: Int, width: Int) -> [GlyphPoint] {
    var points = [GlyphPoint.glyph(Int8(label))]
    for (lit, end) in zip(segments[label], ends) where lit == "1" {
      let (alongX, alongY) = ((end.toX - end.fromX).signum() * gap, (end.toY - end.fromY).signum() * gap)
      points.append(.down(Int8(end.fromX * width + alongX), Int8(end.fromY * 5 + alongY)))
      points.append(.turn(Int8(end.toX * width - alongX), Int8(end.toY * 5 - alongY)))
    }
    return points
  }
}
