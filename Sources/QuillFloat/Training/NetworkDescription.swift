/// A trainable network in words: layers, and which values each reads. Value 0 is the input; each layer adds one.
public struct NetworkDescription: Sendable, Equatable {
  /// A value in the network: the input, or what a layer computes.
  public struct Value: Sendable, Hashable {
    /// The position in the order in which values were made.
    public let index: Int
  }

  /// A layer with its place in the network.
  public struct Node: Sendable, Equatable {
    /// The layer's name, unique in the network.
    public let name: String

    /// What it computes.
    public let layer: Layer

    /// What it reads.
    public let inputs: [Value]

    /// The shape of one sample of what it computes.
    public let shape: [Int]
  }

  /// The network's name.
  public let name: String

  /// The shape of one input sample: `[H, W, C]` or `[N]`.
  public let inputShape: [Int]

  /// The layers, each after those that it reads.
  public private(set) var nodes: [Node] = []

  /// A network without layers.
  public init(name: String, inputShape: [Int]) {
    self.name = name
    self.inputShape = inputShape
  }

  /// The input.
  public var input: Value { Value(index: 0) }

  /// What the last layer computes: for a classifier, a vector of one logit a class.
  public var output: Value { Value(index: nodes.count) }

  /// The shape of one sample of a value.
  public func shape(of value: Value) -> [Int] {
    value.index == 0 ? inputShape : nodes[value.index - 1].shape
  }

  /// Adds a layer after the last one.
  @discardableResult
  public mutating func append(_ layer: Layer, name: String? = nil) throws(GraphError) -> Value {
    try append(layer, [output], name: name)
  }

  /// Adds a layer that reads the given values.
  @discardableResult
  public mutating func append(_ layer: Layer, _ inputs: [Value], name: String? = nil) throws(GraphError) -> Value {
    let sameKind = nodes.count { $0.layer.name == layer.name }
    let name = name ?? "\(layer.name)\(sameKind + 1)"
    let place = GraphError.Place.node(index: nodes.count, operation: layer.name, name: name)
    let valueCount = nodes.count + 1
    for value in inputs where !(0..<valueCount).contains(value.index) {
      throw GraphError(at: place, .unknownTensor(index: value.index, count: valueCount))
    }
    if let index = nodes.firstIndex(where: { $0.name == name }) {
      throw GraphError(at: place, .duplicateName(firstIndex: index))
    }
    let rule = LayerRule(layer: layer, inputs: inputs.map { shape(of: $0) })
    do throws(GraphError) {
      nodes.append(Node(name: name, layer: layer, inputs: inputs, shape: try rule.shape()))
    } catch {
      throw GraphError(at: place, error.problem)
    }
    return output
  }
}

extension NetworkDescription {
  /// Proves that a batch of every value, and an image's windows of every convolution, stay within the elements that
  /// Quill handles, before memory is asked for.
  func expectCountable(capacity: Int) throws(GraphError) {
    for (index, node) in nodes.enumerated() {
      var shapes = [[capacity] + shape(of: node.inputs[0]), [capacity] + node.shape]
      if case .convolution(_, let window, _) = node.layer {
        shapes.append([node.shape[0], node.shape[1], window.height, window.width, shape(of: node.inputs[0])[2]])
      }
      for shape in shapes where (shape.checkedProduct ?? .max) > Graph.maximumElementCount {
        throw GraphError(
          at: .node(index: index, operation: node.layer.name, name: node.name),
          .tooManyElements(shape: shape, maximum: Graph.maximumElementCount))
      }
    }
  }
}
