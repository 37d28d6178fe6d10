import QuillData

/// `quill run`: arrays in, arrays out.
enum RunCommand: Command {
  private static let input = Option(
    "--input", "X.npy", .input, repeats: true, help: "what goes in; once for each input of the network")
  private static let output = Option(
    "--output", short: "-o", "Y.npy", .output, repeats: true,
    help: "what comes out; once for each output of the network")
  private static let dump = Option(
    "--dump-tensors", "DIR", .text, help: "write each tensor there, all samples stacked, and index.json")

  static let declaration = CommandDeclaration(
    name: "run", summary: "Run a network on .npy arrays.",
    discussion: """
      The first dimension of each input is the batch; the rest is reshaped where the count of values fits.
      Floats in give floats out. An int8 network also takes int8 and then answers its raw int8; or uint8, 128 more,
      as networks with uint8 inputs were given, and then answers uint8.
      """,
    parameters: [
      SharedParameters.model.declaration, input.declaration, output.declaration, dump.declaration,
      SharedParameters.threads.declaration,
    ],
    required: [input.name, output.name],
    examples: [
      .init(
        command: "quill run digits.quill --input x.npy --output y.npy",
        meaning: "run every sample of x.npy and write what the network answers"),
      .init(
        command: "quill run digits.onnx --input x.npy --output y.npy --dump-tensors tensors",
        meaning: "also write every tensor in between, for comparison with another runtime"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let network = try ModelFile.load(arguments[SharedParameters.model])
    let outputs = arguments.values(of: output)
    guard outputs.count == network.facts.outputs.count else {
      throw UsageError.outputCount(found: outputs.count, expected: network.facts.outputs.count)
    }
    let batch = try ArrayBatch(paths: arguments.values(of: input), for: network.facts)
    let progress = ProgressBar("running", total: batch.count, console: console)
    defer { progress.finish() }
    let runner = ArrayRunner(network, dumpFolder: arguments[dump], threadCount: arguments.threadCount)
    let answers = try runner.run(batch, progress: progress)
    for (array, path) in zip(answers, outputs) { try NumpyFile.write(array, to: path) }
    return .success
  }
}
