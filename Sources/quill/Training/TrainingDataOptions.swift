import QuillFloat

/// How images are parted and changed, as the command line has it.
struct TrainingDataOptions {
  /// The share that validates.
  let validationShare: Double

  /// Which images those are.
  let validation: ValidationSplit

  /// A source of its own that validates in place of a share.
  let validationSource: String?

  /// A file that names the classes.
  let labelFile: String?

  /// Changes of the images that teach.
  let augmentation: Augmentation

  /// Drawn pictures without a digit to be unsure of.
  let nonDigitCount: Int

  /// What the network takes, where pictures are to be brought to it.
  let layout: ImageLayout?

  /// The seed of all that is random.
  let seed: UInt64

  /// What validates, in a word.
  var validationName: String { validationSource ?? validation.rawValue }

  /// - Throws: `UsageError` where `--augment` is not understood, or where two options name what validates.
  init(
    _ arguments: ParsedArguments, usualShare: Double, usualSplit: ValidationSplit = .last,
    usualAugmentation: Augmentation?
  ) throws(UsageError) {
    validationSource = arguments[TrainOptions.validationData]
    labelFile = arguments[TrainOptions.labels]
    if validationSource != nil, arguments[TrainOptions.validationSplit] != nil {
      throw UsageError.optionUnfit(
        option: TrainOptions.validationData.name, reason: "either it validates or a share of --data; give one of them")
    }
    validationShare = validationSource != nil ? 0 : arguments[TrainOptions.validationSplit] ?? usualShare
    validation = arguments[TrainOptions.validation] ?? usualSplit
    layout = arguments[TrainOptions.size]
    nonDigitCount = arguments[TrainOptions.nonDigits] ?? 0
    seed = arguments[TrainOptions.seed] ?? 1
    switch arguments[TrainOptions.augment] {
    case nil: augmentation = usualAugmentation ?? Augmentation()
    case "none": augmentation = Augmentation()
    case let text?:
      do throws(TrainingError) {
        augmentation = try Augmentation(text: text)
      } catch {
        throw UsageError.optionUnfit(option: TrainOptions.augment.name, reason: "\(error)")
      }
    }
  }
}
