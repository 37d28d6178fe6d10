import Quill

/// The tool's help, made from the declarations.
enum HelpText {
  /// `quill --help`.
  static func overview(of commands: [CommandDeclaration]) -> String {
    """
    Quill takes a trained float network, writes it as one int8 file, and runs that file with integers.

    usage: quill COMMAND ...    (quill COMMAND --help explains a command)

    commands:
    \(table(commands.map { ($0.name, $0.summary) }))

    DATA, wherever a command asks for it, is a folder of IDX files (MNIST's or EMNIST's, .gz or expanded), a folder
    of images named (7_03.png) or foldered by class, a table (label,pixel0,...; .csv, .csv.gz, .zip, or a folder with
    train.csv), an archive such as Keras's mnist.npz, or what Quill draws itself: synthetic (digits), synthetic-letters
    (digits and A-Z), synthetic-devanagari or synthetic-displays (seven segments); synthetic:500 draws 500.
    The name - stands for standard input or standard output. Errors are one line on standard error.

    options:
    \(table([("--version", "show the versions of the tool and of the file format"), ("-h, --help", "show this help")]))

    exit codes:
    \(table(ExitCode.allCases.map { (String($0.rawValue), $0.meaning) }))

    environment:
    \(table([
      ("NO_COLOR", "when set and not empty, no colours on a terminal"),
      ("QUILL_KERNELS", "run int8 networks with these kernels: \(KernelLevel.allCases.map(\.name).joined(separator: ", "))"),
    ]))

    """
  }

  /// `quill COMMAND --help`.
  static func page(for command: CommandDeclaration) -> String {
    var sections = ["\(command.summary)\n\n\(usage(of: command))\n\n\(command.discussion)"]
    let operands = command.parameters.filter { isOperand($0) }
    let options = command.parameters.filter { !isOperand($0) }
    if !operands.isEmpty { sections.append("arguments:\n" + table(operands.map { ($0.name, $0.help) })) }
    sections.append("options:\n" + table(options.map { (label(of: $0), $0.help) }))
    if !command.examples.isEmpty {
      let lines = command.examples.map { "  \($0.command)\n      \($0.meaning)" }
      sections.append("examples:\n" + lines.joined(separator: "\n"))
    }
    return sections.joined(separator: "\n\n") + "\n"
  }

  private static func usage(of command: CommandDeclaration) -> String {
    var words = ["quill", command.name]
    for parameter in command.parameters {
      switch parameter.form {
      case .operand(let repeats): words.append(parameter.name + (repeats ? "..." : ""))
      case .option(let placeholder, let repeats):
        let text = "\(parameter.short ?? parameter.name) \(placeholder)" + (repeats ? "..." : "")
        words.append(command.required.contains(parameter.name) ? text : "[\(text)]")
      case .flag:
        if parameter.name != Flag.help.name, parameter.name != Flag.quiet.name { words.append("[\(parameter.name)]") }
      }
    }
    return wrapped(words)
  }

  /// Words in lines of at most 100 columns, the heading before them counted; further lines are indented.
  private static func wrapped(_ words: [String]) -> String {
    var lines = ["usage:"]
    for word in words {
      if lines[lines.count - 1].count + 1 + word.count <= 100 {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append("         " + word)
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func isOperand(_ parameter: ParameterDeclaration) -> Bool {
    if case .operand = parameter.form { true } else { false }
  }

  private static func label(of parameter: ParameterDeclaration) -> String {
    let names = [parameter.short, parameter.name].compactMap(\.self).joined(separator: ", ")
    if case .option(let placeholder, _) = parameter.form { return "\(names) \(placeholder)" }
    return names
  }

  /// Two columns; an entry too long for the first has its text below.
  private static func table(_ rows: [(String, String)]) -> String {
    let width = min(24, rows.map(\.0.count).max() ?? 0)
    return rows.map { name, text in
      let indented = text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\n" + String(repeating: " ", count: width + 4))
      return name.count <= width
        ? "  " + name + String(repeating: " ", count: width - name.count + 2) + indented
        : "  \(name)\n" + String(repeating: " ", count: width + 4) + indented
    }.joined(separator: "\n")
  }
}
