import QuillImaging

/// Digits that the imaging room draws: 28 x 28, grey, light on black, the same on every machine.
public enum SyntheticDigits {
  /// The seed of the images that measure a network.
  public static let testSeed: UInt64 = 0x5175_696c_6c00_0001

  /// The seed of the images that it may learn from.
  public static let trainSeed: UInt64 = 0x5175_696c_6c00_0002

  /// The images of a split: `count` of them, by default 10,000 to train and 2,000 to test.
  public static func images(split: DataSource.Split, count: Int? = nil) -> LabelledImages {
    switch split {
    case .train: images(seed: trainSeed, count: count ?? 10_000)
    case .test: images(seed: testSeed, count: count ?? 2_000)
    }
  }

  /// The first `count` images of a seed, all ten digits about equally often.
  public static func images(seed: UInt64, count: Int) -> LabelledImages {
    let side = DigitGenerator.side
    let generator = DigitGenerator(seed: seed)
    var labels: [Int] = []
    var images: [UInt8] = []
    images.reserveCapacity(count * side * side)
    var image = [UInt8](repeating: 0, count: side * side)
    for index in 0..<count {
      var span = image.mutableSpan
      labels.append(generator.draw(sample: UInt64(index), into: &span))
      images.append(contentsOf: image)
    }
    return LabelledImages(
      images: images, height: side, width: side, channels: 1, labels: labels, classNames: (0...9).map(String.init))
  }
}
