import QuillData
import QuillImaging

/// `quill classify`: the class of pictures.
enum ClassifyCommand: Command {
  private static let images = Operand(
    "IMAGE", .text, repeats: true, help: "pictures: PNG, JPEG, PGM or PPM, found by content")
  private static let top = Option(
    "--top", "K", .integer(1...1000), help: "how many classes to show for each picture; by default 3")

  static let declaration = CommandDeclaration(
    name: "classify", summary: "Name the class of pictures.",
    discussion: """
      For a digit network (28 x 28 grey) the digit is found in the picture, whichever of ink and paper is darker,
      cut out, and centred as in MNIST. For other networks the middle of the picture is resized.
      """,
    parameters: [
      SharedParameters.model.declaration, images.declaration, top.declaration,
      SharedParameters.inputRange.declaration, SharedParameters.json.declaration,
    ],
    examples: [
      .init(command: "quill classify digits.quill photo.jpg", meaning: "the likeliest digits and their probabilities"),
      .init(command: "quill classify digits.quill *.png --json", meaning: "every class's probability, for a script"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let classifier = try ImageClassifier(
      try ModelFile.load(arguments[SharedParameters.model]), inputRange: arguments[SharedParameters.inputRange])
    let preparer = ImagePreparer(classifier)
    let paths = arguments.values(of: images)
    let prepared = try paths.map { try preparer.prepare(try ImageFile.read($0), path: FileBytes.displayName($0)) }
    let layout = classifier.layout
    let batch = LabelledImages(
      images: prepared.flatMap(\.image.pixels), height: layout.height, width: layout.width, channels: layout.channels,
      labels: [Int](repeating: 0, count: prepared.count), classNames: [""])
    let answers = classifier.classify(batch, progress: ProgressBar("", total: 0, console: console))
    let facts = classifier.network.facts
    let shown = min(arguments[top] ?? 3, classifier.classCount)
    let reports = zip(paths, zip(prepared, answers)).map { path, result in
      Classification(path: FileBytes.displayName(path), digit: result.0.found, answer: result.1, facts: facts)
    }
    if arguments[SharedParameters.json] {
      try console.printJSON(reports.map { $0.limited(to: arguments[top]) })
    } else {
      try console.print(reports.map { $0.text(top: shown, console) }.joined(separator: "\n"))
    }
    return .success
  }
}
