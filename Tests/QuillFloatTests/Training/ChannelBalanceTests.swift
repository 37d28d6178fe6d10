import QuillFloat
import TestSupport
import Testing

/// Channels of like sizes, before training rounds as int8 does.
struct ChannelBalanceTests {
  private static let text = "conv6x3:same:leaky0.1-pool-depthwise3:same-conv8x1-avgpool-dense12-drop0.2-classes"

  private static func description(_ text: String) throws -> NetworkDescription {
    try NetworkDescription(text: text, inputShape: [8, 8, 1], classCount: 3)
  }

  private static func source(count: Int) -> TrainingSource {
    let images = LineImages(count: count, seed: 8)
    return TrainingSource(bytes: images.bytes, size: 64, labels: images.labels)
  }

  /// The same function with units of very different sizes: a dense layer's multiplied, the next one's weights divided.
  private static func unequal(_ network: TrainedNetwork) -> TrainedNetwork {
    var lists = network.constants
    let layers = lists.indices.filter { !lists[$0].isEmpty }
    for (layer, next) in zip(layers, layers.dropFirst()) {
      let count = lists[layer][1].count
      let factors = (0..<count).map { Float(sign: .plus, exponent: $0 % 11 - 5, significand: 1) }
      let inner = lists[layer][0].count / count
      for position in lists[layer][0].indices { lists[layer][0][position] *= factors[position / inner] }
      for unit in 0..<count { lists[layer][1][unit] *= factors[unit] }
      for position in lists[next][0].indices { lists[next][0][position] /= factors[position % count] }
    }
    return TrainedNetwork(network.description, constants: lists)
  }

  private static func logits(_ trained: TrainedNetwork, _ source: TrainingSource) throws -> [UInt32] {
    let network = try TrainableNetwork(trained.description, seed: 1, capacity: 32)
    network.adopt(trained)
    var values = [Float](repeating: 0, count: 64)
    for sample in 0..<32 {
      var span = values.mutableSpan
      source.write(sample, nil, &span)
      for (index, value) in values.enumerated() { network.inputs[sample * 64 + index] = value }
    }
    network.forward(count: 32, isTraining: false)
    return network.logits.map(\.bitPattern)
  }

  @Test func everyAnswerStaysTheSameToTheBit() throws {
    let source = Self.source(count: 64)
    for text in [
      Self.text, "dense20-dense15:leaky0.2-dense8:tanh-classes", "conv4x3:relu6-res(conv4x1:linear)-classes",
    ] {
      let trained = try TrainableNetwork(Self.description(text), seed: 5, capacity: 32).trained
      let balanced = try trained.balanced(on: source, threadCount: 2)
      #expect(try Self.logits(balanced, source) == Self.logits(trained, source))
    }
  }

  /// A convolution that a sum or a bounded activation follows has nobody who could undo a factor.
  @Test func onlyPairsThatUndoFactorsAreTouched() throws {
    let source = Self.source(count: 64)
    for text in [
      "conv4x3:relu6-conv4x3:hardswish-dense6:tanh-classes", "conv4x3:same-res(conv4x1:linear)-globalpool-classes",
    ] {
      let trained = try TrainableNetwork(Self.description(text), seed: 5, capacity: 32).trained
      #expect(try trained.balanced(on: source, threadCount: 2) == trained)
    }
    let trained = try TrainableNetwork(Self.description(Self.text), seed: 5, capacity: 32).trained
    #expect(try Self.unequal(trained).balanced(on: source, threadCount: 2) != Self.unequal(trained))
  }

  /// Where units differ a thousandfold, rounding loses most of what was learnt, and next to nothing of the balanced network.
  @Test func roundingCostsUnequalUnitsDearly() throws {
    let source = Self.source(count: 600)
    let description = try Self.description("dense24-dense16-classes")
    let network = try TrainableNetwork(description, seed: 3, capacity: 30)
    Trainer(TrainingSettings(epochCount: 12, batchSize: 30, schedule: .cosine(0.01))).train(network, on: source)
    let accuracy = network.measure(source).accuracy
    func rounded(_ trained: TrainedNetwork) throws -> Double {
      let aware = try TrainableNetwork(description, seed: 3, capacity: 30, isQuantizationAware: true)
      aware.adopt(trained)
      Trainer(TrainingSettings(epochCount: 1, batchSize: 30, schedule: .constant(0))).train(aware, on: source)
      return aware.measure(source).accuracy
    }
    let unequal = Self.unequal(network.trained)
    let (plain, balanced) = (try rounded(unequal), try rounded(unequal.balanced(on: source, threadCount: 2)))
    #expect(accuracy > 0.95)
    #expect(plain < accuracy - 0.05)
    #expect(balanced > accuracy - 0.01)
  }
}
