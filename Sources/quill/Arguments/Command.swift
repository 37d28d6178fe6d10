/// A subcommand of the tool: its declaration, and what it does. One file each, in `Commands`.
protocol Command {
  /// Its name, parameters and help.
  static var declaration: CommandDeclaration { get }

  /// Does the work.
  /// - Throws: an error whose description is one line.
  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode
}

/// A subcommand's name, parameters and help.
struct CommandDeclaration: Sendable {
  /// An example, and what it does.
  struct Example: Sendable {
    let command: String
    let meaning: String
  }

  /// The word after `quill`.
  let name: String

  /// One line for the list of subcommands.
  let summary: String

  /// A paragraph for the command's own help, wrapped by hand at 100 columns.
  let discussion: String

  /// The parameters, in the order in which help shows them.
  let parameters: [ParameterDeclaration]

  /// Options of which one must be given, by name.
  let required: [String]

  /// Examples for help.
  let examples: [Example]

  init(
    name: String, summary: String, discussion: String, parameters: [ParameterDeclaration], required: [String] = [],
    examples: [Example]
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.parameters = parameters + [Flag.quiet.declaration, Flag.help.declaration]
    self.required = required
    self.examples = examples
  }
}
