import QuillCamera

/// The model that is meant where the command line names none: `model.quill` beside the program, where a deployment puts it.
enum DefaultModel {
  static let name: StaticString = "model.quill"

  /// The named model, or the one beside the program where that can be opened.
  static func path(named: SystemPath?) throws(ProgramError) -> SystemPath {
    if let named { return named }
    guard let beside = SystemPath.besideProgram(name), WholeFile.isThere(beside) else { throw .usage(.missingModel) }
    return beside
  }
}
