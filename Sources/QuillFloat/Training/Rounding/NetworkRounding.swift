/// The rounding of a network's values to int8, for training that is aware of it.
final class NetworkRounding {
  /// For each value, how it is rounded; `nil` where it is not.
  private let roundings: [ValueRounding?]

  /// For each value, what others read; `nil` where they read the value itself.
  private let rounded: [FloatStorage?]

  /// For each value that an activation computes, the function and the value whose steps its operand has.
  private let functions: [(function: Layer.ActivationFunction, owner: Int)?]

  private let plan: RoundingPlan
  private let learnt: [Bool]

  /// For each value, whether it is a mean over windows.
  private let isMean: [Bool]
  private let workers: Workers

  /// Roundings of the values of batches of up to `capacity` samples.
  init(_ description: NetworkDescription, capacity: Int, workers: Workers, level: KernelLevel) {
    plan = RoundingPlan(description)
    self.workers = workers
    var roundings: [ValueRounding?] = []
    var rounded: [FloatStorage?] = []
    for (value, rule) in plan.rules.enumerated() {
      switch rule {
      case .none: roundings.append(nil)
      case .learnt: roundings.append(ValueRounding(level))
      case .like(let owner): roundings.append(roundings[owner])
      case .fixed(let low, let high): roundings.append(ValueRounding(low: low, high: high, level))
      }
      if value > 0, description.nodes[value - 1].layer == .flatten {
        rounded.append(rounded[description.nodes[value - 1].inputs[0].index])
      } else if rule == .none {
        rounded.append(nil)
      } else {
        let shape = description.nodes[value - 1].shape
        rounded.append(FloatStorage(count: capacity * shape.product))
      }
    }
    self.roundings = roundings
    self.rounded = rounded
    learnt = plan.rules.map { $0 == .learnt }
    functions =
      [nil]
      + description.nodes.map { [plan] node in
        guard case .activation(let function) = node.layer, let owner = plan.owners[node.inputs[0].index] else {
          return nil
        }
        return (function, owner)
      }
    isMean =
      [false]
      + description.nodes.map { if case .averagePool = $0.layer { true } else { false } }
  }

  /// What others read in a value's place.
  func readable(_ value: Int) -> UnsafeMutablePointer<Float>? { rounded[value]?.base }

  /// Rounds a value that has just been computed from what `input` holds; in training its range follows it.
  func round(
    _ value: Int, _ values: UnsafePointer<Float>, from input: UnsafePointer<Float>, count: Int, isTraining: Bool
  ) {
    guard let rounding = roundings[value], let target = rounded[value] else { return }
    if isTraining, learnt[value] { rounding.observe(values, count: count) }
    if let (function, owner) = functions[value],
      let table = StepTable(function, from: roundings[owner]?.parameters ?? Self.pixels, to: rounding.parameters)
    {
      table.look(up: input, to: target.base, count: count, workers)
    } else {
      rounding.round(values, to: target.base, count: count, isMean: isMean[value], workers)
    }
  }

  /// The steps of the input: bytes, 0...1.
  private static let pixels: StepTable.Steps = (1.0 / 255, -128)

  /// Stops the gradient of a value where the value lay beyond its range.
  func mask(_ value: Int, _ gradients: UnsafeMutablePointer<Float>, values: UnsafePointer<Float>, count: Int) {
    roundings[value]?.mask(gradients, values: values, count: count, workers)
  }

  /// What has been learnt of ranges, in the order of the values.
  var statistics: [FloatStorage] {
    zip(roundings, learnt).compactMap { rounding, isLearnt in isLearnt ? rounding?.range : nil }
  }

  /// The range of a value in the int8 network; `nil` where it has none of its own.
  func range(of value: Int) -> (low: Float, high: Float)? {
    guard let owner = plan.owners[value] else { return nil }
    if owner == 0 { return (0, 1) }
    return roundings[owner].map { ($0.low, $0.high) }
  }
}
