import QuillFloat
import TestSupport
import Testing

/// Training that rounds as int8 does.
struct RoundingTests {
  private static func network(_ text: String, isAware: Bool = true) throws -> TrainableNetwork {
    let description = try NetworkDescription(text: text, inputShape: [8, 8, 1], classCount: 3)
    return try TrainableNetwork(description, seed: 2, capacity: 8, isQuantizationAware: isAware)
  }

  private static func fill(_ network: TrainableNetwork) {
    var random = SeededGenerator(seed: 9)
    for index in network.inputs.indices { network.inputs[index] = Float(random.integer(0...255)) / 255 }
  }

  /// Logits are whole steps of the range that the metadata tells, zero among them.
  @Test func answersLieOnTheStepsOfTheLearntRange() throws {
    let network = try Self.network("conv4x3:same-pool-depthwise3:relu6-avgpool-dense6:sigmoid-classes")
    Self.fill(network)
    network.forward(count: 8, isTraining: true)
    let ranges = LearntRanges.ranges(of: try network.graph())
    let name = try #require(network.description.nodes.last?.name)
    let range = try #require(ranges[name])
    let scale = (max(range.high, 0) - min(range.low, 0)) / 255
    for logit in network.logits.prefix(24) {
      let steps = logit / scale
      #expect(abs(steps - steps.rounded()) < 1e-3)
    }
    #expect(Set(network.logits.prefix(24).map { ($0 / scale).rounded() }).count > 5)
    // The depthwise layer's ReLU6 is part of it, and the pools have the steps of what they read.
    #expect(ranges["depthwise1"] == nil)
    #expect(ranges["ReLU61"] == ranges["averagePool1"])
    #expect(ranges["convolution1"] == ranges["maxPool1"])
    #expect(ranges["Sigmoid1"]?.low == 0)
    #expect(ranges["Sigmoid1"]?.high == 255.0 / 256)
  }

  /// Ranges follow training batches alone.
  @Test func rangesFollowTrainingOnly() throws {
    let network = try Self.network("conv4x3-classes")
    Self.fill(network)
    network.forward(count: 8, isTraining: true)
    let before = network.weights
    for index in network.inputs.indices { network.inputs[index] *= 9 }
    network.forward(count: 8, isTraining: false)
    #expect(network.weights == before)
    network.forward(count: 8, isTraining: true)
    #expect(network.weights != before)
  }

  /// With steps far finer than what they round, rounding changes the gradients little: they pass straight through.
  @Test func gradientsPassStraightThrough() throws {
    let text = "conv8x3:same-pool-depthwise3:same:hardswish-res(conv8x3:same:linear)-relu-squeeze4-classes"
    func gradients(isAware: Bool) throws -> [Float] {
      let network = try Self.network(text, isAware: isAware)
      Self.fill(network)
      network.forward(count: 8, isTraining: true)
      _ = network.backward(count: 8, labels: [0, 1, 2, 0, 1, 2, 0, 1])
      return Array(network.gradients)
    }
    let (plain, aware) = (try gradients(isAware: false), try gradients(isAware: true))
    let length = plain.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let difference = zip(plain, aware).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    #expect(length > 0.01)
    #expect(difference < 0.25 * length)
    #expect(difference > 0)
  }

  @Test func learnsAndRepeatsWhateverTheThreads() throws {
    let description = try NetworkDescription(
      text: "conv6x3:same-pool-depthwise3:relu6-classes", inputShape: [8, 8, 1], classCount: 2)
    var random = SeededGenerator(seed: 4)
    let labels = (0..<300).map { _ in random.integer(0...1) }
    let values = labels.flatMap { label in
      (0..<64).map { ($0 / 32 == label ? 0.5 : 0) + random.float(0...0.3) }
    }
    let source = TrainingSource(values: values, size: 64, labels: labels)
    let weights = try [1, 2, 3].map { threadCount in
      let network = try TrainableNetwork(
        description, seed: 1, capacity: 30, threadCount: threadCount, isQuantizationAware: true)
      let settings = TrainingSettings(epochCount: 3, batchSize: 30, schedule: .constant(0.01))
      Trainer(settings).train(network, on: source)
      #expect(network.measure(source).accuracy > 0.95)
      return network.weights
    }
    #expect(weights[0] == weights[1])
    #expect(weights[0] == weights[2])
  }
}
