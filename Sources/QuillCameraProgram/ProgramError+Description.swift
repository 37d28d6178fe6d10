import QuillCamera
import QuillImaging

// Every sentence of the program's errors, pinned by exact-string tests; the program puts its name in front.

extension ProgramError {
  /// How the program ends because of it.
  var exitCode: ExitCode {
    if case .usage = self { return .usage }
    return .failure
  }
}

extension ProgramError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .usage(let usage): "\(usage.description); see `quill-camera --help`"
    case .signals(let error): "cannot handle signals: \(error.description)"
    case .output(let error): "standard output: \(error.description)"
    case .read(let path, let error): "\(path.description): \(error.description)"
    case .write(let path, let error): "\(path.description): \(error.description)"
    case .input(let error): "standard input: \(error.description)"
    case .cutFrame(let byteCount, let expected):
      "standard input ended after \(byteCount) bytes of a frame of \(expected); check --width, --height and --format"
    case .noCamera:
      "no camera under /dev/video*; name one with --device, or give raw frames with --stdin"
    case .noFrames: "no frame on standard input"
    case .camera(let path, let fault): "\(path.description): \(fault.description)"
    case .picture(let error): error.description
    }
  }
}

extension UsageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .nothingToDo: "nothing to do: expected a model, or one of verify, run, capture"
    case .unknown(let argument): "\"\(Self.shown(argument))\" is no option here"
    case .missingValue(let option): "\(option.description) needs a value"
    case .missingOption(let option): "\(option.description) is missing"
    case .badNumber(let option, let found, let range):
      "\(option.description) takes a whole number from \(range.lowerBound) to \(range.upperBound); "
        + "found \"\(Self.shown(found))\""
    case .unknownFormat(let found):
      "--format is one of \(CaptureFormat.nameList); found \"\(Self.shown(found))\""
    case .manyFramesIntoOneFile:
      "several frames need a folder that exists, or - for standard output, as --output"
    }
  }

  private static func shown(_ argument: [UInt8]) -> String {
    String(decoding: argument, as: UTF8.self)
  }
}
