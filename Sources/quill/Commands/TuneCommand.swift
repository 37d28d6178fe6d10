import QuillData
import QuillFloat
import QuillONNX

/// `quill tune`: the network's size and the way it learns, chosen by trying.
enum TuneCommand: Command {
  static let space = Option(
    "--space", "CHOICES", .text,
    help: "what may be chosen, in place of the usual choices:\n"
      + TuneSpace().text.replacing(" activation", with: "\nactivation"))
  private static let template = Option(
    "--template", "NETWORK", .text,
    help: "the network in words, with choices in braces; by default\n"
      + TuneSpace.usualTemplate.replacing("-pool-dense", with: "-\npool-dense"))
  private static let trials = Option("--trials", "N", .integer(1...10_000), help: "choices to try; by default 18")
  private static let epochs = Option(
    "--epochs", "N", .integer(1...10_000), help: "epochs of the last round's trials; by default 9")
  private static let table = Option(
    "--table", "FILE.jsonl", .output, help: "where results are kept, a line each; by default OUT.onnx.trials.jsonl")
  private static let limit = Option("--limit", "N", .integer(1...Int.max), help: "use at most N images of each source")
  private static let output = Option(
    "--output", short: "-o", "OUT.onnx", .output, help: "where the best trial's network goes")

  static let declaration = CommandDeclaration(
    name: "tune", summary: "Search for a good network and way to train it, and write the best as ONNX.",
    discussion: """
      A random search with successive halving: every trial learns for a few epochs, the best third goes on for three
      times as many, until the last ones have had all. Trials run side by side. Validation accuracy alone chooses; test
      images are never read. Results stand in the table as they come, and the same command goes on where it was
      interrupted or killed. The same options give the same table, whatever the machine.
      """,
    parameters: [
      TrainOptions.data.declaration, output.declaration, space.declaration, template.declaration, trials.declaration,
      epochs.declaration, TrainOptions.seed.declaration, TrainOptions.validationSplit.declaration,
      TrainOptions.validation.declaration, TrainOptions.validationData.declaration, TrainOptions.labels.declaration,
      TrainOptions.augment.declaration, TrainOptions.size.declaration, limit.declaration,
      table.declaration, SharedParameters.json.declaration,
    ],
    required: [TrainOptions.data.name, output.name],
    examples: [
      .init(command: "quill tune --data mnist -o best.onnx", meaning: "18 trials of the usual space"),
      .init(
        command: "quill tune --data mnist -o small.onnx --space \"filters=4,8 dense=16,32 norm=on\" --trials 9",
        meaning: "small networks only"),
    ])

  private static let usualValidationShare = 0.1

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let target = try arguments.required(output)
    let space = try chosenSpace(arguments)
    let split = try TrainingDataOptions(arguments, usualShare: usualValidationShare, usualAugmentation: nil)
    let data = try TrainingData(arguments.values(of: TrainOptions.data), limit: arguments[limit], split)
    if let remark = data.leftOut.remark { console.remark("quill tune: \(remark)") }
    guard let validation = data.validation else {
      throw UsageError.optionUnfit(option: TrainOptions.validationSplit.name, reason: "a search needs a share above 0")
    }
    let settings = TuneTable.Settings(
      space: space.text, template: space.template, trials: arguments[trials] ?? 18, epochs: arguments[epochs] ?? 9,
      seed: split.seed, classes: data.classNames.count, trainingImages: data.training.labels.count,
      validationImages: validation.labels.count, imageChecksum: data.checksum, augmentation: split.augmentation.text)
    let path = arguments[table] ?? target + ".trials.jsonl"
    let begun = try TuneTable(path: path, settings: settings)
    if !begun.rows.isEmpty { console.remark("going on from \(path): \(Plural.of(begun.rows.count, "result")) there") }
    let interruption = Interruption()
    let search = TuneSearch(space, data, validation: validation, begun, console, stopped: interruption.asked)
    guard let best = try search.run() else {
      console.remark("interrupted; the same command goes on from \(path)")
      interruption.follow()
      return .failure
    }
    interruption.end()
    let trial = space.trial(best, seed: split.seed)
    try AtomicFile.write(try onnx(trial, search), to: target)
    try search.clean()
    if arguments[SharedParameters.json] {
      try console.printJSON(search.results.rows)
    } else if target != "-" {
      try console.print(search.results.text(console))
    }
    console.remark("\(target): trial \(best), \(trial.network); chosen by validation, test images were not read")
    return .success
  }

  private static func chosenSpace(_ arguments: ParsedArguments) throws(UsageError) -> TuneSpace {
    do throws(TrainingError) {
      var chosen = try TuneSpace(text: arguments[space] ?? "")
      if let text = arguments[template] { chosen.template = text }
      return chosen
    } catch {
      throw UsageError.optionUnfit(option: space.name, reason: "\(error)")
    }
  }

  /// The network of a trial that is done, its settings among the metadata.
  private static func onnx(_ trial: TuneTrial, _ search: TuneSearch) throws -> [UInt8] {
    let run = try search.resumed(trial, threadCount: Parallel.threadCount)
    // Where its checkpoint is gone, the trial runs again, to the same weights.
    search.finish(run)
    var graph: Graph
    do throws(GraphError) {
      graph = try run.network.graph()
    } catch {
      throw TrainFault.graph(network: trial.network, error)
    }
    try graph.note(learntFrom: search.data)
    graph.metadata["quill.tune.trial"] = String(trial.number)
    graph.metadata["quill.tune.space"] = search.results.settings.space
    for setting in search.described(trial) { graph.metadata["quill.train.\(setting.name)"] = setting.value }
    do throws(ONNXError) {
      return try ONNXWriter.write(graph)
    } catch {
      throw ToolError.onnx(path: trial.network, error)
    }
  }
}
