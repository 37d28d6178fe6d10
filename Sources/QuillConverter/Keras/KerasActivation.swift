import QuillFloat

/// An activation function of Keras.
enum KerasActivation: Equatable {
  case linear
  case carried(Operation.Activation)
  case unary(Operation.UnaryOperator)
  case softmax
  case logSoftmax

  /// `x * sigmoid(x)`.
  case swish

  /// `scale * elu(x, alpha)` with the constants of self-normalising networks.
  case selu

  /// `x / (1 + |x|)`.
  case softsign

  /// `x` times the normal distribution of `x`.
  case gelu

  /// `x * tanh(log(1 + exp(x)))`.
  case mish

  /// `-log(1 + exp(-x))`.
  case logSigmoid

  /// The function that an option names: by its name, or as `{"class_name": ..., "config": ...}`.
  init(_ value: JSONValue?, _ call: KerasCall) throws(ImportError) {
    guard let value else {
      self = .linear
      return
    }
    guard let name = Self.name(value) else { throw call.failure(.badOption("activation")) }
    guard let function = Self.named(name) else { throw call.failure(.unsupportedActivation(name)) }
    self = function
  }

  private static func name(_ value: JSONValue) -> String? {
    if let name = value.string { return name }
    if let name = value["config"]?.string { return name }
    return value["class_name"]?.string
  }

  /// The function of that name in Keras; `nil` where it is not read.
  static func named(_ name: String) -> KerasActivation? {
    switch name {
    case "linear", "Linear": .linear
    case "relu", "ReLU", "relu_v2": .carried(.relu)
    case "relu6", "ReLU6": .carried(.relu6)
    case "hard_tanh": .carried(.reluMinus1To1)
    case "softmax", "softmax_v2", "Softmax": .softmax
    case "log_softmax", "log_softmax_v2": .logSoftmax
    case "sigmoid": .unary(.sigmoid)
    case "tanh": .unary(.tanh)
    case "elu", "ELU": .unary(.elu(alpha: 1))
    case "selu": .selu
    case "exponential", "exp": .unary(.exp)
    case "leaky_relu", "LeakyReLU": .unary(.leakyRelu(alpha: name == "LeakyReLU" ? 0.3 : 0.2))
    case "hard_sigmoid": .unary(.hardSigmoid(alpha: 0.2, beta: 0.5))
    case "hard_swish", "hard_silu": .unary(.hardSwish)
    case "swish", "silu": .swish
    case "softsign": .softsign
    case "softplus": .unary(.softplus)
    case "gelu": .gelu
    case "mish": .mish
    case "log_sigmoid": .logSigmoid
    case "celu": .unary(.elu(alpha: 1))
    default: nil
    }
  }

  /// The activation that a linear operation can carry, or nil.
  var fused: Operation.Activation? {
    switch self {
    case .linear: Operation.Activation.none
    case .carried(let activation): activation
    default: nil
    }
  }
}

extension KerasImporter {
  /// Adds the function that an option names.
  mutating func activation(
    _ value: JSONValue?, on input: Graph.TensorID, _ call: KerasCall
  ) throws(ImportError) -> Graph.TensorID {
    try apply(try KerasActivation(value, call), to: input, call, name: call.name)
  }

  /// Adds a function; its output is called `name`, or the layer's name and the function's.
  mutating func apply(
    _ function: KerasActivation, to input: Graph.TensorID, _ call: KerasCall, name: String? = nil
  ) throws(ImportError) -> Graph.TensorID {
    let name = name ?? "\(call.name)/activation"
    let last = shape(input).count - 1
    switch function {
    case .linear: return input
    case .carried(let activation): return try node(.unary(.activation(activation)), [input], name, call)
    case .unary(.hardSigmoid) where majorVersion >= 3:
      // Keras 3 changed the slope from 0.2 to 1/6.
      return try node(.unary(.hardSigmoid(alpha: 1 / 6, beta: 0.5)), [input], name, call)
    case .unary(let unary): return try node(.unary(unary), [input], name, call)
    case .softmax: return try node(.softmax(axis: last), [input], name, call)
    case .logSoftmax: return try node(.logSoftmax(axis: last), [input], name, call)
    case .swish:
      let gate = try node(.unary(.sigmoid), [input], "\(call.name)/sigmoid", call)
      return try node(.binary(.multiply, .none), [input, gate], name, call)
    case .selu:
      // Klambauer et al. 2017, arXiv 1706.02515.
      let curve = try node(.unary(.elu(alpha: 1.673_263_2)), [input], "\(call.name)/elu", call)
      let scale = try constant("scale", FloatTensor(shape: [1], values: [1.050_701]), call)
      return try node(.binary(.multiply, .none), [curve, scale], name, call)
    case .gelu:
      // Hendrycks and Gimpel 2016, arXiv 1606.08415.
      let scaled = try times(input, 0.707_106_8, "scaled", call)
      let gate = try node(.unary(.errorFunction), [scaled], "\(call.name)/gate", call)
      let one = try constant("one", FloatTensor(shape: [1], values: [1]), call)
      let raised = try node(.binary(.add, .none), [gate, one], "\(call.name)/raised", call)
      let share = try times(raised, 0.5, "share", call)
      return try node(.binary(.multiply, .none), [input, share], name, call)
    case .mish:
      let soft = try node(.unary(.softplus), [input], "\(call.name)/softplus", call)
      let gate = try node(.unary(.tanh), [soft], "\(call.name)/gate", call)
      return try node(.binary(.multiply, .none), [input, gate], name, call)
    case .logSigmoid:
      let negated = try node(.unary(.negate), [input], "\(call.name)/negated", call)
      let soft = try node(.unary(.softplus), [negated], "\(call.name)/softplus", call)
      return try node(.unary(.negate), [soft], name, call)
    case .softsign:
      let magnitude = try node(.unary(.absolute), [input], "\(call.name)/absolute", call)
      let one = try constant("one", FloatTensor(shape: [1], values: [1]), call)
      let divisor = try node(.binary(.add, .none), [magnitude, one], "\(call.name)/divisor", call)
      return try node(.binary(.divide, .none), [input, divisor], name, call)
    }
  }

  /// A tensor times a number.
  mutating func times(
    _ input: Graph.TensorID, _ factor: Float, _ name: String, _ call: KerasCall
  ) throws(ImportError) -> Graph.TensorID {
    let operand = try constant("\(name)/factor", FloatTensor(shape: [1], values: [factor]), call)
    return try node(.binary(.multiply, .none), [input, operand], "\(call.name)/\(name)", call)
  }

  /// Adds a layer that is an activation function with options of its own.
  mutating func activationLayer(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let input = call.inputs[0]
    switch call.layer.className {
    case "LeakyReLU":
      let key = call.option("negative_slope") == nil ? "alpha" : "negative_slope"
      return try node(.unary(.leakyRelu(alpha: try call.number(key, default: 0.3))), [input], call.name, call)
    case "ELU":
      return try node(.unary(.elu(alpha: try call.number("alpha", default: 1))), [input], call.name, call)
    case "PReLU": return try parametricReLU(call)
    case "Softmax":
      let rank = shape(input).count
      let axes = try call.numbers("axis") ?? [-1]
      guard axes.count == 1, let value = Int(exactly: axes[0]) else { throw call.failure(.badOption("axis")) }
      return try node(
        .softmax(axis: try call.axis(value, rank: rank, key: "axis")), [input], call.name, call)
    default: return try rectifier(call)
    }
  }

  /// `ReLU(max_value, negative_slope, threshold)`.
  private mutating func rectifier(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let input = call.inputs[0]
    let slope = try call.number("negative_slope", default: 0)
    let threshold = try call.number("threshold", default: 0)
    let maximum = try call.numbers("max_value")?.first
    guard threshold == 0 else {
      throw call.failure(.unsupportedOption("threshold", found: "\(threshold)", expected: "0"))
    }
    if let maximum, maximum < 0 { throw call.failure(.badOption("max_value")) }
    if slope == 0 {
      switch maximum {
      case nil: return try node(.unary(.activation(.relu)), [input], call.name, call)
      case 6: return try node(.unary(.activation(.relu6)), [input], call.name, call)
      case let maximum?: return try node(.unary(.clip(low: 0, high: maximum)), [input], call.name, call)
      }
    }
    let name = maximum == nil ? call.name : "\(call.name)/leaky"
    let leaky = try node(.unary(.leakyRelu(alpha: slope)), [input], name, call)
    guard let maximum else { return leaky }
    return try node(.unary(.clip(low: -.infinity, high: maximum)), [leaky], call.name, call)
  }

  /// `max(x, 0) + alpha * min(x, 0)`, with an alpha for each channel or element.
  private mutating func parametricReLU(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let input = call.inputs[0]
    let objects = try call.store.objects()
    guard let object = objects.first else { throw call.failure(.missingWeights(found: 0, expected: 1)) }
    let alpha = try constant("alpha", try values(of: object, layer: call.name), call)
    let positive = try node(.unary(.activation(.relu)), [input], "\(call.name)/positive", call)
    let negative = try node(.unary(.clip(low: -.infinity, high: 0)), [input], "\(call.name)/negative", call)
    let scaled = try node(.binary(.multiply, .none), [negative, alpha], "\(call.name)/scaled", call)
    return try node(.binary(.add, .none), [positive, scaled], call.name, call)
  }
}
