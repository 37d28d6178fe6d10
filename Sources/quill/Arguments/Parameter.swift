/// An argument that is known by its place. `Value` is what it becomes.
struct Operand<Value: Sendable>: Sendable {
  /// How help names it, in capitals.
  let name: String

  /// How its text becomes a value.
  let kind: ValueKind<Value>

  /// Whether it may stand more than once; at least once it must.
  let repeats: Bool

  /// What it is, for help.
  let help: String

  init(_ name: String, _ kind: ValueKind<Value>, repeats: Bool = false, help: String) {
    self.name = name
    self.kind = kind
    self.repeats = repeats
    self.help = help
  }
}

/// An option with a value: `--name VALUE` or `--name=VALUE`.
struct Option<Value: Sendable>: Sendable {
  /// Its long name with the dashes.
  let name: String

  /// A short name with its dash, where it has one.
  let short: String?

  /// How help names the value, in capitals.
  let placeholder: String

  /// How its text becomes a value.
  let kind: ValueKind<Value>

  /// Whether it may stand more than once.
  let repeats: Bool

  /// What it does, for help.
  let help: String

  init(
    _ name: String, short: String? = nil, _ placeholder: String, _ kind: ValueKind<Value>, repeats: Bool = false,
    help: String
  ) {
    self.name = name
    self.short = short
    self.placeholder = placeholder
    self.kind = kind
    self.repeats = repeats
    self.help = help
  }
}

/// An option without a value.
struct Flag: Sendable {
  /// Its long name with the dashes.
  let name: String

  /// A short name with its dash, where it has one.
  let short: String?

  /// What it does, for help.
  let help: String

  init(_ name: String, short: String? = nil, help: String) {
    self.name = name
    self.short = short
    self.help = help
  }
}

/// What the parser and the help need to know of a parameter, whatever its value's type.
struct ParameterDeclaration: Sendable {
  /// How the parameter is written.
  enum Form: Sendable, Equatable {
    case operand(repeats: Bool)
    case option(placeholder: String, repeats: Bool)
    case flag
  }

  let name: String
  let short: String?
  let form: Form
  let help: String

  /// Whether its text names a file, and what is done with it.
  let fileUse: FileUse

  /// What was expected, where a text is no value; `nil` where it is one.
  let refusal: @Sendable (String) -> String?
}

extension Operand {
  var declaration: ParameterDeclaration {
    ParameterDeclaration(name: name, short: nil, form: .operand(repeats: repeats), help: help, fileUse: kind.fileUse) {
      [kind] in
      kind.read($0) == nil ? kind.expected : nil
    }
  }
}

extension Option {
  var declaration: ParameterDeclaration {
    let form = ParameterDeclaration.Form.option(placeholder: placeholder, repeats: repeats)
    return ParameterDeclaration(name: name, short: short, form: form, help: help, fileUse: kind.fileUse) { [kind] in
      kind.read($0) == nil ? kind.expected : nil
    }
  }
}

extension Flag {
  var declaration: ParameterDeclaration {
    ParameterDeclaration(name: name, short: short, form: .flag, help: help, fileUse: .none) { _ in nil }
  }

  /// The flags that every command has.
  static let help = Flag("--help", short: "-h", help: "show this help and end")
  static let quiet = Flag("--quiet", short: "-q", help: "no progress and no remarks on standard error")
}
