import QuillConverter
import QuillData
import QuillFloat
import QuillReport

/// `quill drift`: how an int8 file differs from the float network that it was made from.
enum DriftCommand: Command {
  private static let float = Operand("FLOAT", .input, help: "the float network: .onnx, .h5, .keras or .tflite")
  private static let quantized = Operand("MODEL.quill", .input, help: "the file that convert made from it")
  private static let data = Option(
    "--data", "DATA", .input,
    help:
      "labelled images: a folder of IDX files, a folder of images named or\nfoldered by class, a .csv or .npz file, "
      + "or synthetic;\nor a .npy of the float network's inputs\n(several inputs: several files with commas between)")
  private static let targets = Option(
    "--targets", "Y.npy", .input,
    help: "the right class of each sample of a .npy; without it, only answers that\nchange are counted")
  private static let maximumFlips = Option(
    "--max-flips", "N", .integer(0...Int.max), help: "end with status 3 where more than N answers change")

  static let declaration = CommandDeclaration(
    name: "drift", summary: "Compare a .quill file with its float network, layer by layer.",
    discussion: """
      Runs both on the same images and answers the accuracy of each, the answers that changed, and for each layer the
      signal-to-quantisation-noise ratio: in all, and of the layer by itself, which names the culprit where accuracy
      is lost. Without --input-range, the float network is fed what it was fed when the file was made.
      """,
    parameters: [
      float.declaration, quantized.declaration, data.declaration, targets.declaration,
      SharedParameters.split.declaration,
      SharedParameters.limit.declaration, SharedParameters.inputRange.declaration, maximumFlips.declaration,
      SharedParameters.threads.declaration, SharedParameters.json.declaration,
    ],
    required: [data.name],
    examples: [
      .init(command: "quill drift digits.onnx digits.quill --data mnist", meaning: "on the 10,000 test images"),
      .init(
        command: "quill drift digits.onnx digits.quill --data mnist --max-flips 30",
        meaning: "for a script: status 3 where more than 30 answers change"),
      .init(
        command: "quill drift words.tflite words.quill --data features.npy --targets classes.npy",
        meaning: "a network that takes no pictures"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let source = try ModelFile.loadFloat(try arguments[float])
    guard case .quantized(let network) = try ModelFile.load(try arguments[quantized]) else {
      throw ToolError.notQuill(path: try arguments[quantized])
    }
    if let hash = network.model.sourceSHA256, hash != SHA256.digest(source.bytes) {
      console.remark(
        "quill drift: \(network.facts.path) was not converted from \(source.network.facts.path), "
          + "by the hash that it carries")
    }
    let samples = try samples(for: source.network, beside: network, arguments, console)
    let progress = ProgressBar("comparing", total: samples.count, console: console)
    let report = try samples.drift(
      from: source.network, to: network, path: network.facts.path, threadCount: arguments.threadCount,
      progress: progress)
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

  private static func samples(
    for network: FloatNetwork, beside quantized: QuantizedNetwork, _ arguments: ParsedArguments, _ console: Console
  ) throws -> ComparedSamples {
    let data = try arguments.required(data)
    let limit = arguments[SharedParameters.limit]
    if data.hasSuffix(".npy") {
      return try ComparedSamples(arrays: data, targets: arguments[targets], limit: limit, for: network)
    }
    guard arguments[targets] == nil else { throw UsageError.targetsWithoutArrays }
    let range = arguments[SharedParameters.inputRange] ?? quantized.writtenRange(of: network)
    let source = try DataSource(argument: data)
    let split = arguments[SharedParameters.split] ?? .test
    let remark: (String) -> Void = { console.remark("quill drift: \($0)") }
    let images = try LabelledData.load(
      source, named: data, split: split, limit: limit, for: try ImageClassifier(.float(network), inputRange: range),
      classNames: quantized.facts.labels, remark: remark)
    try LabelledData.remarkUnlessTestImages(source, named: data, split: split, remark: remark)
    return try ComparedSamples(images, inputRange: range, for: network)
  }
}
