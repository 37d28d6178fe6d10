import QuillFloat

extension AnyNetwork {
  /// The range of pixels that a float network itself tells; a `.quill` file carries its own.
  var statedRange: InputRange? {
    if case .float(let network) = self { network.statedRange } else { nil }
  }
}

extension FloatNetwork {
  /// The range of pixels that the network tells: what its metadata say, or the bytes, where the first thing that it does
  /// is to scale them down.
  ///
  /// A network that scales its input up, or not at all, was fed something that cannot be told from the graph.
  var statedRange: InputRange? {
    if let range = program.graph.metadata[InputRange.metadataKey].flatMap({ InputRange($0) }) { return range }
    guard let factor = program.graph.inputFactor, factor > 0, factor * 255 <= Self.largestScaledByte else { return nil }
    return .bytes
  }

  /// The most that 255 becomes by a factor that was meant for bytes: 1 / 255, 1 / 127.5, and 1 / (255 * std) with every
  /// std of at least 1 / 16 lie below.
  private static let largestScaledByte: Float = 16
}

extension Graph {
  /// The largest factor that constants, before anything else, multiply the only input's values with, its sign left
  /// out; `nil` where nothing does.
  fileprivate var inputFactor: Float? {
    guard inputs.count == 1 else { return nil }
    var tensor = inputs[0]
    var factor: Float = 1
    var isScaled = false
    while true {
      let readers = nodes.filter { $0.inputs.contains(tensor) }
      guard readers.count == 1, let step = step(of: readers[0], on: tensor) else { break }
      isScaled = isScaled || step.isScale
      factor *= step.factor
      tensor = readers[0].output
    }
    return isScaled ? factor : nil
  }

  private struct InputStep {
    var factor: Float = 1
    var isScale = false
  }

  /// What a node multiplies a tensor with; `nil` where it does more to it than arithmetic with constants.
  private func step(of node: Node, on tensor: TensorID) -> InputStep? {
    switch node.operation {
    case .reshape, .transpose: return InputStep()
    case .binary(let binary, .none):
      guard node.inputs.count == 2, let other = node.inputs.first(where: { $0 != tensor }),
        let values = self[other].constant, let largest = values.map(abs).max(), let least = values.map(abs).min()
      else { return nil }
      switch binary {
      case .add, .subtract: return InputStep()
      case .multiply: return InputStep(factor: largest, isScale: true)
      case .divide: return node.inputs[0] == tensor && least > 0 ? InputStep(factor: 1 / least, isScale: true) : nil
      case .maximum, .minimum, .power: return nil
      }
    default: return nil
    }
  }
}
