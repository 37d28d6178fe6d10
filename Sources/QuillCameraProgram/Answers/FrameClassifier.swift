import Quill
import QuillCamera
import QuillImaging

/// Brings frames to the picture that a network takes, and names what it shows: the digit or the digits in it, or, for
/// other networks, the frame cropped or stretched by the rule in the model file. Nothing is allocated while the frames keep
/// their size.
///
/// A class, as `FrameInput` is: what takes all this apart is in the program once.
final class FrameClassifier {
  private var network: PictureNetwork
  /// Made for the size of the first frame, and again when that changes.
  private var finder: DigitFinder?
  private let form: NetworkPicture
  /// The network's picture, height x width x channels.
  private var image: [UInt8]
  private let options: ClassifyOptions
  /// The number that was read last.
  private var number = NumberAnswer()
  /// The classes' names as UTF-8, made once.
  let labels: [[UInt8]]

  /// What the frames must have.
  var channels: Picture.Channels { form.channels }

  /// A classifier for the model at a path; it must take one picture, grey or with three colours.
  ///
  /// - Parameter proving: whether the model must first answer its golden inputs as it says.
  init(_ path: SystemPath, _ options: ClassifyOptions, proving: Bool = false) throws(ProgramError) {
    var loaded = try ModelLoader.load(path)
    let form = try NetworkPicture(of: loaded.model, at: path)
    if form.fit != .digit {
      if options.readsNumbers { throw .notForDigits(path, option: "--multi") }
      if options.equalisation != .none { throw .notForDigits(path, option: "--equalise") }
    }
    if proving && GoldenVectors.verify(loaded.model, with: &loaded.engine) != nil { throw .differentModel(path) }
    self.form = form
    self.options = options
    image = [UInt8](repeating: 0, count: form.byteCount)
    var labels: [[UInt8]] = []
    let classCount = loaded.model.tensors[loaded.model.outputTensor()].count
    for index in 0..<classCount { labels.append(loaded.labelBytes(index)) }
    self.labels = labels
    network = PictureNetwork(loaded, isInverted: form.isInverted)
  }

  /// Answers one frame.
  func classify(_ frame: Picture, facts: FrameFacts) throws(ProgramError) -> FrameAnswer {
    var answer = FrameAnswer(facts: facts)
    let began = Clock.nanoseconds
    // The picture leaves the classifier while both are written to; nothing is copied.
    var image = [UInt8]()
    swap(&image, &self.image)
    defer { swap(&image, &self.image) }
    do throws(ImagingError) {
      if form.fit != .digit {
        try resize(frame, into: &image, &answer)
      } else if options.readsNumbers {
        try readNumber(in: frame, &image, &answer, since: began)
      } else {
        try findDigit(in: frame, into: &image, &answer)
      }
    } catch {
      throw .picture(error)
    }
    if !options.readsNumbers {
      let prepared = Clock.nanoseconds
      answer.preprocessNanoseconds = prepared - began
      if answer.box != nil {
        name(image, &answer)
        answer.inferenceNanoseconds = Clock.nanoseconds - prepared
      }
    }
    answer.ageNanoseconds = Clock.nanoseconds - facts.timestampNanoseconds
    return answer
  }

  /// Names the network's picture.
  private func name(_ image: [UInt8], _ answer: inout FrameAnswer) {
    let isDigit = form.fit == .digit
    let best = isDigit ? network.name(digit: image.span) : network.name(image.span)
    answer.best = best
    answer.runnerUp = network.runnerUp(to: best)
    let isDoubted = network.doubts(best, marginPercent: options.marginPercent, isDigit: isDigit)
    answer.isUnsure = answer.isUnsure || isDoubted
  }

  /// Finds the digit and centres it in the network's picture; without one the answer gets no box.
  private func findDigit(
    in frame: Picture, into image: inout [UInt8], _ answer: inout FrameAnswer
  ) throws(ImagingError) {
    try makeFinder(for: frame.shape)
    var pixels = image.mutableSpan
    let found = try finder?.find(
      in: frame.pixels.span, shape: frame.shape, equalisation: options.equalisation, into: &pixels)
    guard let found = found ?? nil else { return }
    answer.box = found.box
    answer.isUnsure = found.quality < FoundDigit.unsureQuality
  }

  /// Finds and names every digit. The network is also the judge of where digits touch, so its time is part of the
  /// preprocessing.
  private func readNumber(
    in frame: Picture, _ image: inout [UInt8], _ answer: inout FrameAnswer, since began: Int64
  ) throws(ImagingError) {
    try makeFinder(for: frame.shape)
    let count =
      try finder?.findAll(
        in: frame.pixels.span, shape: frame.shape, equalisation: options.equalisation, judge: &network) ?? 0
    let prepared = Clock.nanoseconds
    answer.preprocessNanoseconds = prepared - began
    number.clear()
    // There may be more.
    if count == DigitFinder.mostDigits { answer.isUnsure = true }
    var row = 0
    for index in 0..<count {
      guard let found = finder?.digit(index) else { break }
      var pixels = image.mutableSpan
      try finder?.copyImage(ofDigit: index, into: &pixels)
      let best = network.name(digit: image.span)
      let isUnsure =
        network.doubts(best, marginPercent: options.marginPercent, isDigit: true)
        || found.quality < FoundDigit.unsureQuality
      number.append(
        NumberAnswer.Digit(guess: best, isUnsure: isUnsure, box: found.box), label: labels[best.classIndex],
        startsRow: found.row != row)
      row = found.row
      answer.isUnsure = answer.isUnsure || isUnsure
      answer.box = answer.box?.union(found.box) ?? found.box
    }
    answer.number = number
    answer.inferenceNanoseconds = Clock.nanoseconds - prepared
  }

  private func makeFinder(for shape: FrameShape) throws(ImagingError) {
    if finder?.mostWidth == shape.width, finder?.mostHeight == shape.height { return }
    finder = try DigitFinder(mostWidth: shape.width, mostHeight: shape.height)
  }

  /// Brings the middle of the frame, or all of it, to the network's size; the box is the part that was taken.
  private func resize(
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

  /// The steps to the last answer, for a person to look at. Allocates.
  func steps(of frame: Picture) throws(ProgramError) -> [StepPicture] {
    let picture = StepPicture(
      name: "network", pixels: image, width: form.width, height: form.height, channels: form.channels)
    if form.fit != .digit {
      return [
        StepPicture(
          name: "frame", pixels: frame.pixels, width: frame.shape.width, height: frame.shape.height,
          channels: frame.channels), picture.magnified,
      ]
    }
    do throws(ImagingError) {
      return try finderSteps()
    } catch {
      throw .picture(error)
    }
  }

  /// The steps of the finder's last search, and the digits that it found as the network's pictures.
  private func finderSteps() throws(ImagingError) -> [StepPicture] {
    guard let shape = finder?.searchedShape, let count = finder?.count else { return [] }
    var steps: [StepPicture] = []
    var pixels = [UInt8](repeating: 0, count: shape.width * shape.height)
    for step in FinderStep.allCases {
      var span = pixels.mutableSpan
      try finder?.copyStep(step, into: &span)
      steps.append(
        StepPicture(name: step.name, pixels: pixels, width: shape.width, height: shape.height, channels: .grey))
    }
    let side = DigitFinder.imageSide
    var digit = [UInt8](repeating: 0, count: side * side)
    for index in 0..<count {
      var span = digit.mutableSpan
      try finder?.copyImage(ofDigit: index, into: &span)
      steps.append(
        StepPicture(name: "digit", pixels: digit, width: side, height: side, channels: .grey).magnified)
    }
    return steps
  }
}
