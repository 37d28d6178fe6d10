import QuillData
import QuillImaging

/// `quill classify`: the class of pictures.
enum ClassifyCommand: Command {
  /// How grey levels are spread before the digit is looked for.
  private enum Spread: String, CaseIterable {
    case none, global, clahe

    var equalisation: Equalisation {
      switch self {
      case .none: .none
      case .global: .global
      case .clahe: .contrastLimited
      }
    }
  }

  private static let images = Operand(
    "IMAGE", .input, repeats: true, help: "pictures: PNG, JPEG, PGM or PPM, found by content")
  private static let top = Option(
    "--top", "K", .integer(1...1000), help: "how many classes to show for each picture; by default 3")
  private static let multi = Flag(
    "--multi", help: "read several digits, row by row from left to right, as a number;\ndigits in touch are parted")
  private static let equalise = Option<Spread>(
    "--equalise", "HOW", .choice,
    help: "spread grey levels before the digit is looked for: none (the default),\nglobal, or clahe (contrast-limited)")
  private static let explain = Option(
    "--explain", "DIR", .text, help: "write the steps to each digit as pictures into this folder")

  static let declaration = CommandDeclaration(
    name: "classify", summary: "Name the class of pictures.",
    discussion: """
      For a digit network (28 x 28 grey) the digit is found in the picture, whichever of ink and paper is darker,
      cut out, and centred as in MNIST; the lines of ruled and squared paper are looked through. A picture without a
      digit is answered by "no digit". An answer is unsure where the shape is hardly one whole digit, or where the
      likeliest class is less than some 55 times as likely as the next. For other networks the middle of the picture
      is resized.
      """,
    parameters: [
      SharedParameters.model.declaration, images.declaration, top.declaration, multi.declaration,
      equalise.declaration, explain.declaration, SharedParameters.inputRange.declaration,
      SharedParameters.json.declaration,
    ],
    examples: [
      .init(command: "quill classify digits.quill photo.jpg", meaning: "the likeliest digits and their probabilities"),
      .init(command: "quill classify digits.quill *.png --json", meaning: "every class's probability, for a script"),
      .init(command: "quill classify digits.quill meter.jpg --multi", meaning: "a number of several digits"),
      .init(command: "quill classify digits.quill photo.jpg --explain steps", meaning: "see what was looked at"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let classifier = try ImageClassifier(
      try ModelFile.load(arguments[SharedParameters.model]), inputRange: arguments[SharedParameters.inputRange])
    let preparer = ImagePreparer(classifier)
    for name in [
      arguments[multi] ? multi.name : nil, arguments[equalise] != nil ? equalise.name : nil,
      arguments[explain] != nil ? explain.name : nil,
    ] {
      guard let name, !preparer.findsDigits else { continue }
      throw UsageError.optionUnfit(option: name, reason: "it is for networks of digits, 28 x 28 grey")
    }
    var search = DigitSearch(layout: classifier.layout, inverts: preparer.inverts)
    search.equalisation = (arguments[equalise] ?? .none).equalisation
    if let folder = arguments[explain] { search.steps = try StepFolder(folder) }
    let paths = arguments.values(of: images)
    var reports: [PictureReport] = []
    var status = ExitCode.success
    for (number, path) in paths.enumerated() {
      do {
        let prefix = paths.count > 1 ? "\(number + 1)-" : ""
        reports.append(
          try report(on: path, &search, preparer, classifier, readsNumbers: arguments[multi], stepPrefix: prefix))
      } catch {
        // One bad picture of many keeps nobody from the answers to the others.
        guard paths.count > 1 else { throw error }
        Console.printError(error, command: declaration.name)
        status = .failure
      }
    }
    guard !reports.isEmpty else { return status }
    if arguments[SharedParameters.json] {
      try console.printJSON(reports.map { $0.limited(to: arguments[top]) })
    } else {
      let shown = min(arguments[top] ?? 3, classifier.classCount)
      try console.print(reports.map { $0.text(top: shown, console) }.joined(separator: "\n"))
    }
    return status
  }

  private static func report(
    on path: String, _ search: inout DigitSearch, _ preparer: ImagePreparer, _ classifier: ImageClassifier,
    readsNumbers: Bool, stepPrefix: String
  ) throws -> PictureReport {
    let image = try ImageFile.read(path)
    let name = FileBytes.displayName(path)
    guard preparer.findsDigits else {
      return .single(path: name, classification(of: try preparer.prepare(image, path: name), preparer, classifier))
    }
    let judge = readsNumbers ? NetworkJudge(classifier: classifier, inverts: preparer.inverts) : nil
    let found = try search.find(in: image, path: name, judge: judge).map {
      classification(of: $0, preparer, classifier)
    }
    _ = try search.steps?.write(prefix: stepPrefix)
    return readsNumbers ? .number(path: name, found) : .single(path: name, found.first)
  }

  private static func classification(
    of prepared: ImagePreparer.Prepared, _ preparer: ImagePreparer, _ classifier: ImageClassifier
  ) -> Classification {
    let answer = classifier.classify(prepared.image)
    let isShaped =
      prepared.found == nil
      || classifier.sees(prepared.image, asShapeOf: answer.classIndex, inverts: preparer.inverts)
    return Classification(
      prepared, isShaped: isShaped, answer: answer, facts: classifier.network.facts)
  }
}
