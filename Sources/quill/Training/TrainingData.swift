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

  private let sources: ImageSources

  /// Loads the training images of all sources, in their order; each source is parted for itself.
  ///
  /// Images are brought to what `preparer` or the options say, else to the shape of the first source's.
  /// - Throws: `DataError` or `TrainFault`.
  init(_ names: [String], limit: Int?, _ options: TrainingDataOptions, preparer given: ImagePreparer? = nil) throws {
    let preparer = given ?? options.layout.map { ImagePreparer($0, inverts: false) }
    let sources = try ImageSources(names, limit: limit, labelFile: options.labelFile, preparer)
    var pool = PooledImages(try sources.training(), shape: preparer?.layout.sampleShape, options)
    (self.sources, leftOut, name) = (sources, sources.leftOut, names.joined(separator: " + "))
    (shape, classNames, showsDarkInk) = (pool.form.shape, pool.form.classNames, pool.showDarkInk)
    guard classNames.count >= 2 else { throw TrainFault.oneClass(data: names[0]) }
    guard !pool.teaching.isEmpty else { throw TrainFault.noTrainingImages(data: name) }
    guard options.validationShare == 0 || !pool.validating.isEmpty else {
      throw TrainFault.noValidationImages(data: name)
    }
    nonDigitCount = options.nonDigitCount
    if nonDigitCount > 0 {
      guard shape == [28, 28, 1], classNames == (0...9).map(String.init) else {
        throw TrainFault.noDigits(data: name, shape: shape, classes: classNames.count)
      }
      pool.appendNonDigits(count: nonDigitCount, seed: options.seed)
    }
    checksum = pool.checksum
    let whole = pool.source
    plainTraining = whole.subset(pool.teaching)
    training = plainTraining.augmented(options.augmentation, seed: options.seed, shape: shape)
    if let name = options.validationSource {
      validation = try pool.form.source(of: try sources.measuring(name), named: name)
    } else {
      validation = pool.validating.isEmpty ? nil : whole.subset(pool.validating)
    }
  }

  /// The test images of each source that has some of its own; they are read when this is called.
  func testSets() throws -> [(name: String, images: TrainingSource)] {
    let form = ImageForm(shape: shape, classNames: classNames)
    return try sources.test().map { ($0.name, try form.source(of: $0.images, named: $0.name)) }
  }
}
