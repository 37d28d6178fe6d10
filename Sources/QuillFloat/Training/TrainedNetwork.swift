/// A network and what it has learnt, apart from any memory to train it in.
public struct TrainedNetwork: Sendable, Equatable {
  /// The layers.
  public let description: NetworkDescription

  /// What each layer has learnt, as a graph has it: weights and biases, or scale, shift, mean and variance. A layer
  /// without anything, or one that is to begin anew, has no list.
  public let constants: [[[Float]]]

  /// A network of layers and, for each, the lists that fit it.
  package init(_ description: NetworkDescription, constants: [[[Float]]]) {
    self.description = description
    self.constants = constants
  }

  /// The same network with another number of classes: where it differs, or where the last layer is to begin `anew`, the
  /// last layer has fresh weights.
  /// - Throws: `TrainingError.lastLayerNotDense`.
  public func answering(classCount: Int, anew: Bool) throws(TrainingError) -> TrainedNetwork {
    guard let last = description.nodes.last, case .dense(let units, .none) = last.layer else {
      throw TrainingError.lastLayerNotDense(name: description.nodes.last?.name ?? description.name)
    }
    if units == classCount && !anew { return self }
    var changed = NetworkDescription(name: description.name, inputShape: description.inputShape)
    do throws(GraphError) {
      for node in description.nodes.dropLast() { try changed.append(node.layer, node.inputs, name: node.name) }
      try changed.append(.dense(units: classCount), last.inputs, name: last.name)
    } catch {
      throw TrainingError.notTrainable(node: last.name, operation: last.layer.name, reason: "\(error.problem)")
    }
    return TrainedNetwork(changed, constants: constants.dropLast() + [[]])
  }
}

extension TrainableNetwork {
  /// What the network has learnt.
  public var trained: TrainedNetwork { TrainedNetwork(description, constants: layers.map(\.graphConstants)) }

  /// Takes over what a network of the same description has learnt; layers without lists keep what they have.
  public func adopt(_ trained: TrainedNetwork) {
    precondition(trained.description == description, "weights of another network")
    for (layer, constants) in zip(layers, trained.constants) where !constants.isEmpty { layer.adopt(constants) }
  }
}

extension TrainingLayer {
  /// What the layer has learnt, as a graph has it.
  fileprivate var graphConstants: [[Float]] {
    switch self {
    case .linear(let layer): [layer.graphWeights, layer.graphBias]
    case .depthwise(let layer): [layer.graphWeights, layer.graphBias]
    case .normalization(let layer): layer.graphConstants
    case .pool, .globalAverage, .dropout, .activation, .combination, .flatten: []
    }
  }

  fileprivate func adopt(_ constants: [[Float]]) {
    switch self {
    case .linear(let layer): layer.adopt(weights: constants[0], bias: constants[1])
    case .depthwise(let layer): layer.adopt(weights: constants[0], bias: constants[1])
    case .normalization(let layer): layer.adopt(constants)
    case .pool, .globalAverage, .dropout, .activation, .combination, .flatten: break
    }
  }
}
