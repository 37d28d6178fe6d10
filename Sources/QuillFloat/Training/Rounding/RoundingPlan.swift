/// Which values of a network int8 rounds, and with whose range, as the converter decides it: activations are fused into
/// what they follow, pools keep the steps of what they read, sigmoid and tanh have steps of their own, and every other
/// value has a range that is learnt.
struct RoundingPlan {
  /// What happens to a value before others read it.
  enum Rule: Equatable {
    /// Nothing: it has int8's steps already, or is part of an operation that rounds later.
    case none

    /// It is rounded within a range that follows what is seen.
    case learnt

    /// It is rounded within the range of another value.
    case like(Int)

    /// It is rounded within a range that never changes.
    case fixed(low: Float, high: Float)
  }

  /// A rule for each value, the input first.
  let rules: [Rule]

  /// The value whose range each value has; `nil` where it has none of its own in the int8 network.
  let owners: [Int?]

  /// The plan of a description. The input is bytes, 0...1.
  init(_ description: NetworkDescription) {
    var rules: [Rule] = [.none]
    var owners: [Int?] = [0]
    for (index, node) in description.nodes.enumerated() {
      let source = node.inputs[0].index
      let value = index + 1
      let isFused = Self.isFused(value, in: description)
      switch node.layer {
      case .maxPool, .flatten, .dropout:
        rules.append(.none)
        owners.append(owners[source])
      case .averagePool where owners[source] != nil, .activation(.relu6) where owners[source] != nil:
        rules.append(owners[source].map { Self.rule(sharing: $0, rules) } ?? .none)
        owners.append(owners[source])
      case .activation(.sigmoid):
        rules.append(.fixed(low: 0, high: 255.0 / 256))
        owners.append(value)
      case .activation(.tanh):
        rules.append(.fixed(low: -1, high: 127.0 / 128))
        owners.append(value)
      case .convolution, .depthwiseConvolution, .dense, .globalAveragePool, .batchNormalization, .activation, .add,
        .multiply, .averagePool:
        rules.append(isFused ? .none : .learnt)
        owners.append(isFused ? nil : value)
      }
    }
    self.rules = rules
    self.owners = owners
  }

  private static func rule(sharing owner: Int, _ rules: [Rule]) -> Rule {
    if owner == 0 { return .fixed(low: 0, high: 1) }
    if case .fixed = rules[owner] { return rules[owner] }
    return .like(owner)
  }

  /// Whether a value's only reader is a ReLU or ReLU6 that becomes part of the operation that computes it.
  private static func isFused(_ value: Int, in description: NetworkDescription) -> Bool {
    guard value > 0, value != description.output.index else { return false }
    switch description.nodes[value - 1].layer {
    case .convolution(_, _, .none), .dense(_, .none), .depthwiseConvolution, .add, .multiply, .batchNormalization: break
    default: return false
    }
    let readers = description.nodes.filter { node in node.inputs.contains { $0.index == value } }
    guard readers.count == 1, case .activation(let function) = readers[0].layer else { return false }
    return function == .relu || function == .relu6
  }
}
