import QuillCamera

/// What the command line asks for.
package enum Command: Equatable, Sendable {
  case help
  case version
  case capture(CaptureOptions)

  /// Reads a command line, the program's own name left out.
  package init(parsing arguments: [[UInt8]]) throws(ProgramError) {
    for argument in arguments {
      if argument.isText("--help") || argument.isText("-h") {
        self = .help
        return
      }
      if argument.isText("--version") {
        self = .version
        return
      }
    }
    var reader = ArgumentReader(arguments)
    if reader.take("capture") {
      self = .capture(try CaptureOptions(&reader))
    } else {
      throw .usage(.nothingToDo)
    }
  }
}

/// `capture`: what the camera sees, as pictures.
package struct CaptureOptions: Equatable, Sendable {
  package var source = SourceOptions()
  package var output: SystemPath

  init(_ reader: inout ArgumentReader) throws(ProgramError) {
    source.frameLimit = 1
    var output: SystemPath?
    while let argument = reader.next() {
      if try source.take(argument, &reader) { continue }
      if argument.isText("--output") || argument.isText("-o") {
        output = SystemPath(try reader.value(of: "--output"))
      } else {
        throw .usage(.unknown(argument))
      }
    }
    guard let output else { throw .usage(.missingOption("--output")) }
    self.output = output
  }
}
