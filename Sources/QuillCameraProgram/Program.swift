import Quill
import QuillCamera

/// Reads the command line, runs the command, and says on standard error what went wrong.
package enum Program {
  /// The program's version; models have a format version of their own.
  package static let version: StaticString = "0.1.0"

  /// Runs the program with its arguments, its own name left out.
  package static func run(_ arguments: [[UInt8]]) -> ExitCode {
    do throws(ProgramError) {
      let command = try Command(parsing: arguments)
      do throws(SystemError) {
        try StopSignal.install()
      } catch {
        throw .signals(error)
      }
      return try run(command)
    } catch {
      if case .output(let system) = error, system.number == SystemError.brokenPipe { return .success }
      complain(error.sentence)
      return error.exitCode
    }
  }

  private static func run(_ command: Command) throws(ProgramError) -> ExitCode {
    switch command {
    case .help:
      try print(Usage.text)
      return .success
    case .version:
      var line = TextLine()
      line.append("quill-camera ")
      line.append(version)
      line.append("\n")
      try line.write()
      return .success
    case .classify(let options): return try ClassifyCommand(options: options).run()
    case .verify(let path): return try VerifyCommand(model: path).run()
    case .run(let options): return try RunCommand(options: options).run()
    case .capture(let options): return try CaptureCommand(options).run()
    case .doctor(let wish): return try DoctorCommand(wish: wish).run()
    }
  }

  /// Writes a text to standard output.
  static func print(_ text: StaticString) throws(ProgramError) {
    var line = TextLine(capacity: text.utf8CodeUnitCount)
    line.append(text)
    try line.write()
  }

  /// Writes one line to standard error, the program's name first.
  static func complain(_ sentence: Sentence) {
    var line = TextLine()
    line.append("quill-camera: ")
    line.append(sentence.bytes)
    line.append("\n")
    line.writeToStandardError()
  }
}
