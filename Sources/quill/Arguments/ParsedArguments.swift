/// The arguments of a subcommand, every one of them known to its declaration and of the right kind.
struct ParsedArguments: Sendable {
  /// The texts given for each parameter, by its declared name.
  private var texts: [String: [String]] = [:]

  mutating func append(_ text: String, to parameter: ParameterDeclaration) {
    texts[parameter.name, default: []].append(text)
  }

  /// How often a parameter was given.
  func count(of parameter: ParameterDeclaration) -> Int { texts(of: parameter).count }

  /// Every text given for a parameter.
  func texts(of parameter: ParameterDeclaration) -> [String] { texts[parameter.name] ?? [] }

  /// Every value of an operand.
  func values<Value>(of operand: Operand<Value>) -> [Value] {
    texts[operand.name, default: []].compactMap(operand.kind.read)
  }

  /// Every value of an option, in order.
  func values<Value>(of option: Option<Value>) -> [Value] {
    texts[option.name, default: []].compactMap(option.kind.read)
  }

  /// The value of an operand, which the parser has found to be there.
  subscript<Value>(operand: Operand<Value>) -> Value {
    get throws(UsageError) {
      guard let value = values(of: operand).first else { throw UsageError.operandMissing(operand.name) }
      return value
    }
  }

  /// The value of an option, if it was given.
  subscript<Value>(option: Option<Value>) -> Value? { values(of: option).last }

  /// The value of an option that must be given.
  func required<Value>(_ option: Option<Value>) throws(UsageError) -> Value {
    guard let value = self[option] else { throw UsageError.optionMissing(option.name) }
    return value
  }

  /// Whether a flag was given.
  subscript(flag: Flag) -> Bool { texts[flag.name] != nil }
}
