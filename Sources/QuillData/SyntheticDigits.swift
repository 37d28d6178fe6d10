import QuillImaging

/// Digits that the imaging room draws: 28 x 28, grey, light on black, the same on every machine.
public enum SyntheticDigits {
  /// The seed of the images that measure a network.
  public static let testSeed: UInt64 = 0x5175_696c_6c00_0001

  /// The seed of the images that it may learn from.
  public static let trainSeed: UInt64 = 0x5175_696c_6c00_0002

  /// The images of a split: `count` of them, by default 10,000 to train and 2,000 to test.
  public static func images(
    split: DataSource.Split, count: Int? = nil, script: DrawnScript = .digits
  ) -> LabelledImages {
    switch split {
    case .train: images(seed: trainSeed, count: count ?? 10_000, script: script)
    case .test: images(seed: testSeed, count: count ?? 2_000, script: script)
    }
  }

  /// The first `count` images of a seed, all characters about equally often.
  public static func images(seed: UInt64, count: Int, script: DrawnScript = .digits) -> LabelledImages {
    let side = DigitGenerator.side
    let generator = DigitGenerator(seed: seed, script: script)
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
      images: images, height: side, width: side, channels: 1, labels: labels, classNames: classNames(script))
  }

  /// The characters of a script, in the order of their labels.
  public static func classNames(_ script: DrawnScript) -> [String] {
    switch script {
    case .digits: (0...9).map(String.init)
    case .digitsAndLetters: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
    case .devanagariDigits: "\u{966}\u{967}\u{968}\u{969}\u{96A}\u{96B}\u{96C}\u{96D}\u{96E}\u{96F}".map(String.init)
    }
  }
}
