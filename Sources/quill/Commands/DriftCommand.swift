import QuillConverter
import QuillData
import QuillFloat
import QuillReport

/// `quill drift`: how an int8 file differs from the float network that it was made from.
enum DriftCommand: Command {
  private static let float = Operand("FLOAT", .text, help: "the float network: .onnx, .h5, .keras or .tflite")
  private static let quantized = Operand("MODEL.quill", .text, help: "the file that convert made from it")
  private static let maximumFlips = Option(
    "--max-flips", "N", .integer(0...Int.max), help: "end with status 3 where more than N answers change")

  static let declaration = CommandDeclaration(
    name: "drift", summary: "Compare a .quill file with its float network, layer by layer.",
    discussion: """
      Runs both on the same images and answers the accuracy of each, the answers that changed, and for each layer the
      signal-to-quantisation-noise ratio: in all, and of the layer by itself, which names the culprit where accuracy
      is lost.
      """,
    parameters: [
      float.declaration, quantized.declaration, SharedParameters.data.declaration, SharedParameters.split.declaration,
      SharedParameters.limit.declaration, SharedParameters.inputRange.declaration, maximumFlips.declaration,
      SharedParameters.threads.declaration, SharedParameters.json.declaration,
    ],
    required: [SharedParameters.data.name],
    examples: [
      .init(command: "quill drift digits.onnx digits.quill --data mnist", meaning: "on the 10,000 test images"),
      .init(
        command: "quill drift digits.onnx digits.quill --data mnist --max-flips 30",
        meaning: "for a script: status 3 where more than 30 answers change"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let data = try arguments.required(SharedParameters.data)
    let source = try ModelFile.loadFloat(try arguments[float])
    guard case .quantized(let network) = try ModelFile.load(try arguments[quantized]) else {
      throw ToolError.notQuill(path: try arguments[quantized])
    }
    if let hash = network.model.sourceSHA256, hash != SHA256.digest(source.bytes) {
      console.remark(
        "quill drift: \(network.facts.path) was not converted from \(source.network.facts.path), "
          + "by the hash that it carries")
    }
    let range = arguments[SharedParameters.inputRange]
    let classifier = try ImageClassifier(.float(source.network), inputRange: range)
    let images = try LabelledData.load(
      try DataSource(argument: data), named: data, split: arguments[SharedParameters.split] ?? .test,
      limit: arguments[SharedParameters.limit], for: classifier)
    let progress = ProgressBar("comparing", total: images.count, console: console)
    let report = try DriftRun.measure(
      source.network, network, images, inputRange: range, path: network.facts.path,
      threadCount: arguments.threadCount, progress: progress)
    progress.finish()
    if arguments[SharedParameters.json] {
      try console.printJSON(report)
    } else {
      try console.print(report.text)
    }
    if let limit = arguments[maximumFlips], let changed = report.flips?.changed, changed > limit {
      console.remark("quill drift: \(changed) answers change; at most \(limit) were asked for")
      return .limitExceeded
    }
    return .success
  }
}

/// Drift of a network on labelled images.
enum DriftRun {
  static func measure(
    _ float: FloatNetwork, _ quantized: QuantizedNetwork, _ images: LabelledImages, inputRange: InputRange?,
    path: String, threadCount: Int = Parallel.threadCount, progress: ProgressBar
  ) throws(ToolError) -> DriftReport {
    let shape = float.facts.inputTensors[0].shape
    guard let layout = ImageLayout(shape: shape) else {
      throw ToolError.notAnImageNetwork(path: float.facts.path, shape: shape)
    }
    let table = (inputRange ?? float.statedRange ?? .unit).table
    do throws(DriftError) {
      return try Drift(float.program.graph, quantized.shared).measure(
        count: images.count, labels: images.labels, threadCount: threadCount, level: quantized.level,
        inputs: { [FloatTensor(shape: shape, values: layout.arranged(images.image($0)).map { table[Int($0)] })] },
        progress: { progress.advance() })
    } catch {
      throw ToolError.drift(path: path, error)
    }
  }
}
