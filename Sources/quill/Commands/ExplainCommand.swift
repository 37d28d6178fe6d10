import QuillData
import QuillReport

/// `quill explain`: which pixels of a picture decided.
enum ExplainCommand: Command {
  private static let images = Operand(
    "IMAGE", .input, repeats: true, help: "pictures: PNG, JPEG, PGM or PPM, prepared as classify does it")
  private static let method = Option<Explanation.Method>(
    "--method", "METHOD", .choice,
    help:
      "grad-cam (usual for float networks with convolutions), gradient (for other\nfloat networks) or occlusion (for int8 networks)"
  )
  private static let chosenClass = Option(
    "--class", "CLASS", .text, help: "explain this class, by name or number, and not the network's answer")
  private static let png = Option("--png", "OUT.png", .output, help: "draw each picture beside what decided")
  private static let html = Option("--html", "OUT.html", .output, help: "the same as a page of HTML")

  static let declaration = CommandDeclaration(
    name: "explain", summary: "Show which pixels of pictures decided for a class.",
    discussion: """
      Grad-CAM weighs the last convolution's pictures by how much the score of the class grows with them, an empty
      picture's share taken off; gradient shows what each pixel's ink adds to the score; occlusion paints over a square
      at a time and shows what it costs.
      The darker a character of the right half, or the redder a pixel, the more it decided.
      """,
    parameters: [
      SharedParameters.model.declaration, images.declaration, method.declaration, chosenClass.declaration,
      png.declaration, html.declaration, SharedParameters.inputRange.declaration, SharedParameters.json.declaration,
    ],
    examples: [
      .init(command: "quill explain digits.onnx photo.png --png why.png", meaning: "Grad-CAM over the digit"),
      .init(command: "quill explain digits.quill photo.png --class 7", meaning: "what speaks for a 7, by occlusion"),
    ])

  /// One picture's explanation.
  private struct Answer: Encodable {
    let image: String
    let explanation: Explanation
  }

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let classifier = try ImageClassifier(
      try ModelFile.load(arguments[SharedParameters.model]), inputRange: arguments[SharedParameters.inputRange])
    let preparer = ImagePreparer(classifier)
    let explainer = try Explainer(classifier)
    let classIndex = try arguments[chosenClass].map { try index(of: $0, classifier) }
    var answers: [Answer] = []
    var prepared: [PixelImage] = []
    for path in arguments.values(of: images) {
      let name = FileBytes.displayName(path)
      let image = try preparer.prepareSample(try ImageFile.read(path), path: name)
      prepared.append(image)
      answers.append(
        Answer(
          image: name,
          explanation: try explainer.explain(
            image, classIndex: classIndex, by: arguments[method] ?? explainer.usualMethod)))
    }
    let names = ShortNames.ofFiles(answers.map(\.image))
    let cells = answers.indices.flatMap { index in
      let explanation = answers[index].explanation
      let caption = "\(explanation.label) \(Int((explanation.probability * 100).rounded()))%"
      return [
        PictureSheet.Cell(prepared[index], caption: captioned(names[index])),
        PictureSheet.Cell(explanation.drawn(over: prepared[index]), caption: caption),
      ]
    }
    if let target = arguments[png] {
      let zoom = max(1, 224 / max(prepared[0].width, prepared[0].height))
      try AtomicFile.write(PNGFile.encode(PictureSheet(cells, columns: 2, zoom: zoom).image), to: target)
    }
    if let target = arguments[html] {
      var page = HTMLPage(title: "quill explain: \(classifier.network.facts.path)")
      page.paragraph(
        "By \(answers[0].explanation.method.rawValue): the redder, the more a pixel decided for the class.")
      page.pictures(cells, side: 224)
      try AtomicFile.write(Array(page.html.utf8), to: target)
    }
    if arguments[SharedParameters.json] {
      try console.printJSON(answers)
    } else {
      let texts = zip(prepared, answers).map { image, answer in
        let explanation = answer.explanation
        return "\(Console.oneLine(answer.image)): \(Console.oneLine(explanation.label)) "
          + "(\(percent(Double(explanation.probability)))), by \(explanation.method.rawValue)\n"
          + explanation.text(over: image)
      }
      try console.print(texts.joined(separator: "\n\n"))
    }
    return .success
  }

  /// The end of a name, which tells most.
  private static func captioned(_ name: String) -> String {
    name.count <= mostLetters ? name : ".." + name.suffix(mostLetters - 2)
  }

  private static let mostLetters = 32

  private static func index(of name: String, _ classifier: ImageClassifier) throws -> Int {
    let labels = (0..<classifier.classCount).map { classifier.network.facts.label($0) }
    guard let index = labels.firstIndex(of: name) ?? Int(name).flatMap({ labels.indices.contains($0) ? $0 : nil })
    else {
      throw UsageError.optionUnfit(
        option: chosenClass.name,
        reason: "there is no class '\(name)'; the network has \(labels.prefix(20).joined(separator: ", "))")
    }
    return index
  }
}
