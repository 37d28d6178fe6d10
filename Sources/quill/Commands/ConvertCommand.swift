import Quill
import QuillConverter
import QuillData
import QuillFloat

/// `quill convert`: a float network becomes an int8 file.
enum ConvertCommand: Command {
  private static let model = Operand("MODEL", .text, help: "the float network, as .onnx")
  private static let output = Option("--output", short: "-o", "OUT.quill", .text, help: "where the file goes")
  private static let calibrate = Option(
    "--calibrate", "DATA", .text,
    help: "images that show each tensor's range: a folder of IDX files, a folder of\nimages, synthetic, or a .npy of inputs")
  private static let calibrationImages = Option(
    "--calibration-images", "N", .integer(1...1_000_000), help: "how many of them; by default 500")
  private static let seed = Option("--seed", "N", .seed, help: "which of them are drawn; by default 1")
  private static let perTensor = Flag("--per-tensor", help: "one weight scale a layer instead of one a channel")
  private static let noSoftmax = Flag("--no-softmax", help: "leave a network that ends in logits without a softmax")
  private static let match = Option<Match>(
    "--match", "RUNTIME", .choice,
    help: "whose reference kernels the integers equal: tflite-micro (the default)\nor litert")
  private static let labels = Option(
    "--labels", "FILE", .text, help: "class names, one a line, UTF-8; by default those of the data")

  static let declaration = CommandDeclaration(
    name: "convert", summary: "Turn a float network into an int8 .quill file.",
    discussion: """
      Runs the float network on calibration images to find each tensor's range, quantises weights and activations,
      plans the memory, and writes a file that carries everything the board needs and proves itself (quill verify).
      The same network, data and options give the same bytes on every machine.
      """,
    parameters: [
      model.declaration, output.declaration, calibrate.declaration, calibrationImages.declaration, seed.declaration,
      SharedParameters.split.declaration, SharedParameters.inputRange.declaration, perTensor.declaration,
      match.declaration, noSoftmax.declaration, labels.declaration, SharedParameters.json.declaration,
    ],
    required: [output.name, calibrate.name],
    examples: [
      .init(
        command: "quill convert digits.onnx -o digits.quill --calibrate mnist",
        meaning: "calibrated on 500 images of a folder of IDX files"),
      .init(
        command: "quill convert digits.onnx -o digits.quill --calibrate synthetic",
        meaning: "calibrated on digits that Quill draws"),
    ])

  private struct Report: Encodable {
    let file: String
    let fileBytes: Int
    let arenaBytes: Int
    let arenaLowerBoundBytes: Int
    let operators: Int
    let calibrationImages: Int
  }

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let target = try arguments.required(output)
    let path = try arguments[model]
    let source = try ModelFile.loadFloat(path)
    var options = Converter.Options()
    options.perTensor = arguments[perTensor]
    options.match = arguments[match] ?? .tensorFlowLiteMicro
    options.addsSoftmax = !arguments[noSoftmax]
    options.sourceSHA256 = SHA256.digest(source.bytes)
    options.tool = "quill \(QuillTool.version)"
    if let range = arguments[SharedParameters.inputRange] {
      options.pixelRange = Calibration.Range(low: Float(range.low), high: Float(range.high))
    }
    let samples = try CalibrationSamples(
      try arguments.required(calibrate), for: source.network, split: arguments[SharedParameters.split] ?? .train,
      count: arguments[calibrationImages] ?? 500, seed: arguments[seed] ?? 1,
      inputRange: arguments[SharedParameters.inputRange])
    options.labels = try arguments[labels].map(LabelFile.read) ?? samples.classNames(of: source.network.facts)
    options.optionText = "\(samples.count) calibration images, seed \(arguments[seed] ?? 1), "
      + "\(options.perTensor ? "per tensor" : "per channel"), match \(options.match.rawValue)"
    let result = try convert(source.network, options, samples)
    try AtomicFile.write(result.bytes, to: target)
    try report(result, target, samples.count, arguments, console)
    return .success
  }

  /// The file of a network, as it was given, calibrated on samples.
  static func convert(
    _ network: FloatNetwork, _ options: Converter.Options, _ samples: CalibrationSamples
  ) throws(ToolError) -> Converter.Result {
    do throws(ConverterError) {
      return try Converter.convert(
        network.program.graph, options, calibrationCount: samples.count, calibrationInputs: samples.inputs)
    } catch {
      throw ToolError.converter(path: network.facts.path, error)
    }
  }

  private static func report(
    _ result: Converter.Result, _ target: String, _ imageCount: Int, _ arguments: ParsedArguments, _ console: Console
  ) throws {
    let network = try QuantizedNetwork(result.bytes, path: target)
    let report = Report(
      file: target, fileBytes: result.bytes.count, arenaBytes: network.model.arenaByteCount,
      arenaLowerBoundBytes: result.arenaLowerBound, operators: network.model.operatorCount,
      calibrationImages: imageCount)
    if target == "-" { return }
    if arguments[SharedParameters.json] {
      try console.printJSON(report)
    } else {
      console.remark(
        "\(target): \(report.operators) operators, \(report.fileBytes) bytes, arena \(report.arenaBytes) bytes, "
          + "calibrated on \(imageCount) images")
    }
  }
}

/// A file of class names.
enum LabelFile {
  /// One name a line, UTF-8; blank lines at the end do not count.
  static func read(_ path: String) throws -> [String] {
    let bytes = try FileBytes.read(path)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw ToolError.labelsNotText(path: path) }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
