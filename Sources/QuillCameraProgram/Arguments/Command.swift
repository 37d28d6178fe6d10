import QuillCamera

/// What the command line asks for.
package enum Command: Equatable, Sendable {
  case help
  case version
  case classify(ClassifyOptions)
  case verify(SystemPath)
  case run(RunOptions)
  case capture(CaptureOptions)
  case doctor(CameraWish)

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
    } else if reader.take("run") {
      self = .run(try RunOptions(&reader))
    } else if reader.take("verify") {
      guard let path = reader.next() else { throw .usage(.missingModel) }
      if let extra = reader.next() { throw .usage(.unknown(extra)) }
      self = .verify(SystemPath(path))
    } else if reader.take("doctor") {
      var source = SourceOptions()
      while let argument = reader.next() {
        guard try source.take(argument, &reader) else { throw .usage(.unknown(argument)) }
      }
      self = .doctor(source.wish)
    } else if arguments.isEmpty {
      throw .usage(.nothingToDo)
    } else {
      self = .classify(try ClassifyOptions(&reader))
    }
  }
}

/// Without a command: what the camera sees.
package struct ClassifyOptions: Equatable, Sendable {
  package var source = SourceOptions()
  package var model: SystemPath
  package var asText = false
  /// The file to keep frames and answers in.
  package var record: SystemPath?
  /// Whether only changes of the answer are written.
  package var onlyChanges = false
  /// Frames in a row that change what is held; nil: nothing is held.
  package var hold: UInt32?
  /// How far the best class must be ahead of the second, in percent.
  package var marginPercent: UInt32 = 20
  /// Whether frames are shown on the terminal.
  package var preview = false

  init(_ reader: inout ArgumentReader) throws(ProgramError) {
    var model: SystemPath?
    while let argument = reader.next() {
      if try source.take(argument, &reader) { continue }
      if argument.isText("--text") {
        asText = true
      } else if argument.isText("--record") {
        record = SystemPath(try reader.value(of: "--record"))
      } else if argument.isText("--on-change") {
        onlyChanges = true
      } else if argument.isText("--hold") {
        hold = try reader.number(of: "--hold", in: 1...1_000)
      } else if argument.isText("--margin") {
        marginPercent = try reader.number(of: "--margin", in: 0...100)
      } else if argument.isText("--preview") {
        preview = true
      } else if argument.first != 0x2D && model == nil {
        model = SystemPath(argument)
      } else {
        throw .usage(.unknown(argument))
      }
    }
    guard let model else { throw .usage(.missingModel) }
    self.model = model
  }
}

/// `run`: arrays through a model.
package struct RunOptions: Equatable, Sendable {
  package var model: SystemPath
  package var input: SystemPath
  package var output: SystemPath

  init(_ reader: inout ArgumentReader) throws(ProgramError) {
    var model: SystemPath?
    var input: SystemPath?
    var output: SystemPath?
    while let argument = reader.next() {
      if argument.isText("--input") || argument.isText("-i") {
        input = SystemPath(try reader.value(of: "--input"))
      } else if argument.isText("--output") || argument.isText("-o") {
        output = SystemPath(try reader.value(of: "--output"))
      } else if argument.first != 0x2D && model == nil {
        model = SystemPath(argument)
      } else {
        throw .usage(.unknown(argument))
      }
    }
    guard let model else { throw .usage(.missingModel) }
    guard let input else { throw .usage(.missingOption("--input")) }
    guard let output else { throw .usage(.missingOption("--output")) }
    self.model = model
    self.input = input
    self.output = output
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
