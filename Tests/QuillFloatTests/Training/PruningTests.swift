import QuillFloat
import TestSupport
import Testing

/// Channels that go, and what stays of the network.
struct PruningTests {
  /// Images whose class is the brighter half; the rest is noise.
  private static func source(count: Int) -> TrainingSource {
    var random = SeededGenerator(seed: 3)
    var (values, labels): ([Float], [Int]) = ([], [])
    for _ in 0..<count {
      let label = random.integer(0...1)
      labels.append(label)
      for index in 0..<64 { values.append((index / 32 == label ? 0.5 : 0) + random.float(0...0.3)) }
    }
    return TrainingSource(values: values, size: 64, labels: labels)
  }

  private static func trained(_ text: String) throws -> TrainableNetwork {
    let description = try NetworkDescription(text: text, inputShape: [8, 8, 1], classCount: 2)
    let network = try TrainableNetwork(description, seed: 1, capacity: 32)
    let settings = TrainingSettings(epochCount: 4, batchSize: 32, schedule: .constant(0.01))
    Trainer(settings).train(network, on: source(count: 400))
    return network
  }

  @Test(arguments: [
    "conv16x3:same:norm-pool-conv16x3-dense24-classes",
    "conv16x3:same-res(depthwise3:same-conv16x1:linear)-relu-squeeze8-pool-classes",
  ])
  func takesTheShareAndKeepsTheAnswers(text: String) throws {
    let network = try Self.trained(text)
    let source = Self.source(count: 300)
    #expect(network.measure(source).accuracy > 0.98)
    let pruned = try Pruning(share: 0.5, imageCount: 200).pruned(network.trained, on: source, threadCount: 2)
    let changes = Pruning.changes(from: network.trained, to: pruned)
    let (before, after) = (changes.reduce(0) { $0 + $1.before }, changes.reduce(0) { $0 + $1.after })
    #expect(after == before / 2)
    #expect(changes.allSatisfy { $0.after >= ($0.before + 7) / 8 })
    let smaller = try TrainableNetwork(pruned.description, seed: 1, capacity: 32)
    smaller.adopt(pruned)
    // The worst half of the channels of a network that is far too large for its task.
    #expect(smaller.measure(source).accuracy > 0.9)
  }

  /// Channels that are nothing go first, and change no answer.
  @Test func uselessChannelsGoFirst() throws {
    let network = try Self.trained("conv8x3-pool-classes")
    var constants = network.trained.constants
    for channel in [1, 4, 6] {
      for tap in 0..<9 { constants[0][0][channel * 9 + tap] = 0 }
      constants[0][1][channel] = 0
    }
    let description = network.description
    let useless = TrainedNetwork(description, constants: constants)
    network.adopt(useless)
    let source = Self.source(count: 100)
    let before = network.measure(source)
    let pruned = try Pruning(share: 3.0 / 8).pruned(useless, on: source, threadCount: 1)
    #expect(
      Pruning.changes(from: useless, to: pruned).map { "\($0.layer) \($0.before) \($0.after)" } == ["convolution1 8 5"])
    let smaller = try TrainableNetwork(pruned.description, seed: 1, capacity: 32)
    smaller.adopt(pruned)
    #expect(abs(smaller.measure(source).loss - before.loss) < 1e-6)
  }
}
