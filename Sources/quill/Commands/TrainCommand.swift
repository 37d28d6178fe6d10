import QuillData
import QuillFloat
import QuillONNX

/// `quill train`: labelled images become a float network.
enum TrainCommand: Command {
  private static let checkpoint = Option(
    "--checkpoint", "FILE", .output,
    help: "where the run is kept after each epoch; by default OUT.onnx.checkpoint,\nwhich is removed in the end")
  private static let resume = Flag("--resume", help: "go on from the checkpoint; give the other options again")
  private static let report = Option(
    "--report", "FILE.html", .output, help: "write curves of loss and accuracy as a page of HTML")
  private static let noTest = Flag("--no-test", help: "leave the test images unread")
  private static let limit = Option(
    "--limit", "N", .integer(1...Int.max), help: "use at most N images of each source, to train and to test")

  static let declaration = CommandDeclaration(
    name: "train", summary: "Train a network on labelled images and write it as ONNX.",
    discussion: """
      Trains a recipe, or a network given in words, with softmax and cross-entropy at its end; pixels become 0...1.
      The same options give the same bytes on every machine, however often the run is interrupted and resumed:
      Ctrl-C keeps it in the checkpoint. Validation images alone choose the epoch that is written (--best); the test
      images are read once, after the run.

      A network in words is a list of layers with dashes between:
        conv32x3     convolution to 32 channels, windows of 3 x 3     pool, pool3      maximum of 2 x 2, of 3 x 3
        depthwise3   each channel by itself, 3 x 3                    avgpool          mean of 2 x 2
        dense128     128 units                                        globalpool       mean of all pixels
        norm         batch normalisation                              drop0.5          drops half in training
        squeeze8     squeeze and excitation through 8 units           flatten          may be left out
        res(A-B)     adds what layers make to what they read          res(A-B|C)       adds two ways
        relu, relu6, leaky0.1, sigmoid, tanh, hardswish               an activation by itself
        classes      last: one score a class; or a number, as 10
      Convolutions and dense layers take a ReLU, or what follows a colon: an activation or linear, as in
      dense128:tanh. conv and depthwise are :same (padding) and :s2 (stride), and :norm normalises before the
      activation. A depthwise-separable residual block with excitation:
        res(depthwise3:same:norm-conv32x1:linear:norm-squeeze8)-relu
      """,
    parameters: [
      TrainOptions.network.declaration, TrainStart.from.declaration, TrainOptions.data.declaration,
      TrainOptions.output.declaration,
      TrainOptions.epochs.declaration, TrainOptions.batch.declaration, TrainOptions.seed.declaration,
      TrainOptions.learningRate.declaration, TrainOptions.optimizer.declaration, TrainOptions.schedule.declaration,
      TrainOptions.warmUp.declaration, TrainOptions.weightDecay.declaration, TrainOptions.labelSmoothing.declaration,
      TrainStart.freeze.declaration, TrainStart.prune.declaration, TrainStart.quantizationAware.declaration,
      TrainOptions.validationSplit.declaration, TrainOptions.validation.declaration,
      TrainOptions.validationData.declaration, TrainOptions.labels.declaration, TrainOptions.classWeights.declaration,
      TrainOptions.augment.declaration, TrainOptions.nonDigits.declaration, TrainOptions.size.declaration,
      TrainOptions.best.declaration,
      TrainOptions.patience.declaration,
      limit.declaration, checkpoint.declaration, resume.declaration, noTest.declaration, report.declaration,
      SharedParameters.json.declaration,
    ],
    required: [TrainOptions.data.name, TrainOptions.output.name],
    examples: [
      .init(
        command: "quill train --network cnn --data mnist -o digits.onnx --report digits.html",
        meaning: "a recipe on a folder of IDX files, with its curves"),
      .init(
        command: "quill train --network conv16x3-pool-dense64:tanh-classes --data photos -o photos.onnx",
        meaning: "a network in words on a folder of images foldered by class"),
      .init(
        command: "quill train --network cnn --data mnist -o digits.onnx --resume",
        meaning: "go on with a run that was interrupted"),
      .init(
        command: "quill train --from digits.onnx --freeze 2 --data photos -o mine.onnx",
        meaning: "fit a trained network to your own pictures; its first two layers stay"),
      .init(
        command: "quill train --from digits.onnx --prune 0.5 --data mnist -o small.onnx",
        meaning: "half the channels"),
      .init(
        command: "quill train --from digits.onnx --quantization-aware --epochs 2 --data mnist -o exact.onnx",
        meaning: "fit weights and ranges to int8"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let target = try arguments.required(TrainOptions.output)
    let start = try TrainStart(arguments)
    let options = try TrainOptions(arguments, start)
    let data = try TrainingData(
      arguments.values(of: TrainOptions.data), limit: arguments[limit], options.images, preparer: start.preparer)
    if let remark = data.leftOut.remark { console.remark("quill train: \(remark)") }
    let store = CheckpointFile(
      path: arguments[checkpoint] ?? (target == "-" ? nil : target + ".checkpoint"),
      settings: options.described(data))
    let network = try start.network(options, data, console)
    var settings = options.settings
    settings.classWeights = options.classWeighting.factors(
      data.training.labels, classCount: data.classNames.count)
    let run = TrainingRun(network, settings)
    console.remark(
      "\(options.name): \(data.training.labels.count - data.nonDigitCount) images of "
        + "\(data.shape.map(String.init).joined(separator: "x")), "
        + (data.nonDigitCount > 0 ? "\(data.nonDigitCount) without a digit, " : "")
        + "\(data.validation?.labels.count ?? 0) to validate, \(data.classNames.count) classes, "
        + "\(network.description.parameterCount) parameters")
    if arguments[resume] { try store.restore(run, options, console) } else { store.warnOfEarlierRun(console) }
    let progress = TrainProgress(console, epochCount: options.settings.epochCount)
    let keeping = Keeping(command: declaration.name, console)
    train(run, data, store, keeping, progress, console)
    run.restoreBestWeights()
    let written = run.bestEpoch ?? run.reports.count - 1
    let bytes = try onnx(network, options, store.settings, data, writtenEpoch: written)
    // Standard output may have taken a part, which must not come twice.
    if target == "-" || store.isKept(keeping) {
      try AtomicFile.write(bytes, to: target)
    } else {
      try keeping.insist { () throws(DataError) in try AtomicFile.write(bytes, to: target) }
    }
    let tests = arguments[noTest] ? [] : try test(network, data, console)
    let summary = summary(
      of: run, options, store.settings, file: target, fileByteCount: bytes.count, writtenEpoch: written,
      secondsPerEpoch: progress.meanSeconds, tests)
    if arguments[noTest] { console.remark("test images were not read (--no-test)") }
    if let speed = TrainSpeed(progress, network) { console.remark(speed.text) }
    if let page = arguments[report] {
      try AtomicFile.write(
        Array(TrainReport(title: "quill train: \(options.name)", summary: summary).html.utf8), to: page)
    }
    if arguments.count(of: checkpoint.declaration) == 0 { store.remove() }
    if target == "-" { return .success }
    if arguments[SharedParameters.json] {
      try console.printJSON(summary)
    } else {
      console.remark("\(target): the weights of epoch \(written + 1), \(bytes.count) bytes")
    }
    return .success
  }

  private static func summary(
    of run: TrainingRun, _ options: TrainOptions, _ settings: [Checkpoint.Setting], file: String, fileByteCount: Int,
    writtenEpoch: Int, secondsPerEpoch: Double?, _ tests: [TrainSummary.Test]
  ) -> TrainSummary {
    TrainSummary(
      file: file, fileBytes: fileByteCount, network: options.name,
      parameters: run.network.description.parameterCount,
      settings: Dictionary(settings.map { ($0.name, $0.value) }) { first, _ in first },
      epochs: run.reports.map {
        .init(epoch: $0.epoch + 1, training: .init($0.training), validation: $0.validation.map { .init($0) })
      }, writtenEpoch: writtenEpoch + 1, secondsPerEpoch: secondsPerEpoch, test: tests,
      reported: options.recipe?.reported)
  }

  /// Runs the epochs that are left, and keeps the run after each. A signal ends the process, the run kept.
  private static func train(
    _ run: TrainingRun, _ data: TrainingData, _ store: CheckpointFile, _ keeping: Keeping, _ progress: TrainProgress,
    _ console: Console
  ) {
    let interruption = Interruption()
    while !run.isFinished, !interruption.isWanted {
      progress.begin(fromBatch: run.batchIndex)
      let report = run.runEpoch(on: data.training, validation: data.validation) { batch in
        progress.show(batch)
        return !interruption.isWanted
      }
      if let report { progress.finish(report) }
      store.keep(run, keeping)
    }
    guard interruption.isWanted, !run.isFinished else { return interruption.end() }
    progress.clear()
    let path =
      store.path.map { store.isKept(keeping) ? "; kept in \($0), go on with --resume" : "; not kept in \($0)" } ?? ""
    console.remark(
      "interrupted after \(Plural.of(run.reports.count, "epoch")) and \(Plural.of(run.batchIndex, "batch", "batches"))\(path)"
    )
    interruption.follow()
  }

  /// The trained network as a file, its settings among the metadata.
  private static func onnx(
    _ network: TrainableNetwork, _ options: TrainOptions, _ settings: [Checkpoint.Setting], _ data: TrainingData,
    writtenEpoch: Int
  ) throws -> [UInt8] {
    var graph: Graph
    do throws(GraphError) {
      graph = try network.graph()
    } catch {
      throw TrainFault.graph(network: options.name, error)
    }
    try graph.note(learntFrom: data)
    graph.metadata["quill.train.written epoch"] = String(writtenEpoch + 1)
    if let recipe = options.recipe {
      graph.name = recipe.name
      graph.metadata["quill.train.recipe"] = recipe.name
    }
    for setting in settings { graph.metadata["quill.train.\(setting.name)"] = setting.value }
    do throws(ONNXError) {
      return try ONNXWriter.write(graph)
    } catch {
      throw ToolError.onnx(path: options.name, error)
    }
  }

  /// Reads the test images, for the only time, and measures the network on them.
  private static func test(
    _ network: TrainableNetwork, _ data: TrainingData, _ console: Console
  ) throws -> [TrainSummary.Test] {
    let tests = try data.testSets().map { name, images in
      let result = network.measure(images)
      return TrainSummary.Test(
        data: name, images: result.sampleCount, correct: result.correctCount, loss: result.loss,
        accuracy: result.accuracy)
    }
    for test in tests {
      console.remark(
        "test images of \(test.data), read once, after the run: accuracy "
          + "\(TrainProgress.number(test.accuracy * 100, 2)) %, \(test.correct) of \(test.images), "
          + "loss \(TrainProgress.number(test.loss, 4))")
    }
    if tests.isEmpty { console.remark("no test images: the data has none of its own") }
    return tests
  }
}
