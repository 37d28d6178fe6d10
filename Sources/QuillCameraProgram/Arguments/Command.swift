import QuillCamera
import QuillImaging

/// What the command line asks for.
package enum Command: Equatable, Sendable {
  case help
  case version
  case classify(ClassifyOptions)
  /// The model; nil for the one beside the program.
  case verify(SystemPath?)
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
      let path = reader.next()
      if let path, path.first == 0x2D, !path.isText("-") { throw .usage(.unknown(path)) }
      if let extra = reader.next() { throw .usage(.unknown(extra)) }
      self = .verify(path.map { SystemPath($0) })
    } else if reader.take("doctor") {
      var source = SourceOptions()
      while let argument = reader.next() {
        guard try source.take(argument, &reader) else { throw .usage(.unknown(argument)) }
      }
      self = .doctor(source.wish)
    } else {
      self = .classify(try ClassifyOptions(&reader))
    }
  }
}

/// Without a command: what the camera sees.
package struct ClassifyOptions: Equatable, Sendable {
  package var source = SourceOptions()
  /// The model; nil for the one beside the program.
  package var model: SystemPath?
  package var asText = false
  /// The file to keep frames and answers in.
  package var record: SystemPath?
  /// Whether only changes of the answer are written.
  package var onlyChanges = false
  /// Frames in a row that change what is held; nil: nothing is held.
  package var hold: UInt32?
  /// How far the best class must be ahead of the second, in percent; nil: the rule of `Doubt`.
  package var marginPercent: UInt32?
  /// How grey levels are spread before a digit is looked for.
  package var equalisation = Equalisation.none
  /// Whether several digits are read as a number.
  package var readsNumbers = false
  /// The folder for the steps to each answer.
  package var explain: SystemPath?
  /// Whether frames are shown on the terminal.
  package var preview = false

  init(_ reader: inout ArgumentReader) throws(ProgramError) {
    while let argument = reader.next() {
      if try source.take(argument, &reader) { continue }
      if try takeDigits(argument, &reader) { continue }
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
      } else if (argument.first != 0x2D || argument.count == 1) && model == nil {
        model = SystemPath(argument)
      } else {
        throw .usage(.unknown(argument))
      }
    }
    // Steps are for looking at: of one frame, or of each picture of a folder.
    if explain != nil, source.frameLimit == nil {
      if case .folder = source.kind { return }
      source.frameLimit = 1
    }
  }

  /// Takes `argument` if it says how digits are read; gives whether it did.
  private mutating func takeDigits(_ argument: [UInt8], _ reader: inout ArgumentReader) throws(ProgramError) -> Bool {
    if argument.isText("--multi") {
      readsNumbers = true
    } else if argument.isText("--explain") {
      explain = SystemPath(try reader.value(of: "--explain"))
    } else if argument.isText("--equalise") {
      let name = try reader.value(of: "--equalise")
      if name.isText("none") {
        equalisation = .none
      } else if name.isText("global") {
        equalisation = .global
      } else if name.isText("clahe") {
        equalisation = .contrastLimited
      } else {
        throw .usage(.badEqualisation(found: name))
      }
    } else {
      return false
    }
    return true
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
