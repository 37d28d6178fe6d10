import QuillData

/// `quill inspect`: what a network is made of.
enum InspectCommand: Command {
  static let declaration = CommandDeclaration(
    name: "inspect", summary: "Show a network's inputs, outputs and layers, and what each layer costs.",
    discussion: """
      Lists each layer's operator, name, output shape, parameters (weights and biases), and the products that
      it adds up for one sample.
      """,
    parameters: [SharedParameters.model.declaration, SharedParameters.json.declaration],
    examples: [
      .init(command: "quill inspect digits.quill", meaning: "a table of layers"),
      .init(command: "quill inspect digits.onnx --json", meaning: "the same for a script"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let facts = try ModelFile.load(arguments[SharedParameters.model]).facts
    if arguments[SharedParameters.json] {
      try console.printJSON(Report(facts))
    } else {
      try console.print(text(facts, console))
    }
    return .success
  }

  private struct Report: Encodable {
    let format: String
    let name: String
    let fileBytes: Int
    let arenaBytes: Int?
    let inputs: [NetworkFacts.Tensor]
    let outputs: [NetworkFacts.Tensor]
    let layers: [NetworkFacts.Layer]
    let parameters: Int
    let multiplyAccumulates: Int
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
      labels = facts.labels
      metadata = Dictionary(facts.remarks.map { ($0.key, $0.value) }) { first, _ in first }
    }
  }

  private static func text(_ facts: NetworkFacts, _ console: Console) -> String {
    let arena = facts.arenaByteCount.map { ", arena \($0) bytes" } ?? ""
    var lines = ["\(console.bold(Console.oneLine(facts.name))): \(facts.format), \(facts.fileByteCount) bytes\(arena)"]
    lines += facts.inputTensors.map { "input   \(describe($0))" }
    lines += facts.outputTensors.map { "output  \(describe($0))" }
    if !facts.labels.isEmpty { lines.append("labels  \(Console.oneLine(facts.labels.joined(separator: ", ")))") }
    lines += facts.remarks.map { "\(Console.oneLine($0.key)): \(Console.oneLine($0.value))" }
    var table = TextTable(headings: [
      .left("layer"), .left("operator"), .left("name"), .left("output"), .right("parameters"), .right("products"),
    ])
    for layer in facts.layers {
      table.append([
        String(layer.index), layer.operator, Console.oneLine(layer.name), shape(layer.outputShape),
        String(layer.parameters), String(layer.multiplyAccumulates),
      ])
    }
    table.append(["", "all", "", "", String(facts.parameterCount), String(facts.multiplyAccumulateCount)])
    return (lines + ["", table.text(console)]).joined(separator: "\n")
  }

  private static func describe(_ tensor: NetworkFacts.Tensor) -> String {
    let numbers = "\(Console.oneLine(tensor.name)) \(shape(tensor.shape))"
    guard let scale = tensor.scale, let zeroPoint = tensor.zeroPoint else { return numbers + " float" }
    return numbers + " int8, scale \(scale), zero point \(zeroPoint)"
  }

  private static func shape(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " x ") }
}
