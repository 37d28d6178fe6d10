import CQuillDefaultNetwork
import Quill
import QuillConverter
import QuillData
import QuillFloat
import QuillReport

/// `quill demo`: the whole road once, on the network that ships with Quill.
enum DemoCommand: Command {
  private static let data = Option(
    "--data", "DATA", .input,
    help:
      "labelled images: a folder of IDX files, a folder of images named or\nfoldered by class; by default digits that Quill draws"
  )
  private static let output = Option("--output", short: "-o", "OUT.quill", .output, help: "also keep the int8 file")

  static let declaration = CommandDeclaration(
    name: "demo", summary: "See it work: convert, verify, compare and show ten digits; needs no data.",
    discussion: """
      Takes the float digit network that ships with Quill, converts it to int8, verifies the file, compares the two on
      every image, and shows ten digits with what the int8 network makes of them.
      """,
    parameters: [data.declaration, output.declaration],
    examples: [
      .init(command: "quill demo", meaning: "on 2,000 digits that Quill draws itself"),
      .init(command: "quill demo --data mnist", meaning: "on the 10,000 test images of MNIST"),
    ])

  private static let calibrationCount = 500

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let name = arguments[data] ?? "synthetic"
    let source = try DataSource(argument: name)
    let bytes = defaultNetwork()
    guard case .float(let float) = try ModelFile.load(bytes, path: "the network that ships with quill") else {
      throw ToolError.notFloat(path: "the network that ships with quill")
    }
    let classifier = try ImageClassifier(.float(float), inputRange: nil)
    let images = try LabelledData.load(
      source, named: name, split: .test, limit: nil, for: classifier, remark: { console.remark("quill demo: \($0)") })
    let file = try convert(float, bytes, name, console)
    let network = try QuantizedNetwork(file.bytes, path: "the int8 network")
    try verify(network, console)
    if let target = arguments[output] {
      try AtomicFile.write(file.bytes, to: target)
      try console.print("kept as \(target)")
    }
    let progress = ProgressBar("comparing", total: images.count, console: console)
    let report = try ComparedSamples(images, inputRange: nil, for: float)
      .drift(from: float, to: network, path: network.facts.path, progress: progress)
    progress.finish()
    let what = name == "synthetic" ? "digits drawn by quill" : "images of \(name)"
    try console.print("compared on \(images.count) \(what):\n\n\(report.text)\n")
    try console.print(try DigitGallery.text(images, classifier: ImageClassifier(.quantized(network), inputRange: nil)))
    return .success
  }

  /// The bytes of the network that ships with Quill.
  static func defaultNetwork() -> [UInt8] {
    Array(UnsafeBufferPointer(start: quill_default_network(), count: quill_default_network_byte_count()))
  }

  private static func convert(
    _ float: FloatNetwork, _ bytes: [UInt8], _ data: String, _ console: Console
  ) throws -> Converter.Result {
    let samples = try CalibrationSamples(
      data, for: float, split: .train, count: calibrationCount, seed: 1, inputRange: nil)
    var options = Converter.Options()
    options.sourceSHA256 = SHA256.digest(bytes)
    options.tool = "quill \(QuillTool.version)"
    options.optionText = "demo, \(samples.count) calibration images"
    options.labels = samples.classNames(count: 10, of: float.facts)
    let result = try ConvertCommand.convert(float, options, samples)
    try console.print(
      "converted: \(bytes.count) bytes of float weights to an int8 file of \(result.bytes.count) bytes, "
        + "calibrated on \(samples.count) images")
    return result
  }

  private static func verify(_ network: QuantizedNetwork, _ console: Console) throws {
    var engine = Engine(for: network.model, level: network.level)
    if let difference = GoldenVectors.verify(network.model, with: &engine) {
      throw ToolError.differs(path: network.facts.path, what: "\(difference)")
    }
    try console.print(
      "verified: \(network.model.operatorCount) operators agree to the byte on \(GoldenVectors.caseCount) golden "
        + "inputs (kernels: \(engine.level.name), arena: \(network.model.arenaByteCount) bytes)")
  }
}
