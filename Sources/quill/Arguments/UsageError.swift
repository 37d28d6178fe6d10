/// A command line that the tool does not understand; it ends with `ExitCode.usage`.
enum UsageError: Error, Equatable {
  case commandMissing
  case commandUnknown(String, nearest: String?)
  case optionUnknown(String, nearest: String?)
  case optionMissing(String)
  case optionRepeated(String)
  case valueMissing(option: String, expected: String)
  case valueRefused(parameter: String, found: String, expected: String)
  case valueUnwanted(flag: String)
  case operandMissing(String)
  case operandUnwanted(String)
  case outputCount(found: Int, expected: Int)
  case inputCount(found: Int, expected: Int)
  case twoReadersOfStandardInput
  case fileOverwritten(option: String, path: String, other: String)
  case targetsWithoutArrays
  case optionUnfit(option: String, reason: String)
  case kernelsUnknown(String, expected: [String])
  case kernelsUnavailable(String, available: [String])
}

extension UsageError: CustomStringConvertible {
  var description: String {
    switch self {
    case .commandMissing: "no command was given; see quill --help"
    case .commandUnknown(let name, let nearest):
      "there is no command '\(name)'\(Self.hint(nearest)); see quill --help"
    case .optionUnknown(let name, let nearest): "there is no option \(name)\(Self.hint(nearest)); see --help"
    case .optionMissing(let name): "the option \(name) must be given; see --help"
    case .optionRepeated(let name): "the option \(name) was given twice"
    case .valueMissing(let option, let expected): "the option \(option) lacks its value; expected \(expected)"
    case .valueRefused(let parameter, let found, let expected): "\(parameter) is '\(found)'; expected \(expected)"
    case .valueUnwanted(let flag): "the option \(flag) takes no value"
    case .operandMissing(let name): "\(name) is missing; see --help"
    case .operandUnwanted(let text): "'\(text)' is one argument too many; see --help"
    case .outputCount(let found, let expected):
      "the network has \(expected) outputs; expected as many --output, found \(found)"
    case .inputCount(let found, let expected):
      "the network has \(expected) inputs; expected as many --input, found \(found)"
    case .targetsWithoutArrays: "--targets goes with --data X.npy; other data have their own labels"
    case .twoReadersOfStandardInput: "standard input (-) can be read only once"
    case .fileOverwritten(let option, let path, let other):
      "\(option) names the file of \(other), which would be overwritten: \(path); give another name"
    case .optionUnfit(let option, let reason): "the option \(option) does not fit: \(reason)"
    case .kernelsUnknown(let name, let expected):
      "there are no kernels '\(name)'; expected \(expected.joined(separator: ", "))"
    case .kernelsUnavailable(let name, let available):
      "this machine or build lacks the kernels '\(name)'; it has \(available.joined(separator: ", "))"
    }
  }

  private static func hint(_ nearest: String?) -> String { nearest.map { "; did you mean \($0)?" } ?? "" }
}
