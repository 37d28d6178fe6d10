import Quill
import QuillConverter
import QuillData
import QuillFloat

/// `quill convert`: a network becomes an int8 file.
enum ConvertCommand: Command {
  private static let model = Operand("MODEL", .input, help: "the network: .onnx, .h5, .keras or .tflite, float or int8")
  private static let output = Option("--output", short: "-o", "OUT.quill", .output, help: "where the file goes")
  private static let calibrate = Option(
    "--calibrate", "DATA", .input,
    help:
      "images that show each tensor's range: a folder of IDX files, a folder of\nimages, synthetic, or a .npy of inputs"
  )
  private static let calibrationImages = Option(
    "--calibration-images", "N", .integer(1...1_000_000), help: "how many of them; by default 500")
  private static let seed = Option("--seed", "N", .seed, help: "which of them are drawn; by default 1")
  private static let perTensor = Flag("--per-tensor", help: "one weight scale a layer instead of one a channel")
  private static let noSoftmax = Flag(
    "--no-softmax",
    help: "leave a network that ends in logits without a softmax,\nand one that answers one probability with one number"
  )
  private static let match = Option<Match>(
    "--match", "RUNTIME", .choice,
    help: "whose reference kernels the integers equal: tflite-micro (the default)\nor litert")
  private static let labels = Option(
    "--labels", "FILE", .input, help: "class names, one a line, UTF-8; by default the network's,\nor those of the data")

  static let declaration = CommandDeclaration(
    name: "convert", summary: "Turn a trained network into an int8 .quill file.",
    discussion: """
      Runs the float network on calibration images to find each tensor's range, quantises weights and activations,
      plans the memory, and writes a file that carries everything the board needs and proves itself (quill verify).
      Where channels of a layer differ so much in size that int8 would lose them, it gives them like sizes first, by
      powers of two, which changes no answer of the float network.
      An int8 .tflite network keeps its own scales and needs no calibration. Without --input-range, a float network
      that does not tell its range is tried on labelled calibration images with 0..1, 0..255, -1..1, -0.5..0.5 and,
      for 28 x 28 pixels, 0.1307/0.3081; 0..1 is taken where it is among the best.
      The same network, data and options give the same bytes on every machine.
      """,
    parameters: [
      model.declaration, output.declaration, calibrate.declaration, calibrationImages.declaration, seed.declaration,
      SharedParameters.split.declaration, SharedParameters.inputRange.declaration, perTensor.declaration,
      match.declaration, noSoftmax.declaration, labels.declaration, SharedParameters.threads.declaration,
      SharedParameters.json.declaration,
    ],
    required: [output.name],
    examples: [
      .init(
        command: "quill convert digits.onnx -o digits.quill --calibrate mnist",
        meaning: "calibrated on 500 images of a folder of IDX files"),
      .init(
        command: "quill convert digits.onnx -o digits.quill --calibrate synthetic",
        meaning: "calibrated on digits that Quill draws"),
      .init(
        command: "quill convert int8.tflite -o digits.quill --match litert",
        meaning: "an int8 network, to the byte as LiteRT's reference kernels run it"),
    ])

  private struct Report: Encodable {
    let file: String
    let fileBytes: Int
    let arenaBytes: Int
    let arenaLowerBoundBytes: Int
    let operators: Int
    let calibrationImages: Int
    let balancedTensors: Int
    let narrowedTensors: Int
    let inputRange: RangeChoice?
  }

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let target = try arguments.required(output)
    var options = Converter.Options()
    options.match = arguments[match] ?? .tensorFlowLiteMicro
    let source = try ModelFile.loadSource(try arguments[model], match: options.match)
    options.sourceSHA256 = SHA256.digest(source.bytes)
    options.tool = "quill \(QuillTool.version)"
    options.labels = try arguments[labels].map(LabelFile.read) ?? []
    let conversion =
      switch source.network {
      case .float(let network): try quantize(network, options, arguments, console)
      case .integer(let network):
        Conversion(result: try rehost(network, options, arguments), imageCount: 0, inputRange: nil)
      }
    if case .integer(let network) = source.network, network.microPaddedCount > 0 {
      console.remark(
        "quill convert: \(network.path): dilated convolutions (\(network.microPaddedCount)) pad with bytes of 0, as TensorFlow "
          + "Lite Micro does, and not with zero; --match litert pads as in training")
    }
    if case .integer(let network) = source.network, network.reroundedCount > 0 {
      console.remark(
        "quill convert: \(network.path): weights of uint8 (\(network.reroundedCount) layers) are rounded anew to int8; the "
          + "answers are near TensorFlow Lite's, not its bytes")
    }
    try AtomicFile.write(conversion.result.bytes, to: target)
    if let remark = conversion.inputRange?.remark { console.remark("quill convert: \(remark)") }
    try report(conversion, target, arguments, console)
    return .success
  }

  /// A file, and what it was calibrated on.
  private struct Conversion {
    let result: Converter.Result
    let imageCount: Int
    let inputRange: RangeChoice?
  }

  private static func quantize(
    _ network: FloatNetwork, _ given: Converter.Options, _ arguments: ParsedArguments, _ console: Console
  ) throws -> Conversion {
    var options = given
    options.perTensor = arguments[perTensor]
    options.addsSoftmax = !arguments[noSoftmax]
    options.threadCount = arguments.threadCount
    let range = arguments[SharedParameters.inputRange]
    if let range { options.pixelRange = range.calibrated }
    var samples = try CalibrationSamples(
      try arguments.required(calibrate), for: network, split: arguments[SharedParameters.split] ?? .train,
      count: arguments[calibrationImages] ?? 500, seed: arguments[seed] ?? 1,
      inputRange: range)
    let choice = try RangeChoice(given: range, network, samples, threadCount: arguments.threadCount)
    if hasLearntDarkInk(network, samples, choice) {
      options.inkPolarity = .darkOnLight
      console.remark(
        "quill convert: the network has learnt dark ink on light paper; what is found in pictures is shown it so")
    }
    if options.labels.isEmpty { options.labels = labels(of: network, samples, options, console) }
    options.optionText =
      "\(samples.count) calibration images, seed \(arguments[seed] ?? 1), "
      + "\(options.perTensor ? "per tensor" : "per channel"), match \(options.match.rawValue)"
    if let choice, choice.isNews {
      samples.inputRange = choice.range
      options.pixelRange = choice.range.calibrated
    }
    if let choice, (choice.range.low, choice.range.high) != (InputRange.unit.low, InputRange.unit.high) {
      options.optionText += ", input range \(choice.range.text)"
    }
    let result = try convert(network, options, samples)
    if answersBoth(network, options) {
      console.remark(
        "quill convert: \(network.facts.path) answers the probability of the second of two classes; the file answers both "
          + "(--no-softmax leaves it one number)")
    }
    return Conversion(result: result, imageCount: samples.count, inputRange: choice)
  }

  /// The names of classes that the network has, else those of the data, which is said.
  private static func labels(
    of network: FloatNetwork, _ samples: CalibrationSamples, _ options: Converter.Options, _ console: Console
  ) -> [String] {
    guard network.facts.labels.isEmpty else { return network.facts.labels }
    let count = answersBoth(network, options) ? 2 : network.facts.outputTensors.first?.count ?? 0
    let names = samples.classNames(count: count, of: network.facts)
    if names != names.indices.map(String.init) {
      console.remark(
        "quill convert: the outputs are named as the data's classes, in their order: "
          + "\(ToolError.some(names)); --labels FILE names them otherwise")
    }
    return names
  }

  /// Whether a network of digits has learnt dark ink on light paper: where it says so, or is right about such images.
  private static func hasLearntDarkInk(
    _ network: FloatNetwork, _ samples: CalibrationSamples, _ choice: RangeChoice?
  ) -> Bool {
    guard let images = samples.images, images.imageByteCount == 28 * 28 else { return false }
    if let polarity = network.learntPolarity { return polarity == .darkOnLight }
    return images.showDarkInk && choice?.isPoor != true
  }

  /// Whether the file answers two classes where the network answers the probability of the second.
  private static func answersBoth(_ network: FloatNetwork, _ options: Converter.Options) -> Bool {
    options.addsSoftmax && network.program.graph.answersOneProbability
  }

  /// The file of an int8 network, which keeps its scales.
  private static func rehost(
    _ network: IntegerNetwork, _ given: Converter.Options, _ arguments: ParsedArguments
  ) throws -> Converter.Result {
    let unfit = [
      calibrate.declaration, calibrationImages.declaration, seed.declaration, SharedParameters.split.declaration,
      perTensor.declaration, noSoftmax.declaration,
    ]
    if let option = unfit.first(where: { arguments.count(of: $0) > 0 }) {
      throw UsageError.optionUnfit(option: option.name, reason: "\(network.path) is int8 already and keeps its scales")
    }
    var options = given
    options.optionText = "scales of the int8 network, match \(options.match.rawValue)"
    return try network.converted(options, pixelRange: arguments[SharedParameters.inputRange]?.calibrated)
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
    _ conversion: Conversion, _ target: String, _ arguments: ParsedArguments, _ console: Console
  ) throws {
    let (result, imageCount) = (conversion.result, conversion.imageCount)
    let network = try QuantizedNetwork(result.bytes, path: target)
    let report = Report(
      file: target, fileBytes: result.bytes.count, arenaBytes: network.model.arenaByteCount,
      arenaLowerBoundBytes: result.arenaLowerBound, operators: network.model.operatorCount,
      calibrationImages: imageCount, balancedTensors: result.balancedTensorCount,
      narrowedTensors: result.narrowedTensorCount, inputRange: conversion.inputRange)
    if target == "-" { return }
    if arguments[SharedParameters.json] {
      try console.printJSON(report)
    } else {
      console.remark(
        "\(target): \(report.operators) operators, \(report.fileBytes) bytes, arena \(report.arenaBytes) bytes, "
          + (imageCount > 0 ? "calibrated on \(imageCount) images" : "with the scales of the int8 network")
          + (result.learntRangeCount > 0 ? ", the ranges of \(result.learntRangeCount) tensors learnt in training" : "")
          + (result.balancedTensorCount > 0
            ? ", the unequal channels of \(result.balancedTensorCount) tensors given like sizes" : "")
          + (result.narrowedTensorCount > 0
            ? ", rare values of \(result.narrowedTensorCount) tensors cut off for finer steps" : "")
      )
    }
  }
}

extension InputRange {
  /// The range as the converter takes it.
  fileprivate var calibrated: Calibration.Range { Calibration.Range(low: Float(low), high: Float(high)) }
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
