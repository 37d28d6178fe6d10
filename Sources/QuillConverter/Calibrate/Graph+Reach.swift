import QuillFloat

extension Graph {
  /// Of each tensor, the values that its readers tell apart: one beyond an end acts as that end does. A normalisation before
  /// scale, shift and ReLU, say, reaches down to where the first channel's ReLU lets something through; one before a sigmoid
  /// as far as the sigmoid's eight bits change.
  package func reaches() -> [Calibration.Range] {
    let steep = steepFunctions()
    var reaches = [Calibration.Range?](repeating: nil, count: tensors.count)
    for output in outputs { reaches[output.index] = .all }
    for node in nodes.reversed() {
      let behind = reaches[node.output.index] ?? .all
      for input in node.inputs {
        let isSteep = steep.contains(node.output)
        guard let reach = isSteep ? .all : self.reach(of: input, in: node, behind) else { continue }
        reaches[input.index] = reaches[input.index]?.union(reach) ?? reach
      }
    }
    return reaches.map { $0 ?? .all }
  }

  /// Sigmoids and hyperbolic tangents of which more counts than their own eight bits: a classifier's answers, whose scores'
  /// order names the class, and those that another function of one number may tell apart further.
  private func steepFunctions() -> Set<TensorID> {
    var steep = Set(outputs.filter { self[$0].shape.last == self[$0].shape.product })
    for node in nodes {
      switch node.operation {
      case .unary: steep.formUnion(node.inputs)
      case .binary where node.inputs.contains { self[$0].constant != nil }: steep.formUnion(node.inputs)
      default: break
      }
    }
    return steep.intersection(nodes.filter { $0.operation.saturatingReach != nil }.map(\.output))
  }

  /// The values of an operand that change a node's result, where of the result only those in `behind` count; `nil` where
  /// none does.
  private func reach(
    of input: TensorID, in node: Node, _ behind: Calibration.Range
  ) -> Calibration.Range? {
    switch node.operation {
    case .reshape, .transpose, .concatenate, .slice, .pad, .maxPool2D, .resizeNearest: return behind
    case .unary(.activation(let activation)): return behind.limited(to: activation.range)
    case .unary(.sigmoid), .unary(.tanh): return node.operation.saturatingReach
    case .unary(.clip(let low, let high)): return behind.limited(to: Calibration.Range(low: low, high: high))
    case .depthwiseConv2D(let parameters) where self[node.inputs[1]].shape.prefix(3) == [1, 1, 1]:
      guard let gains = self[node.inputs[1]].constant else { return .all }
      let shifts = node.inputs.count > 2 ? self[node.inputs[2]].constant ?? [] : gains.map { _ in 0 }
      return behind.limited(to: parameters.activation.range).beforeAffine(Array(zip(gains, shifts)))
    case .binary(let operation, let activation):
      guard let constant = node.inputs.lazy.compactMap({ self[$0].constant }).first else { return .all }
      let result = behind.limited(to: activation.range)
      return switch operation {
      case .add: result.beforeAffine(constant.map { (1, $0) })
      case .multiply: result.beforeAffine(constant.map { ($0, 0) })
      default: .all
      }
    default: return .all
    }
  }
}

extension Calibration.Range {
  /// Every number.
  package static let all = Self(low: -.infinity, high: .infinity)

  /// The nearest number within the range.
  package func clamping(_ value: Double) -> Double { min(max(value, Double(low)), Double(high)) }

  /// The nearest number within the range.
  package func clamping(_ value: Float) -> Float { min(max(value, low), high) }

  /// Both ends moved into another range.
  func limited(to other: Self) -> Self { Self(low: other.clamping(low), high: other.clamping(high)) }

  /// What `gain * x + shift` brings into this range, of any of the channels; `nil` where `x` never counts.
  fileprivate func beforeAffine(_ channels: [(gain: Float, shift: Float)]) -> Self? {
    var reach: Self?
    for (gain, shift) in channels where gain != 0 {
      let ends = [(low - shift) / gain, (high - shift) / gain]
      let own = Self(low: min(ends[0], ends[1]), high: max(ends[0], ends[1]))
      reach = reach?.union(own) ?? own
    }
    return reach
  }
}

extension Operation {
  /// Beyond it the function is within a tenth of a step of its end, at 1 / 256 a step (sigmoid) or 1 / 128 (tangent).
  fileprivate var saturatingReach: Calibration.Range? {
    switch self {
    case .unary(.sigmoid): Calibration.Range(low: -8, high: 8)
    case .unary(.tanh): Calibration.Range(low: -4, high: 4)
    default: nil
    }
  }
}

extension Operation.Activation {
  /// The values that the activation lets through.
  fileprivate var range: Calibration.Range {
    switch self {
    case .none: .all
    case .relu: Calibration.Range(low: 0, high: .infinity)
    case .relu6: Calibration.Range(low: 0, high: 6)
    case .reluMinus1To1: Calibration.Range(low: -1, high: 1)
    }
  }
}
