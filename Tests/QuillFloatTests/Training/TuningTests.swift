import QuillFloat
import Testing

/// Spaces in words, what is drawn from them, and who goes on.
struct TuningTests {
  @Test func spacesAreRead() throws {
    let space = try TuneSpace(text: "filters=4 dense=8,16 rate=0.01..0.02 batch=5 activation=tanh dropout=0 norm=off")
    #expect(space.text == "filters=4 dense=8,16 rate=0.01..0.02 batch=5 activation=tanh dropout=0.0 norm=off")
    #expect(try TuneSpace(text: space.text) == space)
    #expect(try TuneSpace(text: "") == TuneSpace())
    let trial = space.trial(0, seed: 1)
    #expect(
      trial.network == "conv4x3:tanh-pool-conv8x3:tanh-pool-dense8:tanh-classes"
        || trial.network == "conv4x3:tanh-pool-conv8x3:tanh-pool-dense16:tanh-classes")
    #expect((0.01...0.02).contains(trial.rate))
    #expect(trial.batchSize == 5)
  }

  @Test(arguments: [
    "filters", "filters=", "filters=0", "filters=4,x", "rate=0..1", "rate=2..1", "dropout=1", "norm=yes", "depth=3",
  ])
  func whatIsNoChoiceIsNamed(part: String) {
    let sentence =
      "'\(part)' is no choice; expected filters=8,16, dense=32,64, rate=0.001..0.01, batch=32,64, "
      + "activation=relu,tanh, dropout=0,0.5 or norm=on,off, with blanks between"
    #expect { try TuneSpace(text: part) } throws: { "\($0)" == sentence }
  }

  /// Every choice comes, each trial is its own, and all describe networks.
  @Test func trialsCoverTheSpace() throws {
    let space = TuneSpace()
    let trials = (0..<200).map { space.trial($0, seed: 3) }
    #expect(trials == (0..<200).map { space.trial($0, seed: 3) })
    #expect(trials != (0..<200).map { space.trial($0, seed: 4) })
    #expect(Set(trials.map(\.batchSize)) == Set(space.batch))
    for word in ["conv8x3", "conv64x3", "dense128", ":norm", ":hardswish", "drop0.5"] {
      let count = trials.count { $0.network.contains(word) }
      #expect((20...180).contains(count), "\(word): \(count)")
    }
    #expect(trials.count { $0.rate < 0.001732 } > 70)
    #expect(trials.count { $0.rate > 0.001732 } > 70)
    for trial in trials.prefix(20) {
      _ = try NetworkDescription(text: trial.network, inputShape: [28, 28, 1], classCount: 10)
    }
  }

  @Test(arguments: [
    (18, 9, ["18 1", "6 3", "2 9"]), (1, 5, ["1 5"]), (2, 5, ["2 1", "1 5"]), (9, 1, ["9 1"]),
    (100, 81, ["100 1", "34 3", "12 9", "4 27", "2 81"]),
  ])
  func roundsHalve(trials: Int, epochs: Int, expected: [String]) {
    let rounds = SuccessiveHalving(trialCount: trials, epochCount: epochs).rounds
    #expect(rounds.map { "\($0.trialCount) \($0.epochCount)" } == expected)
  }

  @Test func theBestGoFirst() {
    let results = [
      0: BatchResult(loss: 0.5, correctCount: 8, sampleCount: 10),
      1: BatchResult(loss: 0.4, correctCount: 8, sampleCount: 10),
      2: BatchResult(loss: 0.9, correctCount: 9, sampleCount: 10),
      3: BatchResult(loss: 0.4, correctCount: 8, sampleCount: 10),
    ]
    #expect(SuccessiveHalving.ranked(results) == [2, 1, 3, 0])
  }
}
