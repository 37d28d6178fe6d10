/// The architecture of a Keras network: its layers as the configuration lists them.
struct KerasNetwork {
  /// A tensor: the output of one call of a layer.
  struct Reference: Hashable {
    let layer: String

    /// Which call of the layer, counted from 0.
    let call: Int

    /// Which of the call's outputs.
    let output: Int
  }

  /// More layers than any network for a small board has.
  static let permittedLayerCount = 4_096

  /// Networks within networks.
  static let permittedDepth = 8

  let name: String
  let layers: [KerasLayer]

  /// The inputs; empty in a Sequential network, where the first layer reads the one input.
  let inputs: [Reference]

  /// The outputs; empty in a Sequential network, where the last layer writes the one output.
  let outputs: [Reference]

  /// Whether each layer reads the one before it.
  let isSequential: Bool

  /// Reads `{"class_name": ..., "config": ...}`.
  init(_ value: JSONValue, depth: Int) throws(ImportError) {
    guard depth < Self.permittedDepth else { throw .keras(layer: "", .tooDeep(permitted: Self.permittedDepth)) }
    guard let className = value["class_name"]?.string, let configuration = value["config"] else {
      throw .keras(layer: "", .badConfiguration)
    }
    guard Self.isNetwork(className, configuration) else { throw .keras(layer: "", .unsupportedNetwork(className)) }
    isSequential = className == "Sequential"
    name = configuration["name"]?.string ?? ""
    guard let entries = configuration.array ?? configuration["layers"]?.array else {
      throw .keras(layer: "", .badConfiguration)
    }
    guard entries.count <= Self.permittedLayerCount else {
      throw .keras(layer: "", .tooManyLayers(permitted: Self.permittedLayerCount))
    }
    var layers: [KerasLayer] = []
    for entry in entries { layers.append(try KerasLayer(entry, depth: depth)) }
    self.layers = layers
    inputs = isSequential ? [] : Self.references(in: configuration["input_layers"])
    outputs = isSequential ? [] : Self.references(in: configuration["output_layers"])
    if !isSequential, inputs.isEmpty || outputs.isEmpty { throw .keras(layer: "", .badConfiguration) }
  }

  /// Whether a class is a network that is given by its layers.
  static func isNetwork(_ className: String, _ configuration: JSONValue) -> Bool {
    switch className {
    case "Sequential": true
    case "Functional", "Model": configuration["layers"] != nil
    default: false
    }
  }

  /// Every reference in a value, in order: `["name", call, output, ...]`, or Keras 3's `keras_history`.
  static func references(in value: JSONValue?) -> [Reference] {
    switch value {
    case .array(let elements):
      if elements.count >= 3, let layer = elements[0].string, let call = elements[1].integer,
        let output = elements[2].integer
      {
        return [Reference(layer: layer, call: call, output: output)]
      }
      return elements.flatMap { references(in: $0) }
    case .object(let members):
      if members["class_name"]?.string == "__keras_tensor__" {
        return references(in: members["config"]?["keras_history"])
      }
      if let arguments = members["args"] {
        let found = references(in: arguments)
        return found.isEmpty ? references(in: members["kwargs"]) : found
      }
      return members.sorted { $0.key < $1.key }.flatMap { references(in: $0.value) }
    default: return []
    }
  }
}

/// One layer of a Keras network.
struct KerasLayer {
  let className: String
  let name: String

  /// The options, by Keras's names.
  let configuration: JSONValue

  /// The tensors that each call reads; empty in a Sequential network.
  let calls: [[KerasNetwork.Reference]]

  /// What a function that stands as a layer is called with, for each call.
  let arguments: [KerasArguments]

  /// The name of a function that stands as a layer; empty for a layer.
  let functionName: String

  /// The input's shape as it was when the layer was built, where the file keeps it.
  let builtShape: JSONValue?

  /// The network, where the layer is one.
  let network: KerasNetwork?

  /// Whether the class is Keras's own, as far as the file tells.
  let isKerasClass: Bool

  /// Whether a description is of a function of Keras 3: by its module, or, where a `.h5` file leaves that out, by what
  /// every layer's options have.
  private static func isFunction(_ value: JSONValue, _ configuration: JSONValue, _ call: JSONValue?) -> Bool {
    if let module = value["module"]?.string {
      return module.hasPrefix("keras.src.ops.") || module.hasPrefix("keras.ops.")
    }
    return call?["args"] != nil && configuration["trainable"] == nil && configuration["dtype"] == nil
      && configuration["layers"] == nil
  }

  /// Whether it is a function that stands as a layer.
  var isFunction: Bool { !functionName.isEmpty }

  fileprivate init(_ value: JSONValue, depth: Int) throws(ImportError) {
    guard let className = value["class_name"]?.string, let configuration = value["config"] else {
      throw .keras(layer: "", .badConfiguration)
    }
    self.className = className
    self.configuration = configuration
    name = configuration["name"]?.string ?? value["name"]?.string ?? ""
    let nodes = value["inbound_nodes"]?.array ?? []
    calls = nodes.map { KerasNetwork.references(in: $0) }
    builtShape = configuration["build_input_shape"] ?? value["build_config"]?["input_shape"]
    network = KerasNetwork.isNetwork(className, configuration) ? try KerasNetwork(value, depth: depth + 1) : nil
    let module = value["module"]?.string
    if className == "TFOpLambda" {
      functionName = configuration["function"]?.string?.split(separator: ".").last.map(String.init) ?? "?"
    } else if Self.isFunction(value, configuration, nodes.first) {
      functionName = KerasWeights.snakeCase(className)
    } else {
      functionName = ""
    }
    arguments = functionName.isEmpty ? [] : nodes.map { KerasArguments($0) }
    isKerasClass = module == nil || module?.split(separator: ".").first == "keras"
  }
}
