import Quill

/// `quill verify`: whether a file is whole and this machine computes it to the byte.
enum VerifyCommand: Command {
  private static let model = Operand("MODEL.quill", .input, help: "the file")

  static let declaration = CommandDeclaration(
    name: "verify", summary: "Check a .quill file, and that this machine runs it to the byte.",
    discussion: """
      Opening the file checks its checksum and every rule of the format. Then its golden inputs are run, and
      every operator's output is compared with the checksum that the file carries. quill-camera verify does the
      same on the board.
      """,
    parameters: [model.declaration, SharedParameters.json.declaration],
    examples: [.init(command: "quill verify digits.quill", meaning: "one line, exit status 0 where all holds")])

  private struct Report: Encodable {
    let file: String
    let operators: Int
    let goldenInputs: Int
    let fileBytes: Int
    let arenaBytes: Int
  }

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let network = try ModelFile.load(arguments[model])
    guard case .quantized(let network) = network, network.facts.format == .quill else {
      throw ToolError.notQuill(path: network.facts.path)
    }
    var engine = Engine(for: network.model, level: network.level)
    if let difference = GoldenVectors.verify(network.model, with: &engine) {
      throw ToolError.differs(path: network.facts.path, what: describe(difference, network))
    }
    let report = Report(
      file: network.facts.path, operators: network.model.operatorCount, goldenInputs: GoldenVectors.caseCount,
      fileBytes: network.model.byteCount, arenaBytes: network.model.arenaByteCount)
    if arguments[SharedParameters.json] {
      try console.printJSON(report)
    } else {
      try console.print(
        "\(report.file): \(report.operators) operators agree to the byte on \(report.goldenInputs) golden inputs")
    }
    return .success
  }

  private static func describe(_ difference: GoldenVectors.Difference, _ network: QuantizedNetwork) -> String {
    switch difference {
    case .operator(let index, let number, let found, let expected):
      let layer = network.facts.layers[index]
      return
        "operator \(index) (\(layer.operator) \"\(layer.name)\") on golden input \(number): the output's checksum is "
        + "0x\(String(found, radix: 16)), expected 0x\(String(expected, radix: 16))"
    case .output(let index, let position, let number, let found, let expected):
      return "output \(index), value \(position), on golden input \(number): found \(found), expected \(expected)"
    }
  }
}
