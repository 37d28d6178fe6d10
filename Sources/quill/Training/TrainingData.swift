import QuillData
import QuillFloat

/// The images of a run: those that teach, those that validate, and where the test images lie.
struct TrainingData {
  /// The sources as the user named them.
  let name: String

  /// `[H, W, C]`.
  let shape: [Int]

  /// The classes, in the order of the network's outputs.
  let classNames: [String]

  /// The images that teach.
  let training: TrainingSource

  /// The images that teach, unchanged.
  let plainTraining: TrainingSource

  /// The images that validate, where a share of them does.
  let validation: TrainingSource?

  /// Pictures without a digit among those that teach.
  let nonDigitCount: Int

  /// A fingerprint of all images and labels.
  let checksum: String

  /// Whether its digits are of dark ink on light paper.
  let showsDarkInk: Bool

  /// Pictures in which no digit was found.
  let leftOut: LeftOutPictures

  private let labelFile: String?
  private let preparer: ImagePreparer?
  private let sources: [(name: String, source: DataSource)]
  private let limit: Int?

  /// Loads the training images of all sources, in their order; each source is parted for itself.
  /// - Throws: `DataError` or `TrainFault`.
  ///
  /// Images are brought to what `preparer` or the options say, else to the shape of the first source's.
  init(_ names: [String], limit: Int?, _ options: TrainingDataOptions, preparer given: ImagePreparer? = nil) throws {
    let preparer = given ?? options.layout.map { ImagePreparer($0, inverts: false) }
    let leftOut = LeftOutPictures()
    (self.preparer, self.leftOut) = (preparer, leftOut)
    name = names.joined(separator: " + ")
    self.limit = limit
    sources = try names.map { ($0, try DataSource(argument: $0)) }
    var sets: [LabelledImages] = []
    for (name, source) in sources {
      let set = try source.load(split: .train, limit: limit, preparer: preparer, leftOut: leftOut)
      sets.append(try options.labelFile.map { try set.renamed(byFile: $0, data: name) } ?? set)
    }
    let first = sets[0]
    let classNames = Self.united(sets.map(\.classNames))
    let wanted = preparer.map { [$0.layout.height, $0.layout.width, $0.layout.channels] }
    (shape, self.classNames) = (wanted ?? [first.height, first.width, first.channels], classNames)
    guard classNames.count >= 2 else { throw TrainFault.oneClass(data: names[0]) }
    var (bytes, labels): ([UInt8], [Int]) = ([], [])
    var (teaching, validating): ([Int], [Int]) = ([], [])
    var showsDarkInk = shape == [28, 28, 1]
    for set in sets {
      let fitted = Self.fitted(set, to: shape)
      showsDarkInk = showsDarkInk && fitted.showDarkInk
      let own = Self.labels(of: fitted, in: classNames)
      let parts = options.validation.parts(of: own, share: options.validationShare, seed: options.seed)
      teaching += parts.training.map { $0 + labels.count }
      validating += parts.validation.map { $0 + labels.count }
      bytes += fitted.images
      labels += own
    }
    self.showsDarkInk = showsDarkInk
    guard !teaching.isEmpty else { throw TrainFault.noTrainingImages(data: name) }
    guard options.validationShare == 0 || !validating.isEmpty else { throw TrainFault.noValidationImages(data: name) }
    let others = try Self.nonDigits(options, shape, classNames, data: name) {
      LabelledImages(images: bytes, height: 28, width: 28, channels: 1, labels: labels, classNames: classNames)
        .selecting(teaching)
    }
    nonDigitCount = others.count / shape.reduce(1, *)
    bytes += others
    teaching += labels.count..<labels.count + nonDigitCount
    labels += [Int](repeating: TrainingSource.noClass, count: nonDigitCount)
    let sum = Checksum.of(labels.map { UInt8(truncatingIfNeeded: $0) }[...], after: Checksum.of(bytes[...]))
    checksum = String(sum, radix: 16)
    let whole = TrainingSource(bytes: bytes, size: shape.reduce(1, *), labels: labels)
    plainTraining = whole.subset(teaching)
    training = plainTraining.augmented(options.augmentation, seed: options.seed, shape: shape)
    labelFile = options.labelFile
    let ownShape = shape
    let own = try options.validationSource.map { name in
      let source = try DataSource(argument: name)
      let split: DataSource.Split = try source.hasOwnTestImages() ? .test : .train
      let images = try source.load(split: split, limit: limit, preparer: preparer, leftOut: leftOut)
      return try Self.source(of: images, named: name, options.labelFile, ownShape, classNames)
    }
    validation = own ?? (validating.isEmpty ? nil : whole.subset(validating))
  }

  /// The test images of each source that has some of its own; they are read when this is called.
  func testSets() throws -> [(name: String, images: TrainingSource)] {
    var sets: [(name: String, images: TrainingSource)] = []
    for (name, source) in sources {
      guard let images = try testImages(source) else { continue }
      sets.append((name, try Self.source(of: images, named: name, labelFile, shape, classNames)))
    }
    return sets
  }

  /// Pictures without a digit that are learnt from too, made of the digits that teach.
  private static func nonDigits(
    _ options: TrainingDataOptions, _ shape: [Int], _ classNames: [String], data: String,
    of digits: () -> LabelledImages
  ) throws(TrainFault) -> [UInt8] {
    guard options.nonDigitCount > 0 else { return [] }
    guard shape == [28, 28, 1], classNames == (0...9).map(String.init) else {
      throw TrainFault.noDigits(data: data, shape: shape, classes: classNames.count)
    }
    return NonDigits.images(count: options.nonDigitCount, seed: options.seed, of: digits())
  }

  /// Images to measure on; their classes must be among those that are learnt.
  private static func source(
    of images: LabelledImages, named name: String, _ labelFile: String?, _ shape: [Int], _ classNames: [String]
  ) throws -> TrainingSource {
    let renamed = try labelFile.map { try images.renamed(byFile: $0, data: name) } ?? images
    let fitted = fitted(renamed, to: shape)
    if let unknown = fitted.labels.first(where: { !classNames.contains(fitted.classNames[$0]) }) {
      throw TrainFault.testClass(data: name, className: fitted.classNames[unknown])
    }
    return TrainingSource(bytes: fitted.images, size: shape.reduce(1, *), labels: labels(of: fitted, in: classNames))
  }

  /// A source's test images; `nil` where it has none but those that teach.
  private func testImages(_ source: DataSource) throws -> LabelledImages? {
    guard try source.hasOwnTestImages() else { return nil }
    do throws(DataError) {
      return try source.load(split: .test, limit: limit, preparer: preparer, leftOut: leftOut)
    } catch {
      if case .splitAbsent = error.problem { return nil }
      throw error
    }
  }

  /// Every class once, in the order of its first mention.
  private static func united(_ lists: [[String]]) -> [String] {
    var seen: Set<String> = []
    return lists.joined().filter { seen.insert($0).inserted }
  }

  private static func fitted(_ images: LabelledImages, to shape: [Int]) -> LabelledImages {
    images.converted(toChannels: shape[2]).resized(height: shape[0], width: shape[1])
  }

  private static func labels(of images: LabelledImages, in classNames: [String]) -> [Int] {
    let positions = images.classNames.map { classNames.firstIndex(of: $0) ?? 0 }
    return images.labels.map { positions[$0] }
  }
}
