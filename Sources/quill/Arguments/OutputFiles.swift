import QuillData

/// What is seen to before a command does any work: that hours of training do not end at a folder which is not there, and
/// that no network is replaced by what is made from it.
enum OutputFiles {
  /// Finds out whether every file that a command is to write can be written, and is none that it reads or writes besides.
  /// - Throws: `DataError` or `UsageError.fileOverwritten`.
  static func check(_ arguments: ParsedArguments, of command: CommandDeclaration) throws {
    var others: [(parameter: String, path: String)] = []
    for parameter in command.parameters where parameter.fileUse == .reads {
      others += arguments.texts(of: parameter).map { (parameter.name, $0) }
    }
    for parameter in command.parameters where parameter.fileUse == .writes {
      for path in arguments.texts(of: parameter) {
        try AtomicFile.check(path)
        if let other = others.first(where: { FileBytes.isOneFile(path, $0.path) }) {
          throw UsageError.fileOverwritten(option: parameter.name, path: path, other: other.parameter)
        }
        others.append((parameter.name, path))
      }
    }
  }
}
