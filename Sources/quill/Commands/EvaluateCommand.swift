import QuillData
import QuillFloat
import QuillReport

/// `quill evaluate`: how often a network is right, where it is not, and how much bad pictures cost it.
enum EvaluateCommand: Command {
  private static let models = Operand(
    "MODEL", .input, repeats: true, help: "the networks: .quill, .onnx, .h5, .keras or .tflite")
  private static let digits = Option(
    "--digits", "N", .integer(1...10), help: "digits of precision, recall and F1 in the text; by default 2")
  private static let corrupt = Flag(
    "--corrupt", help: "also on damaged images: \(Corruption.allCases.count) kinds at five strengths")
  private static let html = Option(
    "--html", "OUT.html", .output, help: "write everything, with pictures, as a page of HTML")
  private static let sheet = Option(
    "--sheet", "OUT.png", .output, help: "draw the first images with true and predicted class")
  private static let errors = Option("--errors", "OUT.png", .output, help: "draw wrong answers, the surest first")
  private static let count = Option(
    "--pictures", "N", .integer(1...10_000), help: "the most images on a sheet and in the page; by default 100")

  static let declaration = CommandDeclaration(
    name: "evaluate", summary: "Measure how well networks name the classes of labelled images.",
    discussion: """
      Answers accuracy, loss (cross-entropy), each class's precision, recall and F1 with their averages, in the layout of
      scikit-learn's classification_report, which class was taken for which, and whether the network is as sure as it
      is right. Images of a folder that are not of the network's size are prepared as classify does it.
      With --corrupt the images are also damaged, the same for every network:
      \(Corruption.allCases.map(\.rawValue).joined(separator: ", ")).
      Several networks are shown side by side.
      """,
    parameters: [
      models.declaration, SharedParameters.data.declaration, SharedParameters.split.declaration,
      SharedParameters.limit.declaration, SharedParameters.inputRange.declaration, corrupt.declaration,
      digits.declaration, html.declaration, sheet.declaration, errors.declaration, count.declaration,
      SharedParameters.threads.declaration, SharedParameters.json.declaration,
    ],
    required: [SharedParameters.data.name],
    examples: [
      .init(
        command: "quill evaluate digits.quill --data mnist --html digits.html",
        meaning: "on the test images of a folder of IDX files, with a page to look at"),
      .init(
        command: "quill evaluate digits.onnx digits.quill --data mnist --limit 1000 --corrupt",
        meaning: "two networks on damaged images, side by side"),
      .init(
        command: "quill evaluate digits.onnx --data synthetic --json",
        meaning: "a float network on 2,000 digits that Quill draws, for a script"),
    ])

  /// What JSON says of one network: its evaluation, and its robustness where that was asked for.
  private struct Answer: Encodable {
    let evaluation: Evaluation
    let robustness: RobustnessReport.Network?

    func encode(to encoder: any Encoder) throws {
      try evaluation.encode(to: encoder)
      if let robustness {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(robustness, forKey: .robustness)
      }
    }

    private enum Key: String, CodingKey { case robustness }
  }

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let data = try arguments.required(SharedParameters.data)
    let source = try DataSource(argument: data)
    let split = arguments[SharedParameters.split] ?? .test
    let pictureCount = arguments[count] ?? 100
    var reports: [EvaluationReport] = []
    var robustness: [RobustnessReport.Network] = []
    var damaged: [PictureSheet.Cell] = []
    var said: Set<String> = []
    let remark: (String) -> Void = { if said.insert($0).inserted { console.remark("quill evaluate: \($0)") } }
    let networks = try NetworksTogether(
      arguments.values(of: models), inputRange: arguments[SharedParameters.inputRange], remark: remark)
    for member in networks.members {
      let classifier = try ImageClassifier(
        member.network, inputRange: member.inputRange, threadCount: arguments.threadCount)
      let images = try LabelledData.load(
        source, named: data, split: split, limit: arguments[SharedParameters.limit], for: classifier, remark: remark)
      let passes = arguments[corrupt] ? 1 + Corruption.allCases.count * Corruption.strengths.count : 1
      let progress = ProgressBar("evaluating", total: images.count * passes, console: console)
      let report = EvaluationReport(classifier, on: images, data: data, split: split, progress: progress)
      reports.append(report)
      if arguments[corrupt] {
        robustness.append(
          EvaluationReport.robustness(
            of: classifier, on: images, accuracy: report.evaluation.accuracy, progress: progress))
        damaged = images.corruptionSheet
      }
      progress.finish()
    }
    try LabelledData.remarkUnlessTestImages(source, named: data, split: split, remark: remark)
    if let target = arguments[sheet] { try write(reports[0].first(pictureCount), to: target) }
    if let target = arguments[errors] { try write(reports[0].errors(pictureCount), to: target) }
    let table = RobustnessReport(
      data: data, split: split.rawValue, images: reports[0].evaluation.images, networks: robustness)
    if let target = arguments[html] {
      let page = page(reports, table, damaged, pictureCount)
      try AtomicFile.write(Array(page.html.utf8), to: target)
    }
    if arguments[SharedParameters.json] {
      let answers = reports.enumerated().map { index, report in
        Answer(evaluation: report.evaluation, robustness: robustness.isEmpty ? nil : robustness[index])
      }
      try answers.count == 1 ? console.printJSON(answers[0]) : console.printJSON(answers)
    } else {
      try console.print(text(reports, table, digits: arguments[digits] ?? 2, console))
    }
    return .success
  }

  /// One network's report, or several networks' figures beside each other.
  private static func text(
    _ reports: [EvaluationReport], _ robustness: RobustnessReport, digits: Int, _ console: Console
  ) -> String {
    var parts: [String] = []
    if reports.count == 1 {
      parts.append(reports[0].evaluation.text(digits: digits))
    } else {
      var table = TextTable(headings: [
        .left("model"), .right("accuracy"), .right("loss"), .right("macro F1"), .right("calibration error"),
      ])
      let names = ShortNames.ofNetworks(reports.map(\.evaluation.model))
      for (name, evaluation) in zip(names, reports.map(\.evaluation)) {
        table.append([
          Console.oneLine(name), percent(evaluation.accuracy), TrainProgress.number(evaluation.loss, 4),
          TrainProgress.number(evaluation.macroAverage.f1, 4),
          TrainProgress.number(evaluation.calibration.expectedError, 4),
        ])
      }
      parts.append(table.text(console))
    }
    if !robustness.networks.isEmpty { parts.append(robustness.text) }
    return parts.joined(separator: "\n\n")
  }

  private static func page(
    _ reports: [EvaluationReport], _ robustness: RobustnessReport, _ damaged: [PictureSheet.Cell], _ count: Int
  ) -> HTMLPage {
    var page = HTMLPage(title: "quill evaluate: \(reports.map(\.evaluation.model).joined(separator: ", "))")
    for report in reports {
      if reports.count > 1 { page.heading(report.evaluation.model) }
      report.evaluation.write(to: &page)
      let errors = report.errors(count)
      page.heading(errors.isEmpty ? "No wrong answers" : "Wrong answers, the surest first")
      page.pictures(errors)
      page.heading("First images")
      page.pictures(report.first(count))
    }
    if !robustness.networks.isEmpty {
      robustness.write(to: &page)
      page.heading("The first image, damaged")
      page.pictures(damaged)
    }
    return page
  }

  private static func write(_ cells: [PictureSheet.Cell], to path: String) throws {
    let columns = max(1, min(10, cells.count))
    try AtomicFile.write(PNGFile.encode(PictureSheet(cells, columns: columns).image), to: path)
  }
}
