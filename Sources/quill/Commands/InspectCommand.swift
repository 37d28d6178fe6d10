import Foundation
import QuillData
import QuillReport

/// `quill inspect`: what a network is made of.
enum InspectCommand: Command {
  private static let html = Option(
    "--html", "OUT.html", .output,
    help: "write one page that draws the graph, and the arena of a .quill file,\ninstead of the table")

  static let declaration = CommandDeclaration(
    name: "inspect", summary: "Show a network's inputs, outputs and layers, and what each layer costs.",
    discussion: """
      Lists each layer's operator, name, output shape, parameters (weights and biases), and the products that
      it adds up for one sample; of an int8 network also the real numbers that its result can hold, of a float
      network those between which its weights lie. The page of --html needs nothing beside itself.
      """,
    parameters: [SharedParameters.model.declaration, html.declaration, SharedParameters.json.declaration],
    examples: [
      .init(command: "quill inspect digits.quill", meaning: "a table of layers"),
      .init(command: "quill inspect digits.onnx --json", meaning: "the same for a script"),
      .init(command: "quill inspect digits.quill --html digits.html", meaning: "a drawing for a browser"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let facts = try ModelFile.load(arguments[SharedParameters.model]).facts
    if let target = arguments[html] {
      if arguments[SharedParameters.json] {
        throw UsageError.optionUnfit(option: SharedParameters.json.name, reason: "--html writes a page")
      }
      try AtomicFile.write(Array(NetworkPicture(facts).html.utf8), to: target)
    } else if arguments[SharedParameters.json] {
      try console.printJSON(Report(facts))
    } else {
      try console.print(text(facts, console))
    }
    return .success
  }

  private struct Report: Encodable {
    let format: NetworkFormat
    let name: String
    let fileBytes: Int
    let arenaBytes: Int?
    let inputs: [NetworkFacts.Tensor]
    let outputs: [NetworkFacts.Tensor]
    let layers: [NetworkFacts.Layer]
    let parameters: Int
    let multiplyAccumulates: Int
    let tensors: [NetworkFacts.Tensor]
    let labels: [String]
    let metadata: [String: String]

    init(_ facts: NetworkFacts) {
      format = facts.format
      name = facts.name
      fileBytes = facts.fileByteCount
      arenaBytes = facts.arenaByteCount
      inputs = facts.inputTensors
      outputs = facts.outputTensors
      layers = facts.layers
      parameters = facts.parameterCount
      multiplyAccumulates = facts.multiplyAccumulateCount
      tensors = facts.tensors
      labels = facts.labels
      metadata = Dictionary(facts.remarks.map { ($0.key, $0.value) }) { first, _ in first }
    }
  }

  private static func text(_ facts: NetworkFacts, _ console: Console) -> String {
    let arena = facts.arenaByteCount.map { ", arena \($0) bytes" } ?? ""
    var lines = [
      "\(console.bold(Console.oneLine(facts.name))): \(facts.format.rawValue), \(facts.fileByteCount) bytes\(arena)"
    ]
    lines += facts.inputTensors.map { "input   \(describe($0))" }
    lines += facts.outputTensors.map { "output  \(describe($0))" }
    if !facts.labels.isEmpty { lines.append("labels  \(Console.oneLine(facts.labels.joined(separator: ", ")))") }
    lines += facts.remarks.map { "\(Console.oneLine($0.key)): \(Console.oneLine($0.value))" }
    var table = TextTable(
      headings: [
        .left("layer"), .left("operator"), .left("name"), .left("output"), .right("parameters"), .right("products"),
        .left(facts.isQuantized ? "range" : "weights"),
      ])
    for layer in facts.layers {
      let range = facts.isQuantized ? facts.tensors[layer.output].range : layer.parameterRange
      table.append([
        String(layer.index), layer.operator, Console.oneLine(layer.name), shape(layer.outputShape),
        String(layer.parameters), String(layer.multiplyAccumulates), range.map(describe) ?? "",
      ])
    }
    table.append(["", "all", "", "", String(facts.parameterCount), String(facts.multiplyAccumulateCount), ""])
    return (lines + ["", table.text(console)]).joined(separator: "\n")
  }

  private static func describe(_ tensor: NetworkFacts.Tensor) -> String {
    let numbers = "\(Console.oneLine(tensor.name)) \(shape(tensor.shape))"
    guard let scale = tensor.scale, let zeroPoint = tensor.zeroPoint else { return numbers + " float" }
    let range = tensor.range.map { ", range \(describe($0))" } ?? ""
    return numbers + " int8, scale \(scale), zero point \(zeroPoint)\(range)"
  }

  /// `-1.024...1.016`: the ends with four digits after the point at most.
  private static func describe(_ range: ClosedRange<Float>) -> String {
    func short(_ number: Float) -> String {
      let text = String(format: "%.4f", number)
      let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
      return trimmed.isEmpty ? "0" : String(trimmed.reversed())
    }
    return "\(short(range.lowerBound))...\(short(range.upperBound))"
  }

  private static func shape(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " x ") }
}

extension NetworkPicture {
  /// The drawing of a network.
  fileprivate init(_ facts: NetworkFacts) {
    var lines = [Fact("format", facts.format.rawValue), Fact("file", "\(facts.fileByteCount) bytes")]
    if let arena = facts.arenaByteCount { lines.append(Fact("arena", "\(arena) bytes")) }
    lines.append(Fact("parameters", String(facts.parameterCount)))
    lines.append(Fact("multiply-accumulates", String(facts.multiplyAccumulateCount)))
    if !facts.labels.isEmpty { lines.append(Fact("labels", facts.labels.joined(separator: ", "))) }
    lines += facts.remarks.map { Fact($0.key, $0.value) }
    self.init(
      title: facts.name, facts: lines,
      tensors: facts.tensors.map {
        Tensor(name: $0.name, shape: $0.shape, scale: $0.scale, zeroPoint: $0.zeroPoint, place: $0.arena)
      },
      layers: facts.layers.map {
        Layer(
          operator: $0.operator, name: $0.name, parameters: $0.parameters,
          multiplyAccumulates: $0.multiplyAccumulates, inputs: $0.inputs, output: $0.output)
      },
      inputs: facts.inputs, outputs: facts.outputs, arenaByteCount: facts.arenaByteCount)
  }
}
