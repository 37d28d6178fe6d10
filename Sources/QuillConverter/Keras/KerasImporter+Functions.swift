import QuillFloat

/// Arithmetic that stands in a Functional network as if it were a layer: `x / 255` of Keras 3 (`TrueDivide`), and of
/// tf.keras (`TFOpLambda` with the function `math.truediv`).
extension KerasImporter {
  mutating func function(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let name = call.layer.functionName
    if let binary = Self.binaryFunctions[name] {
      return try node(.binary(binary, .none), try operands(call), call.name, call)
    }
    guard let input = call.inputs.first, call.inputs.count == 1 else {
      throw call.failure(.unsupportedFunction(name))
    }
    if name == "square" { return try node(.binary(.multiply, .none), [input, input], call.name, call) }
    if name == "cast" || name == "identity" { return input }
    if name == "mean" || name == "reduce_mean" { return try mean(call) }
    guard let activation = Self.functionActivations[name], call.arguments.tensorCount == 1 else {
      throw call.failure(.unsupportedFunction(name))
    }
    return try activationFunction(activation, input, call)
  }

  /// The mean over axes that the configuration lists.
  private mutating func mean(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let rank = shape(call.inputs[0]).count
    var axes: Set<Int> = []
    for value in try call.numbers("axis") ?? [] {
      guard let axis = Int(exactly: value) else { throw call.failure(.badOption("axis")) }
      axes.insert(try call.axis(axis, rank: rank, key: "axis"))
    }
    guard !axes.isEmpty, !axes.contains(0) else { throw call.failure(.badOption("axis")) }
    let keeps = try call.flag("keepdims", default: false)
    return try node(.mean(axes: axes.sorted(), keepsAxes: keeps), call.inputs, call.name, call)
  }

  private mutating func activationFunction(
    _ name: String, _ input: Graph.TensorID, _ call: KerasCall
  ) throws(ImportError) -> Graph.TensorID {
    guard let function = KerasActivation.named(name) else { throw call.failure(.unsupportedFunction(name)) }
    return try apply(function, to: input, call, name: call.name)
  }

  /// The two operands in their order: tensors, or numbers.
  private mutating func operands(_ call: KerasCall) throws(ImportError) -> [Graph.TensorID] {
    var inputs = call.inputs[...]
    var operands: [Graph.TensorID] = []
    for argument in call.arguments.values {
      switch argument {
      case .tensor:
        guard let input = inputs.popFirst() else { throw call.failure(.badConfiguration) }
        operands.append(input)
      case .number(let number):
        operands.append(
          try constant("operand\(operands.count)", FloatTensor(shape: [1], values: [number]), call))
      }
    }
    guard operands.count == 2, inputs.isEmpty else {
      throw call.failure(.inputCount(found: operands.count, expected: 2))
    }
    return operands
  }

  private static let binaryFunctions: [String: Operation.BinaryOperator] = [
    "add": .add, "subtract": .subtract, "sub": .subtract, "multiply": .multiply, "mul": .multiply,
    "divide": .divide, "truediv": .divide, "true_divide": .divide, "maximum": .maximum, "minimum": .minimum,
  ]

  private static let functionActivations: [String: String] = [
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "softmax": "softmax", "elu": "elu",
    "silu": "silu", "swish": "swish", "softplus": "softplus", "softsign": "softsign", "exp": "exp",
    "hard_swish": "hard_swish", "hard_silu": "hard_silu", "leaky_relu": "leaky_relu",
  ]
}

/// What a function that stands as a layer is called with.
struct KerasArguments: Equatable {
  enum Value: Equatable {
    /// The next of the call's tensors.
    case tensor
    case number(Float)
  }

  var values: [Value] = []

  /// What is given by name.
  var options: JSONValue?

  var tensorCount: Int { values.count { $0 == .tensor } }

  /// The arguments of a call as the configuration lists them: `{"args": [...], "kwargs": {...}}` of Keras 3, or
  /// `["name", call, output, {...}]` of tf.keras.
  init(_ value: JSONValue) {
    if let arguments = value["args"] {
      add(arguments.array ?? [])
      add(named: value["kwargs"])
    } else if let elements = value.array {
      // A call is a list of lists, or in the newest versions of tf.keras one list.
      let lists = elements.first?.array != nil ? elements.compactMap(\.array) : [elements]
      for list in lists where list.count >= 3 {
        values.append(.tensor)
        add(named: list.count > 3 ? list[3] : nil)
      }
    }
  }

  private mutating func add(_ arguments: [JSONValue]) {
    for argument in arguments {
      if let number = argument.number {
        values.append(.number(Float(number)))
      } else if !KerasNetwork.references(in: argument).isEmpty {
        values.append(.tensor)
      }
    }
  }

  /// The second operand of arithmetic goes by one of these names.
  private mutating func add(named arguments: JSONValue?) {
    options = options ?? arguments
    for key in ["y", "x2", "b", "other"] {
      guard let argument = arguments?[key] else { continue }
      add([argument])
    }
  }
}
