import Foundation
import Quill

/// The tool for the desk.
@main enum QuillTool {
  /// The tool's version; the file format has its own.
  static let version = "0.1.0"

  /// The subcommands, in the order of a user's work.
  static var commands: [any Command.Type] {
    [
      DemoCommand.self, TrainCommand.self, TuneCommand.self, ConvertCommand.self, DriftCommand.self,
      InspectCommand.self, RunCommand.self, ClassifyCommand.self, EvaluateCommand.self, ExplainCommand.self,
      ExploreCommand.self, VerifyCommand.self, BenchCommand.self, ExportCCommand.self,
    ]
  }

  static func main() {
    occupyStandardStreams()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  /// Gives closed standard streams a place where reading and writing fail: a file that is opened would take theirs, and
  /// get what is meant for them.
  private static func occupyStandardStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Runs the tool on a command line and answers its exit status. Every error ends here, as one line.
  private static func run(_ given: [String]) -> ExitCode {
    var command: String?
    // `quill --quiet run ...` means `quill run --quiet ...`.
    let isQuiet = given.count > 1 && [Flag.quiet.name, Flag.quiet.short].contains(given[0])
    let arguments = isQuiet ? [given[1], Flag.quiet.name] + given.dropFirst(2) : given
    do {
      guard let first = arguments.first else { throw UsageError.commandMissing }
      if let answer = try general(arguments) { return answer }
      guard let chosen = commands.first(where: { $0.declaration.name == first }) else { throw unknown(first) }
      command = first
      let parsed = try ArgumentParser.parse(Array(arguments.dropFirst()), for: chosen.declaration)
      let console = Console(isQuiet: parsed[Flag.quiet])
      if parsed[Flag.help] {
        try console.print(HelpText.page(for: chosen.declaration))
        return .success
      }
      // A wrong environment is said before any work is done or any file written.
      do throws(UsageError) { _ = try KernelChoice.level() } catch { throw ToolError.kernels(error) }
      try OutputFiles.check(parsed, of: chosen.declaration)
      return try chosen.run(parsed, console)
    } catch {
      Console.printError(error, command: command)
      return error is UsageError ? .usage : .failure
    }
  }

  /// Answers `--help`, `--version` and `help COMMAND`.
  private static func general(_ arguments: [String]) throws -> ExitCode? {
    let console = Console(isQuiet: false)
    switch arguments.first {
    case "--version":
      try console.print("quill \(version), file format \(FileHeader.version)")
    case "--help", "-h", "help":
      guard arguments.count > 1, arguments[0] == "help" else {
        try console.print(HelpText.overview(of: commands.map { $0.declaration }))
        return .success
      }
      guard let chosen = commands.first(where: { $0.declaration.name == arguments[1] }) else {
        throw unknown(arguments[1])
      }
      try console.print(HelpText.page(for: chosen.declaration))
    default: return nil
    }
    return .success
  }

  private static func unknown(_ word: String) -> UsageError {
    if word.hasPrefix("-") {
      return .optionUnknown(word, nearest: EditDistance.nearest(to: word, among: ["--help", "--version"]))
    }
    return .commandUnknown(word, nearest: EditDistance.nearest(to: word, among: commands.map { $0.declaration.name }))
  }
}
