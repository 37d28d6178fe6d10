import QuillFloat

/// How images are parted and changed, as the command line has it.
struct TrainingDataOptions {
  /// The share that validates.
  let validationShare: Double

  /// Which images those are.
  let validation: ValidationSplit

  /// Changes of the images that teach.
  let augmentation: Augmentation

  /// The seed of all that is random.
  let seed: UInt64

  /// - Throws: `UsageError` where `--augment` is not understood.
  init(_ arguments: ParsedArguments, usualShare: Double, usualAugmentation: Augmentation?) throws(UsageError) {
    validationShare = arguments[TrainOptions.validationSplit] ?? usualShare
    validation = arguments[TrainOptions.validation] ?? .last
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
