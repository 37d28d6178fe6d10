import Quill
import QuillCamera
import QuillImaging

/// Brings frames to the picture that a network takes, and names what it shows: the digit in it, or, for other networks,
/// the frame cropped or stretched by the rule in the model file. Nothing is allocated while the frames keep their size.
struct FrameClassifier: ~Copyable {
  private var classifier: Classifier
  /// Made for the size of the first frame, and again when that changes.
  private var finder: DigitFinder?
  private let form: NetworkPicture
  /// The network's picture, height x width x channels.
  private var image: [UInt8]
  private let classCount: Int
  private let marginIn256ths: Int
  /// The classes' names as UTF-8, made once.
  let labels: [[UInt8]]

  /// What the frames must have.
  var channels: Picture.Channels { form.channels }

  /// A classifier for the model at a path; it must take one picture, grey or with three colours.
  ///
  /// - Parameters:
  ///   - marginPercent: an answer is unsure where the best class is less than this ahead of the second.
  ///   - proving: whether the model must first answer its golden inputs as it says.
  init(_ path: SystemPath, marginPercent: UInt32, proving: Bool = false) throws(ProgramError) {
    var loaded = try ModelLoader.load(path)
    let form = try NetworkPicture(of: loaded.model, at: path)
    if proving && GoldenVectors.verify(loaded.model, with: &loaded.engine) != nil { throw .differentModel(path) }
    self.form = form
    image = [UInt8](repeating: 0, count: form.byteCount)
    classCount = loaded.model.tensors[loaded.model.outputTensor()].count
    marginIn256ths = Int(marginPercent) * 256 / 100
    var labels: [[UInt8]] = []
    for index in 0..<classCount { labels.append(loaded.labelBytes(index)) }
    self.labels = labels
    classifier = loaded
  }

  /// Answers one frame.
  mutating func classify(_ frame: Picture, facts: FrameFacts) throws(ProgramError) -> FrameAnswer {
    var answer = FrameAnswer(facts: facts)
    let began = Clock.nanoseconds
    // The picture leaves the classifier while both are written to; nothing is copied.
    var image = [UInt8]()
    swap(&image, &self.image)
    defer { swap(&image, &self.image) }
    do throws(ImagingError) {
      if form.fit == .digit {
        try findDigit(in: frame, into: &image, &answer)
      } else {
        try resize(frame, into: &image, &answer)
      }
    } catch {
      throw .picture(error)
    }
    let prepared = Clock.nanoseconds
    answer.preprocessNanoseconds = prepared - began
    if answer.box != nil {
      let best = classifier.classify(pixels: image.span)
      answer.best = FrameAnswer.Guess(
        classIndex: best.classIndex, probabilityIn256ths: best.probabilityIn256ths)
      answer.runnerUp = runnerUp(to: best.classIndex, hasProbability: best.probabilityIn256ths != nil)
      if let first = best.probabilityIn256ths, let second = answer.runnerUp?.probabilityIn256ths {
        answer.isUnsure = answer.isUnsure || first - second < marginIn256ths
      }
      answer.inferenceNanoseconds = Clock.nanoseconds - prepared
    }
    answer.ageNanoseconds = Clock.nanoseconds - facts.timestampNanoseconds
    return answer
  }

  /// Finds the digit and centres it in the network's picture; without one the answer gets no box.
  private mutating func findDigit(
    in frame: Picture, into image: inout [UInt8], _ answer: inout FrameAnswer
  ) throws(ImagingError) {
    let shape = frame.shape
    if finder?.mostWidth != shape.width || finder?.mostHeight != shape.height {
      finder = try DigitFinder(mostWidth: shape.width, mostHeight: shape.height)
    }
    var pixels = image.mutableSpan
    guard let found = try finder?.find(in: frame.pixels.span, shape: shape, into: &pixels) else { return }
    if form.isInverted { for index in pixels.indices { pixels[index] = 255 - pixels[index] } }
    answer.box = found.box
    answer.isUnsure = found.quality < FoundDigit.unsureQuality
  }

  /// Brings the middle of the frame, or all of it, to the network's size; the box is the part that was taken.
  private mutating func resize(
    _ frame: Picture, into image: inout [UInt8], _ answer: inout FrameAnswer
  ) throws(ImagingError) {
    let shape = frame.shape
    let whole = PixelBox(left: 0, top: 0, right: Int32(shape.width), bottom: Int32(shape.height))
    let crop = form.fit == .crop ? PixelBox.centredCrop(of: shape, width: form.width, height: form.height) : whole
    let shrinks = Int(crop.width) >= form.width && Int(crop.height) >= form.height
    var pixels = image.mutableSpan
    try resizePicture(
      frame.pixels.span, shape: shape, channels: form.channels.rawValue, crop: crop, rule: shrinks ? .area : .bilinear,
      into: &pixels, width: form.width, height: form.height)
    if form.isBlueFirst {
      for pixel in 0..<form.width * form.height {
        let red = pixels[3 * pixel]
        pixels[3 * pixel] = pixels[3 * pixel + 2]
        pixels[3 * pixel + 2] = red
      }
    }
    answer.box = crop
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
