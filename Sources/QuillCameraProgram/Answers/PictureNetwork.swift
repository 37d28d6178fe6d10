import Quill
import QuillImaging

/// A network as it is asked about pictures: what it names them, how surely, and, as a judge, how surely a picture shows
/// one whole digit.
struct PictureNetwork: ~Copyable, DigitJudge {
  var classifier: Classifier
  /// Whether ink must be dark: the finder gives it bright.
  private let isInverted: Bool
  /// A digit's picture as the network takes it.
  private var turned: [UInt8]
  private let classCount: Int
  /// Whether the classes are the digits 0 to 9.
  private let namesDigits: Bool
  /// Whether the last digit named had the shape of its name.
  private var isShaped = true

  init(_ classifier: consuming Classifier, isInverted: Bool) {
    classCount = classifier.model.tensors[classifier.model.outputTensor()].count
    turned = [UInt8](repeating: 0, count: DigitFinder.imageSide * DigitFinder.imageSide)
    self.isInverted = isInverted
    var digits = 0
    while digits < classCount, classifier.labelBytes(digits) == [48 + UInt8(digits % 10)] { digits += 1 }
    namesDigits = classCount == 10 && digits == 10
    self.classifier = classifier
  }

  /// The best class of a picture of the network's own size.
  mutating func name(_ pixels: Span<UInt8>) -> FrameAnswer.Guess {
    let best = classifier.classify(pixels: pixels)
    return FrameAnswer.Guess(classIndex: best.classIndex, probabilityIn256ths: best.probabilityIn256ths)
  }

  /// The best class of a digit, light ink on black as the finder gives it.
  mutating func name(digit: Span<UInt8>) -> FrameAnswer.Guess {
    for index in turned.indices { turned[index] = isInverted ? 255 - digit[index] : digit[index] }
    let best = Self.name(turned, &classifier)
    isShaped = !namesDigits || DigitShape.of(digit, isLike: best.classIndex)
    return best
  }

  private static func name(_ pixels: [UInt8], _ classifier: inout Classifier) -> FrameAnswer.Guess {
    let best = classifier.classify(pixels: pixels.span)
    return FrameAnswer.Guess(classIndex: best.classIndex, probabilityIn256ths: best.probabilityIn256ths)
  }

  mutating func rate(_ image: Span<UInt8>) -> Int32 {
    let best = name(digit: image)
    if let margin = classifier.engine.decisionMargin(of: classifier.model) {
      return isShaped ? margin : DigitShape.doubted(margin: margin)
    }
    guard let second = runnerUp(to: best) else { return 0 }
    return Int32(classifier.engine.outputValue(best.classIndex, of: classifier.model))
      - Int32(classifier.engine.outputValue(second.classIndex, of: classifier.model))
  }

  /// The class with the greatest output after the best, of the last picture.
  func runnerUp(to best: FrameAnswer.Guess) -> FrameAnswer.Guess? {
    var second: Int?
    for index in 0..<classCount where index != best.classIndex {
      let value = classifier.engine.outputValue(index, of: classifier.model)
      if let current = second, classifier.engine.outputValue(current, of: classifier.model) >= value { continue }
      second = index
    }
    guard let second else { return nil }
    return FrameAnswer.Guess(
      classIndex: second,
      probabilityIn256ths: best.probabilityIn256ths == nil ? nil : classifier.probability(second))
  }

  /// Whether the answer to the last picture is to be doubted: a digit because it has not that digit's shape; where a least
  /// margin was asked for, because the second class is nearer; of digits otherwise, because it is nearer than the finder's
  /// measured least margin of logits; of other networks, because it is within 20 percent.
  func doubts(_ best: FrameAnswer.Guess, marginPercent: UInt32?, isDigit: Bool) -> Bool {
    if isDigit, !isShaped { return true }
    if marginPercent == nil, isDigit, let margin = classifier.engine.decisionMargin(of: classifier.model) {
      return margin < FoundDigit.leastMargin
    }
    guard let first = best.probabilityIn256ths, let second = runnerUp(to: best)?.probabilityIn256ths else {
      return false
    }
    return (first - second) * 100 < Int(marginPercent ?? 20) * 256
  }
}
