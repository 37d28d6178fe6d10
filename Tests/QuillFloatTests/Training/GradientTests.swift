import QuillFloat
import TestSupport
import Testing

/// Gradients of every layer against finite differences of the loss.
struct GradientTests {
  /// Networks that hold each layer behind one with weights, so that gradients for inputs are checked as well.
  enum Case: String, CaseIterable {
    case dense, convolution, stridedSameConvolution, pointwiseConvolution, depthwise, maxPool, overlappingPool
    case averagePool, globalAverage, normalization, vectorNormalization, dropout, relu, relu6, leakyRelu, sigmoid, tanh
    case hardSwish, residual, multiply, squeezeAndExcitation, fusedRelu, sameOperandTwice, sharedFlatten

    func description() throws -> NetworkDescription {
      var network = NetworkDescription(name: rawValue, inputShape: [6, 6, 2])
      let first = try network.append(.convolution(channels: 5, window: .init(3)))
      switch self {
      case .dense: try network.append(.flatten)
      case .convolution: try network.append(.convolution(channels: 18, window: .init(2)))
      case .stridedSameConvolution:
        try network.append(.convolution(channels: 3, window: .init(3, stride: 2, padding: .same)))
      case .pointwiseConvolution: try network.append(.convolution(channels: 7, window: .init(1)))
      case .depthwise: try network.append(.depthwiseConvolution(window: .init(3, padding: .same)))
      case .maxPool: try network.append(.maxPool(window: .init(2, stride: 2)))
      case .overlappingPool: try network.append(.maxPool(window: .init(3, stride: 2, padding: .same)))
      case .averagePool: try network.append(.averagePool(window: .init(2, stride: 1, padding: .same)))
      case .globalAverage: try network.append(.globalAveragePool)
      case .normalization: try network.append(.batchNormalization())
      case .vectorNormalization:
        try network.append(.flatten)
        try network.append(.dense(units: 6))
        try network.append(.batchNormalization())
      case .dropout: try network.append(.dropout(rate: 0.4))
      case .relu: try network.append(.activation(.relu))
      case .relu6: try network.append(.activation(.relu6))
      case .leakyRelu: try network.append(.activation(.leakyRelu(alpha: 0.2)))
      case .sigmoid: try network.append(.activation(.sigmoid))
      case .tanh: try network.append(.activation(.tanh))
      case .hardSwish: try network.append(.activation(.hardSwish))
      case .residual:
        let second = try network.append(.convolution(channels: 5, window: .init(3, padding: .same)))
        try network.append(.add, [first, second])
      case .multiply:
        let second = try network.append(.activation(.tanh))
        try network.append(.multiply, [first, second])
      case .squeezeAndExcitation:
        try network.append(.globalAveragePool)
        try network.append(.dense(units: 5))
        let gate = try network.append(.activation(.sigmoid))
        try network.append(.multiply, [first, gate])
      case .fusedRelu:
        try network.append(.convolution(channels: 4, window: .init(2), fused: .relu))
        try network.append(.convolution(channels: 4, window: .init(2), fused: .relu6))
      case .sameOperandTwice: try network.append(.multiply, [first, first])
      case .sharedFlatten:
        let flat = try network.append(.flatten)
        let dense = try network.append(.dense(units: 80), [flat])
        let other = try network.append(.flatten, [first])
        try network.append(.add, [dense, other])
      }
      if network.shape(of: network.output).count == 3 { try network.append(.flatten) }
      try network.append(.dense(units: 4))
      return network
    }
  }

  /// Steps of a parameter, the second in case the first reaches over two corners.
  private static let steps: [Float] = [4e-3, 1e-3]

  /// The loss below, at and above a parameter's value. Where a maximum or a ReLU has a corner on one side, the other
  /// side's difference is the one to compare with.
  private struct Differences {
    let below: Double, middle: Double, above: Double, step: Double

    var central: Double { (above - below) / (2 * step) }

    func isNear(_ gradient: Double, _ difference: Double) -> Bool {
      abs(gradient - difference) <= 1e-3 + 0.02 * abs(difference)
    }

    func agrees(with gradient: Double) -> Bool {
      [central, (above - middle) / step, (middle - below) / step].contains { isNear(gradient, $0) }
    }
  }

  @Test(arguments: Case.allCases)
  func agreeWithFiniteDifferences(kind: Case) throws {
    let network = try TrainableNetwork(kind.description(), seed: 7, capacity: 6, threadCount: 2)
    var random = SeededGenerator(seed: 11)
    for index in network.inputs.indices { network.inputs[index] = random.float(-1...1) }
    let labels = [0, 3, 1, 2, 2]
    func loss() -> Double {
      network.forward(count: 5, isTraining: true)
      return network.loss(count: 5, labels: labels).loss
    }
    network.forward(count: 5, isTraining: true)
    // The differences must see the dropout that the gradients saw, so that they are taken before the step ends.
    let parameters = network.parameters
    let chosen = (0..<120).map { _ in random.integer(0...(parameters.count - 1)) }
    let middle = loss()
    let differences = chosen.map { index in
      Self.steps.map { step in
        let value = parameters[index]
        defer { parameters[index] = value }
        parameters[index] = value + step
        let above = loss()
        parameters[index] = value - step
        return Differences(below: loss(), middle: middle, above: above, step: Double(step))
      }
    }
    network.forward(count: 5, isTraining: true)
    _ = network.backward(count: 5, labels: labels)
    var smoothCount = 0
    for (index, differences) in zip(chosen, differences) {
      let gradient = Double(network.gradients[index])
      let agrees = differences.contains { $0.agrees(with: gradient) }
      #expect(agrees, "parameter \(index): gradient \(gradient), differences \(differences)")
      if differences[0].isNear(gradient, differences[0].central) { smoothCount += 1 }
    }
    #expect(smoothCount >= 100)
    #expect(network.gradients.contains { abs($0) > 1e-3 })
  }

  /// What weight decay and label smoothing add to the loss, by differences in whole: the optimiser's step of a rate of 1
  /// is the gradient of both.
  @Test func weightDecayAndLabelSmoothingAgreeWithFiniteDifferences() throws {
    let (decay, smoothing) = (0.05, 0.3)
    let network = try TrainableNetwork(Case.squeezeAndExcitation.description(), seed: 7, capacity: 6)
    var random = SeededGenerator(seed: 12)
    for index in network.inputs.indices { network.inputs[index] = random.float(-1...1) }
    let labels = [0, 3, 1, 2, 2]
    let softer = labels.flatMap { label in
      (0..<4).map { Float(($0 == label ? 1 - smoothing : 0) + smoothing / 4) }
    }
    func loss() -> Double {
      network.forward(count: 5, isTraining: true)
      return network.backward(count: 5, distributions: softer).loss + decay * network.squaredWeights
    }
    for index in (0..<60).map({ _ in random.integer(0...(network.parameters.count - 1)) }) {
      let value = network.parameters[index]
      network.parameters[index] = value + 2e-3
      let above = loss()
      network.parameters[index] = value - 2e-3
      let below = loss()
      network.parameters[index] = value
      network.forward(count: 5, isTraining: true)
      _ = network.backward(count: 5, labels: labels, smoothing: smoothing)
      let before = Array(network.parameters)
      OptimizerState(.descent(), for: network).step(network, rate: 1, weightDecay: Float(decay))
      let step = Double(before[index] - network.parameters[index])
      for (position, parameter) in before.enumerated() { network.parameters[position] = parameter }
      #expect(abs(step - (above - below) / 4e-3) < 2e-3 + 0.02 * abs(step), "parameter \(index)")
    }
  }

  /// A sample of no class has the loss and the gradients of one that is of all alike, and is right where none is likely.
  @Test(arguments: [0, 0.3]) func samplesOfNoClassAreOfAllAlike(smoothing: Double) throws {
    let network = try TrainableNetwork(Case.squeezeAndExcitation.description(), seed: 7, capacity: 6)
    for index in network.inputs.indices { network.inputs[index] = Float(index % 17) / 17 - 0.5 }
    network.forward(count: 5, isTraining: true)
    let alike = network.backward(count: 5, distributions: [Float](repeating: 0.25, count: 20))
    let expected = Array(network.gradients)
    network.forward(count: 5, isTraining: true)
    let none = network.backward(
      count: 5, labels: [Int](repeating: TrainingSource.noClass, count: 5), smoothing: smoothing)
    #expect(none.loss == alike.loss && none.correctCount == 5)
    #expect(Array(network.gradients) == expected && expected.contains { $0 != 0 })
  }

  /// What is frozen has no gradients, and all others have those that they have without it.
  @Test func frozenLayersStayAndLetGradientsThrough() throws {
    let description = try Case.squeezeAndExcitation.description()
    func gradients(frozen: Set<Int>) throws -> [Float] {
      let network = try TrainableNetwork(description, seed: 7, capacity: 6, frozen: frozen)
      for index in network.inputs.indices { network.inputs[index] = Float(index % 17) / 17 - 0.5 }
      network.forward(count: 5, isTraining: true)
      _ = network.backward(count: 5, labels: [0, 3, 1, 2, 2])
      let before = Array(network.parameters)
      OptimizerState(.adam(), for: network).step(network, rate: 0.1, weightDecay: 0.1)
      for (index, gradient) in network.gradients.enumerated() where gradient == 0 {
        #expect(network.parameters[index] == before[index])
      }
      return Array(network.gradients)
    }
    let all = try gradients(frozen: [])
    // The dense layer between the mean and the gate: the convolution before it goes on learning through both ways.
    let some = try gradients(frozen: [2])
    let frozen = all.indices.filter { all[$0] != some[$0] }
    #expect(frozen.count > 20)
    #expect(frozen.allSatisfy { some[$0] == 0 })
  }

  /// The gradient of the loss for the logits, which needs no differences: softmax less target.
  @Test func crossEntropyOfLabelsAndOneHotRows() throws {
    var description = NetworkDescription(name: "logits", inputShape: [3])
    try description.append(.dense(units: 3))
    let network = try TrainableNetwork(description, seed: 1, capacity: 2, threadCount: 1)
    for index in network.inputs.indices { network.inputs[index] = Float(index) / 10 }
    network.forward(count: 2, isTraining: true)
    let byLabel = network.backward(count: 2, labels: [2, 0])
    let gradients = Array(network.gradients)
    network.forward(count: 2, isTraining: true)
    let byRow = network.backward(count: 2, distributions: [0, 0, 1, 1, 0, 0])
    #expect(byLabel == byRow)
    #expect(Array(network.gradients) == gradients)
    network.forward(count: 2, isTraining: true)
    let weighted = network.backward(count: 2, labels: [2, 0], weights: [2, 2])
    #expect(weighted.loss == 2 * byLabel.loss)
    #expect(Array(network.gradients) == gradients.map { 2 * $0 })
  }
}
