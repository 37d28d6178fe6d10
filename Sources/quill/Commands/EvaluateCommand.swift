import QuillData

/// `quill evaluate`: how often a network is right.
enum EvaluateCommand: Command {
  static let declaration = CommandDeclaration(
    name: "evaluate", summary: "Count how often a network names the right class of labelled images.",
    discussion: """
      Answers the accuracy, each class's own, and which class was taken for which. Images of a folder that are
      not of the network's size are prepared as classify does it.
      """,
    parameters: [
      SharedParameters.model.declaration, SharedParameters.data.declaration, SharedParameters.split.declaration,
      SharedParameters.limit.declaration, SharedParameters.inputRange.declaration, SharedParameters.json.declaration,
    ],
    required: [SharedParameters.data.name],
    examples: [
      .init(
        command: "quill evaluate digits.quill --data mnist", meaning: "on the test images of a folder of IDX files"),
      .init(
        command: "quill evaluate digits.onnx --data synthetic --json",
        meaning: "a float network on 2,000 digits that Quill draws, for a script"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let data = try arguments.required(SharedParameters.data)
    let source = try DataSource(argument: data)
    let network = try ModelFile.load(arguments[SharedParameters.model])
    let classifier = try ImageClassifier(network, inputRange: arguments[SharedParameters.inputRange])
    let split = arguments[SharedParameters.split] ?? .test
    let images = try LabelledData.load(
      source, named: data, split: split, limit: arguments[SharedParameters.limit], for: classifier)
    let progress = ProgressBar("evaluating", total: images.count, console: console)
    let answers = classifier.classify(images, progress: progress)
    progress.finish()
    let names = (0..<classifier.classCount).map { index in
      index < network.facts.labels.count || index >= images.classNames.count
        ? network.facts.label(index) : images.classNames[index]
    }
    let report = EvaluationReport(
      model: network.facts.path, data: data, split: split.rawValue, classNames: names, labels: images.labels,
      predictions: answers.map(\.classIndex))
    if arguments[SharedParameters.json] {
      try console.printJSON(report)
    } else {
      try console.print(report.text(console))
    }
    return .success
  }
}
