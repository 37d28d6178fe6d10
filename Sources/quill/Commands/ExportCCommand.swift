import Quill
import QuillData

/// `quill export-c`: a model as a C array, for a microcontroller that has no files.
enum ExportCCommand: Command {
  private static let model = Operand("MODEL.quill", .input, help: "the file")
  private static let output = Option(
    "--output", short: "-o", "FILE.h", .output, help: "the header to write; by default standard output")
  private static let symbol = Option(
    "--name", "NAME", .text, help: "what the array is called in C; by default quill_ and the\nfile's name")

  static let declaration = CommandDeclaration(
    name: "export-c", summary: "Write a .quill file as an aligned C array, for a microcontroller.",
    discussion: """
      The header holds the bytes, at a multiple of 64 as the core needs them, their number, and that of the bytes
      of working memory. Include it in one C file. firmware-notes/cortex-m.md takes it to a board.
      """,
    parameters: [model.declaration, output.declaration, symbol.declaration],
    examples: [
      .init(command: "quill export-c digits.quill -o digits.h", meaning: "const unsigned char quill_digits[...]")
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let path = try arguments[model]
    let bytes = try FileBytes.read(path)
    // The array must be a model that opens: a mistake is found here, and not on the microcontroller.
    guard case .quantized(let network) = try ModelFile.load(bytes, path: path), network.facts.format == .quill else {
      throw ToolError.notQuill(path: path)
    }
    let name = try arguments[symbol].map(Self.checked) ?? "quill_" + identifier(stem(of: path))
    let text = header(bytes, name: name, arenaByteCount: network.model.arenaByteCount)
    if let target = arguments[output] {
      try AtomicFile.write(Array(text.utf8), to: target)
    } else {
      try console.print(text)
    }
    return .success
  }

  private static func header(_ bytes: [UInt8], name: String, arenaByteCount: Int) -> String {
    var text = """
      /* A .quill model as C, written by `quill export-c`. Include it in one C file. */
      #ifndef \(name.uppercased())_H
      #define \(name.uppercased())_H

      /* Bytes of the model, and of working memory for its tensors. */
      #define \(name.uppercased())_BYTES \(bytes.count)
      #define \(name.uppercased())_ARENA_BYTES \(arenaByteCount)

      #if defined(__GNUC__)
      __attribute__((aligned(64)))
      #elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
      _Alignas(64)
      #endif
      const unsigned char \(name)[\(bytes.count)] = {

      """
    for start in stride(from: 0, to: bytes.count, by: 24) {
      text += bytes[start..<min(start + 24, bytes.count)].map { "\($0)," }.joined() + "\n"
    }
    return text + "};\n\n#endif\n"
  }

  private static func checked(_ name: String) throws -> String {
    guard name == identifier(name), let first = name.utf8.first, !(0x30...0x39).contains(first) else {
      throw UsageError.optionUnfit(
        option: symbol.name, reason: "a name in C has letters, digits and _ only, and begins with no digit")
    }
    return name
  }

  /// The name with everything but ASCII letters and digits as `_`.
  private static func identifier(_ name: String) -> String {
    String(
      decoding: name.utf8.map { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: byte
        default: 0x5F
        }
      }, as: UTF8.self)
  }

  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.split(separator: ".").first.map(String.init) ?? name
  }
}
