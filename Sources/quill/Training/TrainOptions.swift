import QuillFloat

/// How the learning rate goes.
enum ScheduleName: String, CaseIterable {
  case constant, step, cosine
}

/// How parameters follow their gradients.
enum OptimizerName: String, CaseIterable {
  case adam, sgd
}

/// What a run of `quill train` is asked for: the recipe's settings, and the command line's in their place.
struct TrainOptions {
  static let network = Option(
    "--network", "NETWORK", .text,
    help: "a recipe (\(Recipe.all.map(\.name).joined(separator: ", "))),\n"
      + "or layers in words such as conv32x3-pool-dense128:tanh-drop0.5-10")
  static let data = Option(
    "--data", "DATA", .input, repeats: true,
    help: "labelled images: a folder of IDX files or of images named or foldered by\n"
      + "class, a .csv or .npz file, or synthetic; given several times, they are mixed")
  static let output = Option("--output", short: "-o", "OUT.onnx", .output, help: "where the trained network goes")
  static let epochs = Option(
    "--epochs", "N", .integer(1...100_000), help: "passes over the training images; by default 5")
  static let batch = Option("--batch", "N", .integer(1...4096), help: "images of a step; by default 32")
  static let seed = Option("--seed", "N", .seed, help: "the seed of all that is random; by default 1")
  static let learningRate = Option(
    "--learning-rate", "RATE", .number(0...100),
    help: "by default the recipe's, or 0.001 for adam and 0.01 for sgd; a tenth of it where\n"
      + "--quantization-aware only finishes what --from and no --prune gives")
  static let optimizer = Option<OptimizerName>(
    "--optimizer", "NAME", .choice, help: "adam (the default), or sgd with a momentum of 0.9")
  static let schedule = Option<ScheduleName>(
    "--schedule", "NAME", .choice,
    help: "of the learning rate: constant (the default), step (a tenth after each third of the\n"
      + "epochs) or cosine (down to 0; the default with --quantization-aware, for\nmlp-128 and for quill)")
  static let validationSplit = Option(
    "--validation-split", "SHARE", .number(0...0.9),
    help: "the share of the training images that validates; by default the recipe's, or 0\n(0.1 for tune)")
  static let validation = Option<ValidationSplit>(
    "--validation", "HOW", .choice,
    help: "which of them: the last ones (the default, but for recipe quill), or stratified\nby class")
  static let augment = Option(
    "--augment", "CHANGES", .text,
    help:
      "change the training images anew in each epoch, such as\nrotation=10,shift=0.1,noise=0.3@0.5 (noise for half of them), or none:\n"
      + Augmentation.help)
  static let best = Option<BestMeasure>(
    "--best", "MEASURE", .choice, help: "write the epoch with the best validation loss or accuracy, not the last")
  static let patience = Option(
    "--patience", "N", .integer(1...100_000),
    help: "end after N epochs without a better validation result (--best, by default loss)")

  static let weightDecay = Option(
    "--weight-decay", "FACTOR", .number(0...1), help: "L2: this times the squares of all weights is added to the loss")
  static let labelSmoothing = Option(
    "--label-smoothing", "SHARE", .number(0...0.9), help: "the share of each label that all classes get alike")
  static let warmUp = Option(
    "--warm-up", "EPOCHS", .number(0...1000), help: "epochs, or a part of one, over which the learning rate rises")

  /// The validation result that chooses an epoch.
  enum BestMeasure: String, CaseIterable {
    case loss, accuracy
  }

  let name: String
  let recipe: Recipe?
  let networkText: String
  /// How images are parted and changed.
  let images: TrainingDataOptions

  let settings: TrainingSettings
  let classWeighting: ClassWeighting
  let optimizerName: OptimizerName
  let scheduleName: ScheduleName
  let learningRate: Double
  let best: BestMeasure?
  let patience: Int?

  /// What tells where the run began.
  private let start: [Checkpoint.Setting]

  /// The seed of all that is random.
  var seed: UInt64 { images.seed }

  /// - Throws: `UsageError` or `TrainingError` where options do not fit each other.
  init(_ arguments: ParsedArguments, _ start: TrainStart) throws {
    name = try start.path ?? arguments.required(Self.network)
    recipe = start.path == nil ? Recipe.named(name) : nil
    networkText = recipe?.network ?? name
    images = try TrainingDataOptions(
      arguments, usualShare: recipe?.validationShare ?? 0, usualSplit: recipe?.validation ?? .last,
      usualAugmentation: recipe?.augmentation)
    optimizerName = arguments[Self.optimizer] ?? .adam
    let usualSchedule =
      recipe?.decaysByCosine == true || start.isQuantizationAware ? ScheduleName.cosine : .constant
    scheduleName = arguments[Self.schedule] ?? usualSchedule
    let usualRate =
      (optimizerName == .adam ? recipe?.learningRate ?? 0.001 : 0.01) * (start.isFinishing ? 0.1 : 1)
    learningRate = arguments[Self.learningRate] ?? usualRate
    classWeighting = arguments[Self.classWeights] ?? .none
    self.start = start.described
    patience = arguments[Self.patience]
    best = arguments[Self.best] ?? (patience == nil ? nil : .loss)
    if best != nil, images.validationShare == 0, images.validationSource == nil {
      throw UsageError.optionUnfit(
        option: patience == nil ? Self.best.name : Self.patience.name,
        reason: "it needs --validation-split above 0 or --validation-data")
    }
    let epochCount = arguments[Self.epochs] ?? recipe?.epochCount ?? 5
    let rate = Float(learningRate)
    var stopping: EarlyStopping?
    if let best {
      stopping = EarlyStopping(best == .loss ? .loss : .accuracy, patience: patience ?? epochCount)
    }
    settings = TrainingSettings(
      epochCount: epochCount, batchSize: arguments[Self.batch] ?? recipe?.batchSize ?? 32,
      optimizer: optimizerName == .adam ? .adam() : .descent(momentum: 0.9),
      schedule: Self.schedule(scheduleName, rate: rate, epochCount: epochCount),
      weightDecay: Float(arguments[Self.weightDecay] ?? 0), labelSmoothing: arguments[Self.labelSmoothing] ?? 0,
      warmUpEpochCount: arguments[Self.warmUp] ?? 0, earlyStopping: stopping)
  }

  private static func schedule(_ name: ScheduleName, rate: Float, epochCount: Int) -> Schedule {
    switch name {
    case .constant: .constant(rate)
    case .step: .step(rate, factor: 0.1, epochs: max(epochCount / 3, 1))
    case .cosine: .cosine(rate)
    }
  }

  /// The network for the data.
  /// - Throws: `UsageError` where the words describe none.
  func description(_ data: TrainingData) throws(UsageError) -> NetworkDescription {
    do throws(TrainingError) {
      return try NetworkDescription(text: networkText, inputShape: data.shape, classCount: data.classNames.count)
    } catch {
      let recipes = Recipe.all.map(\.name).joined(separator: ", ")
      throw UsageError.optionUnfit(option: Self.network.name, reason: "\(error) (recipes: \(recipes))")
    }
  }

  /// Whether a run with this setting must go on with the same. The place of the data may change, its checksum may not;
  /// more epochs may follow where the learning rate does not depend on their number.
  func mustAgree(_ setting: Checkpoint.Setting) -> Bool {
    !["data", "from"].contains(setting.name) && (setting.name != "epochs" || scheduleName != .constant)
  }

  /// The settings in words: what a checkpoint, the file's metadata and the report say.
  func described(_ data: TrainingData) -> [Checkpoint.Setting] {
    [
      .init("network", networkText), .init("input", data.shape.map(String.init).joined(separator: "x")),
      .init("classes", Self.joined(data.classNames)), .init("data", data.name),
      .init("training images", "\(data.training.labels.count - data.nonDigitCount)"),
      .init("pictures without a digit", "\(data.nonDigitCount)"),
      .init("validation images", "\(data.validation?.labels.count ?? 0) (\(images.validationName))"),
      .init("image checksum", data.checksum), .init("augmentation", images.augmentation.text), .init("seed", "\(seed)"),
      .init("epochs", "\(settings.epochCount)"), .init("batch", "\(settings.batchSize)"),
      .init("optimizer", optimizerName == .adam ? "adam (epsilon 1e-7)" : "sgd (momentum 0.9)"),
      .init("learning rate", "\(learningRate)"), .init("schedule", scheduleName.rawValue),
      .init("best epoch by", best.map { "validation \($0.rawValue)" } ?? "none: the last epoch's weights"),
      .init("class weights", classWeighting.rawValue),
      .init("patience", patience.map(String.init) ?? "none"), .init("weight decay", "\(settings.weightDecay)"),
      .init("label smoothing", "\(settings.labelSmoothing)"), .init("warm-up epochs", "\(settings.warmUpEpochCount)"),
    ] + start
  }

  /// Class names as settings write them.
  static func joined(_ classNames: [String]) -> String { classNames.joined(separator: " ") }
}

extension ValueKind where Value == Double {
  /// A number within a range.
  static func number(_ range: ClosedRange<Double>) -> ValueKind {
    ValueKind(expected: "a number, \(range.lowerBound)...\(range.upperBound)") { text in
      Double(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}
