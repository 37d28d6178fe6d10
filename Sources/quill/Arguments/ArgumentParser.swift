/// Sorts a command line into the parameters that a subcommand declares.
struct ArgumentParser {
  private let command: CommandDeclaration
  private var parsed = ParsedArguments()
  private var operandTexts: [String] = []

  private init(_ command: CommandDeclaration) { self.command = command }

  /// Reads the arguments behind a subcommand's name. `--option value`, `--option=value` and `-o value` give values;
  /// `--` ends the options; `-` alone is an operand. Where help is asked for, nothing else is checked.
  static func parse(_ arguments: [String], for command: CommandDeclaration) throws(UsageError) -> ParsedArguments {
    var parser = ArgumentParser(command)
    let options = arguments.prefix { $0 != "--" }
    if options.contains(Flag.help.name) || options.contains(Flag.help.short ?? Flag.help.name) {
      parser.parsed.append("", to: Flag.help.declaration)
      return parser.parsed
    }
    try parser.readAll(arguments)
    try parser.assignOperands()
    for name in command.required where !command.parameters.contains(where: { $0.name == name && parser.has($0) }) {
      throw UsageError.optionMissing(name)
    }
    return parser.parsed
  }

  private func has(_ parameter: ParameterDeclaration) -> Bool { parsed.count(of: parameter) > 0 }

  private mutating func readAll(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        operandTexts.append(contentsOf: rest)
        return
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        operandTexts.append(argument)
        continue
      }
      try readOption(argument, rest: &rest)
    }
  }

  private mutating func readOption(_ argument: String, rest: inout ArraySlice<String>) throws(UsageError) {
    let equals = argument.firstIndex(of: "=")
    let name = String(argument[..<(equals ?? argument.endIndex)])
    var value = equals.map { String(argument[argument.index(after: $0)...]) }
    guard let parameter = option(named: name) else {
      throw UsageError.optionUnknown(name, nearest: nearestOption(to: name))
    }
    guard case .option(_, let repeats) = parameter.form else {
      guard value == nil else { throw UsageError.valueUnwanted(flag: name) }
      parsed.append("", to: parameter)
      return
    }
    guard repeats || !has(parameter) else { throw UsageError.optionRepeated(name) }
    if value == nil, let next = rest.first, option(named: next) == nil { value = rest.popFirst() }
    guard let value else {
      throw UsageError.valueMissing(option: name, expected: parameter.refusal("") ?? "a value")
    }
    try append(value, to: parameter)
  }

  private mutating func append(_ text: String, to parameter: ParameterDeclaration) throws(UsageError) {
    if let expected = parameter.refusal(text) {
      throw UsageError.valueRefused(parameter: parameter.name, found: text, expected: expected)
    }
    parsed.append(text, to: parameter)
  }

  private mutating func assignOperands() throws(UsageError) {
    var rest = operandTexts[...]
    for parameter in command.parameters {
      guard case .operand(let repeats) = parameter.form else { continue }
      guard let first = rest.popFirst() else { throw UsageError.operandMissing(parameter.name) }
      try append(first, to: parameter)
      while repeats, let next = rest.popFirst() { try append(next, to: parameter) }
    }
    if let extra = rest.first { throw UsageError.operandUnwanted(extra) }
  }

  private func option(named name: String) -> ParameterDeclaration? {
    command.parameters.first { parameter in
      if case .operand = parameter.form { return false }
      return parameter.name == name || parameter.short == name
    }
  }

  private func nearestOption(to name: String) -> String? {
    EditDistance.nearest(to: name, among: command.parameters.map(\.name).filter { $0.hasPrefix("--") })
  }
}
