import QuillData
import QuillFloat
import QuillONNX

/// `quill train`: labelled images become a float network.
enum TrainCommand: Command {
  private static let checkpoint = Option(
    "--checkpoint", "FILE", .text,
    help: "where the run is kept after each epoch; by default OUT.onnx.checkpoint,\nwhich is removed in the end")
  private static let resume = Flag("--resume", help: "go on from the checkpoint; give the other options again")
  private static let report = Option(
    "--report", "FILE.html", .text, help: "write curves of loss and accuracy as a page of HTML")
  private static let noTest = Flag("--no-test", help: "leave the test images unread")
  private static let limit = Option(
    "--limit", "N", .integer(1...Int.max), help: "use at most N images of each source, to train and to test")

  static let declaration = CommandDeclaration(
    name: "train", summary: "Train a network on labelled images and write it as ONNX.",
    discussion: """
      Trains a recipe, or a network given in words, with softmax and cross-entropy at its end; pixels become 0...1.
      Layers in words, with dashes between: conv32x3 (channels x window), depthwise3, dense128, pool, avgpool,
      globalpool, norm, drop0.5, flatten, and last a number of classes or the word classes. Convolutions and dense
      layers take a ReLU or what follows a colon, as in dense128:tanh; others are :same (padding) and :s2 (stride).
      The same options give the same bytes on every machine, however often the run is interrupted and resumed:
      Ctrl-C keeps it in the checkpoint. Validation images alone choose the epoch that is written (--best); the test
      images are read once, after the run.
      """,
    parameters: [
      TrainOptions.network.declaration, TrainOptions.data.declaration, TrainOptions.output.declaration,
      TrainOptions.epochs.declaration, TrainOptions.batch.declaration, TrainOptions.seed.declaration,
      TrainOptions.learningRate.declaration, TrainOptions.optimizer.declaration, TrainOptions.schedule.declaration,
      TrainOptions.validationSplit.declaration, TrainOptions.validation.declaration,
      TrainOptions.augment.declaration, TrainOptions.best.declaration, TrainOptions.patience.declaration,
      limit.declaration, checkpoint.declaration, resume.declaration, noTest.declaration, report.declaration,
      SharedParameters.json.declaration,
    ],
    required: [TrainOptions.network.name, TrainOptions.data.name, TrainOptions.output.name],
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
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let target = try arguments.required(TrainOptions.output)
    let options = try TrainOptions(arguments)
    let data = try TrainingData(arguments.values(of: TrainOptions.data), limit: arguments[limit], options)
    let store = CheckpointFile(
      path: arguments[checkpoint] ?? (target == "-" ? nil : target + ".checkpoint"),
      settings: options.described(data))
    let network = try network(options, data)
    let run = TrainingRun(network, options.settings)
    console.remark(
      "\(options.name): \(data.training.labels.count) images of \(data.shape.map(String.init).joined(separator: "x")), "
        + "\(data.validation?.labels.count ?? 0) to validate, \(data.classNames.count) classes, "
        + "\(network.description.parameterCount) parameters")
    if arguments[resume] { try store.restore(run, options, console) }
    let progress = TrainProgress(console, epochCount: options.settings.epochCount)
    try train(run, data, store, progress, console)
    run.restoreBestWeights()
    let written = run.bestEpoch ?? run.reports.count - 1
    let bytes = try onnx(network, options, store.settings, writtenEpoch: written)
    try AtomicFile.write(bytes, to: target)
    let tests = arguments[noTest] ? [] : try test(network, data, console)
    let summary = summary(
      of: run, options, store.settings, file: target, fileByteCount: bytes.count, writtenEpoch: written,
      secondsPerEpoch: progress.meanSeconds, tests)
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

  /// The network that the options describe, with fresh weights.
  private static func network(_ options: TrainOptions, _ data: TrainingData) throws -> TrainableNetwork {
    let description = try options.description(data)
    let batchSize = options.settings.batchSize
    let bytes = description.trainingByteCount(batchSize: batchSize)
    guard bytes <= TrainingMemory.limit else {
      throw TrainFault.tooLarge(network: options.name, bytes: bytes, limit: TrainingMemory.limit)
    }
    do throws(GraphError) {
      return try TrainableNetwork(
        description, seed: options.seed, capacity: batchSize, threadCount: Parallel.threadCount)
    } catch {
      throw TrainFault.graph(network: options.name, error)
    }
  }

  /// Runs the epochs that are left, and keeps the run after each. A signal ends the process, the run kept.
  private static func train(
    _ run: TrainingRun, _ data: TrainingData, _ store: CheckpointFile, _ progress: TrainProgress, _ console: Console
  ) throws {
    let interruption = Interruption()
    while !run.isFinished, !interruption.isWanted {
      progress.begin(fromBatch: run.batchIndex)
      let report = run.runEpoch(on: data.training, validation: data.validation) { batch in
        progress.show(batch)
        return !interruption.isWanted
      }
      if let report { progress.finish(report) }
      try store.write(run)
    }
    guard interruption.isWanted, !run.isFinished else { return interruption.end() }
    progress.clear()
    try store.write(run)
    let path = store.path.map { "; kept in \($0), go on with --resume" } ?? ""
    console.remark("interrupted after \(run.reports.count) epochs and \(run.batchIndex) batches\(path)")
    interruption.follow()
  }

  /// The trained network as a file, its settings among the metadata.
  private static func onnx(
    _ network: TrainableNetwork, _ options: TrainOptions, _ settings: [Checkpoint.Setting], writtenEpoch: Int
  ) throws -> [UInt8] {
    var graph: Graph
    do throws(GraphError) {
      graph = try network.graph()
    } catch {
      throw TrainFault.graph(network: options.name, error)
    }
    graph.metadata["quill.tool"] = "quill \(QuillTool.version)"
    graph.metadata["quill.train.written epoch"] = String(writtenEpoch + 1)
    if let recipe = options.recipe { graph.metadata["quill.train.recipe"] = recipe.name }
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
