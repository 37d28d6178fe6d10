import QuillData
import QuillFloat

/// What a network takes and answers: the shape of its images, and its classes.
struct ImageForm {
  /// `[H, W, C]`.
  let shape: [Int]

  /// The classes, in the order of the network's outputs.
  let classNames: [String]

  /// Images to measure on, in this form; their classes must be among these.
  /// - Throws: `TrainFault.testClass`.
  func source(of images: LabelledImages, named name: String) throws(TrainFault) -> TrainingSource {
    let fitted = fitted(images)
    if let unknown = fitted.labels.first(where: { !classNames.contains(fitted.classNames[$0]) }) {
      throw .testClass(data: name, className: fitted.classNames[unknown])
    }
    return TrainingSource(bytes: fitted.images, size: shape.reduce(1, *), labels: labels(of: fitted))
  }

  /// Images in this shape.
  func fitted(_ images: LabelledImages) -> LabelledImages {
    images.converted(toChannels: shape[2]).resized(height: shape[0], width: shape[1])
  }

  /// The classes of images as the network counts them.
  func labels(of images: LabelledImages) -> [Int] {
    let positions = images.classNames.map { classNames.firstIndex(of: $0) ?? 0 }
    return images.labels.map { positions[$0] }
  }
}

/// The training images of several sources as one, and which of them teach and which validate.
struct PooledImages {
  let form: ImageForm

  /// Positions of images.
  private(set) var teaching: [Int] = [], validating: [Int] = []

  /// Whether these are digits of dark ink on light paper.
  private(set) var showDarkInk: Bool

  private var bytes: [UInt8] = []
  private var labels: [Int] = []

  /// At least one set, each parted for itself; images take the shape that is wanted, else that of the first set's.
  init(_ sets: [LabelledImages], shape: [Int]?, _ options: TrainingDataOptions) {
    var seen: Set<String> = []
    form = ImageForm(
      shape: shape ?? [sets[0].height, sets[0].width, sets[0].channels],
      // Every class once, in the order of its first mention.
      classNames: sets.flatMap(\.classNames).filter { seen.insert($0).inserted })
    showDarkInk = form.shape == [28, 28, 1]
    for set in sets {
      let fitted = form.fitted(set)
      let own = form.labels(of: fitted)
      let parts = options.validation.parts(of: own, share: options.validationShare, seed: options.seed)
      teaching += parts.training.map { $0 + labels.count }
      validating += parts.validation.map { $0 + labels.count }
      bytes += fitted.images
      labels += own
      showDarkInk = showDarkInk && fitted.showDarkInk
    }
  }

  /// Adds pictures without a digit to those that teach, made of the digits that do; the form must be that of digits.
  mutating func appendNonDigits(count: Int, seed: UInt64) {
    let digits = LabelledImages(
      images: bytes, height: form.shape[0], width: form.shape[1], channels: form.shape[2], labels: labels,
      classNames: form.classNames
    ).selecting(teaching)
    bytes += NonDigits.images(count: count, seed: seed, of: digits)
    teaching += labels.count..<labels.count + count
    labels += [Int](repeating: TrainingSource.noClass, count: count)
  }

  /// A fingerprint of all images and labels.
  var checksum: String {
    String(Checksum.of(labels.map { UInt8(truncatingIfNeeded: $0) }[...], after: Checksum.of(bytes[...])), radix: 16)
  }

  /// All images.
  var source: TrainingSource { TrainingSource(bytes: bytes, size: form.shape.reduce(1, *), labels: labels) }
}
