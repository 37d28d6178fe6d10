import QuillFloat
import TestSupport
import Testing

/// Learning as a whole: repeatable, exportable, able to learn.
struct TrainingTests {
  private static func description() throws -> NetworkDescription {
    var network = NetworkDescription(name: "small", inputShape: [8, 8, 1])
    try network.append(.convolution(channels: 6, window: .init(3, padding: .same), fused: .relu))
    try network.append(.batchNormalization(momentum: 0.9))
    let pooled = try network.append(.maxPool(window: .init(2, stride: 2)))
    try network.append(.depthwiseConvolution(window: .init(3, padding: .same)))
    let right = try network.append(.activation(.hardSwish))
    try network.append(.add, [pooled, right])
    try network.append(.flatten)
    try network.append(.dense(units: 20, fused: .relu6))
    try network.append(.dropout(rate: 0.2))
    try network.append(.dense(units: 3))
    return network
  }

  /// A bright row, column or diagonal in noise.
  private static func source(count: Int, seed: UInt64) -> TrainingSource {
    var random = SeededGenerator(seed: seed)
    var (values, labels): ([Float], [Int]) = ([], [])
    for _ in 0..<count {
      let (label, line) = (random.integer(0...2), random.integer(0...7))
      labels.append(label)
      for row in 0..<8 {
        for column in 0..<8 {
          let isLit = label == 0 ? row == line : label == 1 ? column == line : (row + line) % 8 == column
          values.append((isLit ? 0.8 : 0) + random.float(0...0.3))
        }
      }
    }
    return TrainingSource(values: values, size: 64, labels: labels)
  }

  private static func trained(
    threadCount: Int, level: KernelLevel = .best, optimizer: Optimizer = .adam(), rate: Float = 0.003
  ) throws -> (TrainableNetwork, [EpochReport]) {
    let network = try TrainableNetwork(
      description(), seed: 3, capacity: 16, threadCount: threadCount, level: level)
    let settings = TrainingSettings(
      epochCount: 4, batchSize: 16, optimizer: optimizer, schedule: .cosine(rate), weightDecay: 1e-5)
    let reports = Trainer(settings).train(
      network, on: source(count: 500, seed: 1), validation: source(count: 200, seed: 2))
    return (network, reports)
  }

  @Test func learns() throws {
    let (_, reports) = try Self.trained(threadCount: 2)
    #expect(reports.count == 4)
    #expect(reports[3].validation!.accuracy > 0.95)
    #expect(reports[3].training.loss < reports[0].training.loss)
    let (_, descent) = try Self.trained(
      threadCount: 2, optimizer: .descent(momentum: 0.9, nesterov: true), rate: 0.05)
    #expect(descent[3].validation!.accuracy > 0.9)
  }

  @Test func repeatsToTheBitWhateverTheThreadsAndLevel() throws {
    let (first, reports) = try Self.trained(threadCount: 2)
    var ways = [(1, KernelLevel.best), (3, .best)]
    ways += KernelLevel.allCases.filter(\.isAvailable).map { (2, $0) }
    for (threadCount, level) in ways {
      let (other, otherReports) = try Self.trained(threadCount: threadCount, level: level)
      #expect(otherReports == reports)
      #expect(other.weights == first.weights)
    }
  }

  @Test func exportsWhatItComputes() throws {
    let (network, _) = try Self.trained(threadCount: 2)
    let engine = try FloatEngine(network.graph())
    var random = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      let image = random.tensor([1, 8, 8, 1], in: 0...1)
      for (index, value) in image.values.enumerated() { network.inputs[index] = value }
      network.forward(count: 1, isTraining: false)
      let exponentials = network.logits.prefix(3).map { FixedMath.exp(Double($0)) }
      let probabilities = engine.run([image])[0].values
      for (own, exported) in zip(exponentials, probabilities) {
        #expect(abs(own / exponentials.reduce(0, +) - Double(exported)) < 1e-5)
      }
    }
  }

  @Test func earlyStoppingRestoresTheBestWeights() throws {
    let network = try TrainableNetwork(Self.description(), seed: 3, capacity: 16)
    let settings = TrainingSettings(
      epochCount: 30, batchSize: 16, schedule: .constant(0.02),
      earlyStopping: EarlyStopping(.loss, patience: 2))
    let validation = Self.source(count: 100, seed: 2)
    let reports = Trainer(settings).train(network, on: Self.source(count: 200, seed: 1), validation: validation)
    #expect(reports.count < 30)
    let best = reports.min { $0.validation!.loss < $1.validation!.loss }!
    #expect(reports.count == best.epoch + 3)
    #expect(network.measure(validation) == best.validation)
  }

  private static func normalised() throws -> NetworkDescription {
    var network = NetworkDescription(name: "normalised", inputShape: [8, 8, 1])
    try network.append(.convolution(channels: 4, window: .init(3)))
    try network.append(.batchNormalization())
    try network.append(.flatten)
    try network.append(.dense(units: 3))
    return network
  }

  /// However few the steps and however fast the weights moved, a network is judged with the statistics of its own
  /// weights: outside training as within.
  @Test func statisticsAreThoseOfTheLastWeights() throws {
    let network = try TrainableNetwork(Self.normalised(), seed: 2, capacity: 16)
    let source = Self.source(count: 16, seed: 6)
    Trainer(TrainingSettings(epochCount: 3, batchSize: 16, schedule: .constant(0.05))).train(network, on: source)
    let judged = network.measure(source)
    network.forward(count: 16, isTraining: true)
    #expect(abs(network.loss(count: 16, labels: source.labels).loss - judged.loss) < 1e-5)
  }

  /// Along a cosine they are what ran: of few steps the mean, and those that were given only move.
  @Test func runningStatisticsBeginWithWhatIsSeen() throws {
    let description = try Self.normalised()
    let source = Self.source(count: 16, seed: 6)
    let settings = TrainingSettings(epochCount: 3, batchSize: 16, schedule: .cosine(0))
    let network = try TrainableNetwork(description, seed: 2, capacity: 16)
    let taught = Trainer(settings).train(network, on: source)[2].training
    #expect(abs(network.measure(source).loss - taught.loss) < 1e-5)

    let seen = network.trained.constants
    let given = seen.enumerated().map { $0 == 1 ? [$1[0], $1[1], [5, 5, 5, 5], [2, 2, 2, 2]] : $1 }
    let other = try TrainableNetwork(description, seed: 2, capacity: 16)
    other.adopt(TrainedNetwork(description, constants: given))
    Trainer(TrainingSettings(epochCount: 1, batchSize: 16, schedule: .cosine(0))).train(other, on: source)
    let moved = other.trained.constants[1]
    for channel in 0..<4 {
      #expect(abs(moved[2][channel] - (4.95 + 0.01 * seen[1][2][channel])) < 1e-5)
      #expect(abs(moved[3][channel] - (1.98 + 0.01 * seen[1][3][channel])) < 1e-5)
    }
  }

  @Test func schedules() {
    #expect(Schedule.constant(0.1).rate(epoch: 3, of: 5, batch: 1, of: 2) == 0.1)
    let steps = (0..<5).map { Schedule.step(1, factor: 0.5, epochs: 2).rate(epoch: $0, of: 5, batch: 0, of: 1) }
    #expect(steps == [1, 1, 0.5, 0.5, 0.25])
    let cosine = Schedule.cosine(1, end: 0.5)
    #expect(cosine.rate(epoch: 0, of: 4, batch: 0, of: 10) == 1)
    #expect(cosine.rate(epoch: 2, of: 4, batch: 0, of: 10) == 0.75)
    #expect(cosine.rate(epoch: 4, of: 4, batch: 0, of: 10) == 0.5)
    let warm = TrainingSettings(epochCount: 4, batchSize: 1, schedule: .constant(1), warmUpEpochCount: 0.5)
    #expect((0..<6).map { warm.rate(epoch: 0, batch: $0, of: 10) } == [0.2, 0.4, 0.6, 0.8, 1, 1])
  }

  /// One step of each optimiser, worked out by hand: a weight of gradient 1 and 2.
  @Test func optimizersStepAsTheirFormulas() throws {
    var description = NetworkDescription(name: "one", inputShape: [1])
    try description.append(.dense(units: 2))
    func moved(_ optimizer: Optimizer, steps: Int) throws -> Float {
      let network = try TrainableNetwork(description, seed: 1, capacity: 1)
      let state = OptimizerState(optimizer, for: network)
      network.inputs[0] = 1
      let before = network.parameters[0]
      for _ in 0..<steps {
        for index in network.parameters.indices { network.parameters[index] = index == 0 ? before : 0 }
        network.forward(count: 1, isTraining: true)
        _ = network.backward(count: 1, labels: [1])
        state.step(network, rate: 0.5)
      }
      return (network.parameters[0] - before) / network.gradients[0]
    }
    #expect(abs(try moved(.descent(), steps: 1) + 0.5) < 1e-6)
    #expect(abs(try moved(.descent(momentum: 0.9), steps: 2) + 0.95) < 1e-6)
    #expect(abs(try moved(.descent(momentum: 0.9, nesterov: true), steps: 1) + 0.95) < 1e-6)
    // Adam's first step is the rate, whatever the gradient: here divided by the gradient, whose sign it has.
    let network = try TrainableNetwork(description, seed: 1, capacity: 1)
    network.inputs[0] = 1
    network.forward(count: 1, isTraining: true)
    _ = network.backward(count: 1, labels: [1])
    let before = network.parameters[0]
    OptimizerState(.adam(), for: network).step(network, rate: 0.5)
    #expect(abs(network.parameters[0] - before + 0.5) < 1e-4)
  }
}
