import QuillFloat
import TestSupport
import Testing

/// Runs that are left and taken up again, and their checkpoints.
struct TrainingRunTests {
  private static let text = "conv4x3:same-norm-relu-pool-drop0.3-dense12:tanh-3"

  private static let source: TrainingSource = {
    var random = SeededGenerator(seed: 7)
    var (values, labels): ([Float], [Int]) = ([], [])
    for index in 0..<210 {
      labels.append(index % 3)
      values += (0..<64).map { random.float(0...1) * (($0 / 8) % 3 == index % 3 ? 1 : 0.4) }
    }
    return TrainingSource(values: values, size: 64, labels: labels)
      .augmented(Augmentation(rotation: 8, shift: 0.1), seed: 4, shape: [8, 8, 1])
  }()

  private static func run(_ optimizer: Optimizer = .adam(), text: String = text) throws -> TrainingRun {
    let network = try TrainableNetwork(
      NetworkDescription(text: text, inputShape: [8, 8, 1], classCount: 3), seed: 4, capacity: 32)
    let settings = TrainingSettings(
      epochCount: 4, batchSize: 32, optimizer: optimizer, schedule: .cosine(0.01), weightDecay: 1e-4,
      earlyStopping: EarlyStopping(.loss, patience: 9))
    return TrainingRun(network, settings)
  }

  /// Through the bytes of a checkpoint, into a network that has seen nothing.
  private static func takenUp(_ run: TrainingRun, _ optimizer: Optimizer = .adam()) throws -> TrainingRun {
    let other = try Self.run(optimizer)
    let checkpoint = try Checkpoint(Checkpoint(settings: [], state: run.state).bytes)
    try other.restore(checkpoint.state)
    return other
  }

  @Test(arguments: [Optimizer.adam(), .descent(momentum: 0.9)])
  func goesOnToTheSameBits(optimizer: Optimizer) throws {
    let whole = try Self.run(optimizer)
    while !whole.isFinished { _ = whole.runEpoch(on: Self.source, validation: Self.source) }

    // Left in the middle of each epoch and after it.
    var pieces = try Self.run(optimizer)
    var leaves = 0
    while !pieces.isFinished {
      let report = pieces.runEpoch(on: Self.source, validation: Self.source) { $0.batchIndex != 3 }
      if report == nil { #expect(pieces.batchIndex == 3) }
      pieces = try Self.takenUp(pieces, optimizer)
      leaves += 1
    }
    #expect(leaves == 8)
    #expect(pieces.state == whole.state)
    #expect(pieces.bestEpoch == whole.bestEpoch)
    pieces.restoreBestWeights()
    whole.restoreBestWeights()
    #expect(pieces.network.weights == whole.network.weights)
  }

  @Test func damagedCheckpointsAreRefused() throws {
    let run = try Self.run()
    _ = run.runEpoch(on: Self.source, validation: Self.source)
    let settings = [Checkpoint.Setting("seed", "4"), .init("epochs", "4")]
    let checkpoint = Checkpoint(settings: settings, state: run.state)
    let bytes = checkpoint.bytes
    #expect(try Checkpoint(bytes) == checkpoint)
    for offset in stride(from: 12, to: bytes.count, by: 53) {
      var damaged = bytes
      damaged[offset] ^= 4
      #expect(throws: TrainingError.checkpointDamaged) { try Checkpoint(damaged) }
    }
    for count in stride(from: 8, to: bytes.count, by: 61) {
      #expect(throws: TrainingError.self) { try Checkpoint(Array(bytes.prefix(count))) }
    }
    #expect(throws: TrainingError.notACheckpoint) { try Checkpoint([]) }
    #expect(throws: TrainingError.checkpointVersion(found: 3, expected: 1)) {
      var later = bytes
      later[8] = 3
      _ = try Checkpoint(later)
    }
    // A sound checksum around lengths that lie.
    for offset in stride(from: 12, to: 400, by: 4) {
      var lying = Array(bytes.dropLast(8))
      lying[offset + 3] = 0xff
      withUnsafeBytes(of: Checksum.of(lying[...]).littleEndian) { lying.append(contentsOf: $0) }
      if let found = try? Checkpoint(lying) { try? Self.run().restore(found.state) }
    }
  }

  @Test func checkpointsOfOtherRunsAreRefused() throws {
    let checkpoint = Checkpoint(settings: [.init("seed", "4")], state: try Self.run().state)
    try checkpoint.expect([.init("seed", "4")])
    #expect(throws: TrainingError.checkpointSetting(name: "seed", found: "4", expected: "5")) {
      try checkpoint.expect([.init("seed", "5")])
    }
    #expect(throws: TrainingError.checkpointSetting(name: "batch", found: "not set", expected: "5")) {
      try checkpoint.expect([.init("batch", "5")])
    }
    let state = try Self.run(text: "dense9-3").state
    #expect(throws: TrainingError.self) { try Self.run().restore(state) }
    #expect(throws: TrainingError.self) { try Self.run(.descent()).restore(try Self.run().state) }
  }
}
