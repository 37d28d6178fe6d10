import Quill
import QuillCamera
import QuillImaging

/// Finds the digit in a grey frame and names it. Nothing is allocated while the frames keep their size.
struct FrameClassifier: ~Copyable {
  /// The finder's picture: 28 x 28.
  private static let pixelCount = DigitFinder.imageSide * DigitFinder.imageSide

  private var classifier: Classifier
  /// Made for the size of the first frame, and again when that changes.
  private var finder: DigitFinder?
  private let isInverted: Bool
  private let classCount: Int
  /// The classes' names as UTF-8, made once.
  let labels: [[UInt8]]

  /// A classifier for models that take a digit of 28 x 28 grey pixels.
  init(_ path: SystemPath) throws(ProgramError) {
    let loaded = try ModelLoader.load(path)
    let inputTensor = loaded.model.tensors[loaded.model.inputTensor()]
    let fit = loaded.model.preprocessing?.fit ?? .digit
    guard loaded.model.inputCount == 1, inputTensor.count == Self.pixelCount, fit == .digit else {
      throw .notADigitModel(path)
    }
    isInverted = loaded.model.preprocessing?.polarity == .darkOnLight
    classCount = loaded.model.tensors[loaded.model.outputTensor()].count
    var labels: [[UInt8]] = []
    for index in 0..<classCount { labels.append(loaded.labelBytes(index)) }
    self.labels = labels
    classifier = loaded
  }

  /// Answers one frame.
  mutating func classify(_ frame: Picture, facts: FrameFacts) throws(ProgramError) -> FrameAnswer {
    var answer = FrameAnswer(facts: facts)
    let began = Clock.nanoseconds
    var image = InlineArray<784, UInt8>(repeating: 0)
    var pixels = image.mutableSpan
    let found: FoundDigit?
    do throws(ImagingError) {
      found = try find(in: frame, into: &pixels)
    } catch {
      throw .picture(error)
    }
    let prepared = Clock.nanoseconds
    answer.preprocessNanoseconds = prepared - began
    if let found {
      answer.box = found.box
      answer.isUnsure = found.quality < FoundDigit.unsureQuality
      if isInverted { for index in pixels.indices { pixels[index] = 255 - pixels[index] } }
      let best = classifier.classify(pixels: pixels.span)
      answer.best = FrameAnswer.Guess(
        classIndex: best.classIndex, probabilityIn256ths: best.probabilityIn256ths)
      answer.runnerUp = runnerUp(to: best.classIndex, hasProbability: best.probabilityIn256ths != nil)
      answer.inferenceNanoseconds = Clock.nanoseconds - prepared
    }
    answer.ageNanoseconds = Clock.nanoseconds - facts.timestampNanoseconds
    return answer
  }

  private mutating func find(
    in frame: Picture, into image: inout MutableSpan<UInt8>
  ) throws(ImagingError) -> FoundDigit? {
    let shape = frame.shape
    if finder?.mostWidth != shape.width || finder?.mostHeight != shape.height {
      finder = try DigitFinder(mostWidth: shape.width, mostHeight: shape.height)
    }
    return try finder?.find(in: frame.pixels.span, shape: shape, into: &image)
  }

  /// The class with the greatest output after the best.
  private func runnerUp(to best: Int, hasProbability: Bool) -> FrameAnswer.Guess? {
    var second: Int?
    for index in 0..<classCount where index != best {
      let value = classifier.engine.outputValue(index, of: classifier.model)
      if let current = second, classifier.engine.outputValue(current, of: classifier.model) >= value { continue }
      second = index
    }
    guard let second else { return nil }
    return FrameAnswer.Guess(
      classIndex: second, probabilityIn256ths: hasProbability ? classifier.probability(second) : nil)
  }
}
