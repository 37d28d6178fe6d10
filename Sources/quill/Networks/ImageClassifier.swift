import Foundation
import Quill
import QuillData
import QuillFloat

/// A network of one image input that answers one score a class, or of two classes the second one's alone.
struct ImageClassifier: Sendable {
  /// What a network makes of an image.
  struct Answer: Sendable {
    /// The class it decides on.
    let classIndex: Int

    /// One probability a class.
    let probabilities: [Float]

    /// How far the class is ahead of the next, in logits; the logarithm of how many times as likely it is.
    let margin: Float
  }

  let network: AnyNetwork
  let layout: ImageLayout
  let classCount: Int

  /// Whether the network answers one number.
  let hasOneOutput: Bool

  /// Whether that number is a probability.
  private let answersProbability: Bool

  /// What pixels 0 and 255 stand for to a float network.
  let inputRange: InputRange

  /// How many images are worked on at a time.
  let threadCount: Int

  /// - Parameters:
  ///   - inputRange: what pixels 0 and 255 stand for to a float network; `nil` for what the network tells, else 0...1.
  ///     A `.quill` file says so itself.
  ///   - threadCount: how many images are worked on at a time; answers do not depend on it.
  /// - Throws: `ToolError` where the network takes no image or answers no classes.
  init(_ network: AnyNetwork, inputRange: InputRange?, threadCount: Int = Parallel.threadCount) throws {
    let facts = network.facts
    if case .quantized = network, inputRange != nil {
      throw UsageError.optionUnfit(
        option: "--input-range", reason: "\(facts.path) carries its own; it was set by convert")
    }
    guard facts.inputs.count == 1 else { throw ToolError.severalInputs(path: facts.path, count: facts.inputs.count) }
    guard let layout = ImageLayout(shape: facts.inputTensors[0].shape) else {
      throw ToolError.notAnImageNetwork(path: facts.path, shape: facts.inputTensors[0].shape)
    }
    self.network = network
    self.layout = layout
    self.threadCount = threadCount
    self.inputRange = inputRange ?? network.statedRange ?? .unit
    let outputCount = facts.outputTensors.first?.count ?? 0
    guard outputCount >= 1 else { throw ToolError.notAClassifier(path: facts.path, outputs: outputCount) }
    hasOneOutput = outputCount == 1
    answersProbability = hasOneOutput && network.answersProbability
    classCount = max(2, outputCount)
  }

  /// Classifies images of the layout's size on several threads; answers in the images' order.
  func classify(_ images: LabelledImages, progress: ProgressBar) -> [Answer] {
    let layout = self.layout
    switch network {
    case .float(let network):
      let table = inputRange.table
      return network.program.mapSamples(count: images.count, threadCount: threadCount) { engine, sample in
        let input = layout.input(images.image(sample), shape: network.facts.inputTensors[0].shape, table: table)
        let scores = engine.run([input])[0].values
        progress.advance()
        let probabilities =
          hasOneOutput ? Scores.ofTwo(scores[0], isProbability: answersProbability) : Scores.probabilities(scores)
        return Answer(
          classIndex: Scores.indexOfLargest(hasOneOutput ? probabilities : scores), probabilities: probabilities,
          margin: Scores.margin(of: probabilities))
      }
    case .quantized(let network):
      return Parallel.map(count: images.count, threadCount: threadCount) { next in
        var engine = Engine(for: network.model, level: network.level)
        var answers: [(Int, Answer)] = []
        while let range = next() {
          for sample in range {
            engine.setPixels(network.ordered(layout.arranged(images.image(sample))).span, of: network.model)
            engine.run(network.model)
            answers.append((sample, hasOneOutput ? answerOfTwo(network, engine) : network.answer(of: engine)))
            progress.advance()
          }
        }
        return answers
      }
    }
  }

  /// The decision of the engine's last run, where it is one number.
  private func answerOfTwo(_ network: QuantizedNetwork, _ engine: borrowing Engine) -> Answer {
    let value = engine.outputValue(0, of: network.model)
    let probabilities = Scores.ofTwo(network.facts.outputTensors[0].real(value), isProbability: answersProbability)
    return Answer(
      classIndex: Scores.indexOfLargest(probabilities), probabilities: probabilities,
      margin: Scores.margin(of: probabilities))
  }
}

extension QuantizedNetwork {
  /// Samples of RGB pixels in the file's order of channels.
  fileprivate func ordered(_ samples: [UInt8]) -> [UInt8] {
    guard model.preprocessing?.channelOrder == .blueGreenRed else { return samples }
    return samples.indices.map { samples[$0 - $0 % 3 + 2 - $0 % 3] }
  }

  /// The decision and the probabilities of the engine's last run.
  fileprivate func answer(of engine: borrowing Engine) -> ImageClassifier.Answer {
    let output = values(of: model.outputTensor(), in: engine)
    let scores = output.map { facts.outputTensors[0].real($0) }
    let probabilities =
      switch model.outputMeaning {
      case .probabilities: scores
      case .logits: Scores.softmax(scores)
      case .values: Scores.probabilities(scores)
      }
    return ImageClassifier.Answer(
      classIndex: engine.decision(of: model) ?? Scores.indexOfLargest(scores), probabilities: probabilities,
      margin: engine.decisionMargin(of: model).map { Float($0) / 256 } ?? Scores.margin(of: probabilities))
  }
}

/// What a classifier's scores say.
enum Scores {
  /// The position of the largest score, the first among equals.
  static func indexOfLargest(_ scores: [Float]) -> Int {
    scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
  }

  /// Probabilities as they are, of all classes together or, from sigmoids, of each by itself; of logarithms, their
  /// exponentials; of any other scores, their softmax.
  static func probabilities(_ scores: [Float]) -> [Float] {
    scores.allSatisfy { (0...1).contains($0) } ? scores : softmax(scores)
  }

  /// How far the best class is ahead of the next in what entered the softmax, or the sigmoids where the probabilities do
  /// not add up to 1; at most 80.
  static func margin(of probabilities: [Float]) -> Float {
    let tolerance: Float = 0.01
    let areOfAll = abs(probabilities.reduce(0, +) - 1) < tolerance
    let falling = probabilities.sorted(by: >)
    guard falling.count > 1, falling[1] > 0 else { return 80 }
    let odds = falling.prefix(2).map { Double($0) / (areOfAll ? 1 : max(1 - Double($0), 1e-35)) }
    return min(80, Float(log(odds[0] / odds[1])))
  }

  /// `exp(x) / sum(exp(x))`, which leaves the exponentials of log-probabilities as they are.
  static func softmax(_ scores: [Float]) -> [Float] {
    let largest = scores.max() ?? 0
    let powers = scores.map { FixedMath.exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}

extension ImageClassifier {
  /// Classifies one picture of the layout's size.
  func classify(_ image: PixelImage) -> Answer {
    let batch = LabelledImages(
      images: image.pixels, height: layout.height, width: layout.width, channels: layout.channels, labels: [0],
      classNames: [""])
    return classify(batch, progress: ProgressBar("", total: 0, console: Console(isQuiet: true)))[0]
  }
}
