import Foundation
import QuillData

/// Where the tool's words go: results to standard output, remarks, progress and errors to standard error.
struct Console: Sendable {
  /// Whether only results and errors are wanted.
  let isQuiet: Bool

  /// Whether standard error is a terminal that shows a moving line.
  let showsProgress: Bool

  /// Whether results may be coloured: standard output is a terminal and NO_COLOR (no-color.org) is not set.
  let usesColour: Bool

  init(isQuiet: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
    let isDumb = environment["TERM"] == "dumb"
    self.isQuiet = isQuiet
    showsProgress = !isQuiet && !isDumb && isatty(STDERR_FILENO) == 1
    usesColour = !isDumb && environment["NO_COLOR", default: ""].isEmpty && isatty(STDOUT_FILENO) == 1
  }

  /// Writes a result.
  /// - Throws: `DataError` where standard output cannot take it.
  func print(_ text: String) throws(DataError) {
    try AtomicFile.write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: "-")
  }

  /// Writes a result as JSON with its keys sorted.
  func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Says something that is not a result, unless quiet.
  func remark(_ text: String) {
    if !isQuiet { Self.toStandardError(text) }
  }

  /// Text in bold where colours are shown.
  func bold(_ text: String) -> String { usesColour ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

  /// Text in green or red where colours are shown.
  func coloured(_ text: String, good: Bool) -> String {
    usesColour ? "\u{1b}[\(good ? 32 : 31)m\(text)\u{1b}[0m" : text
  }

  /// Writes an error as one line that begins with the tool's name.
  static func printError(_ error: any Error, command: String?) { printError("\(error)", command: command) }

  /// Writes a sentence about what went wrong likewise.
  static func printError(_ sentence: String, command: String?) {
    let name = command.map { "quill \($0)" } ?? "quill"
    toStandardError("\(name): \(oneLine(sentence))")
  }

  /// A text without what would break the line or move the cursor.
  static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  private static func toStandardError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
