import Foundation
import QuillData

/// The range of pixels that a network is calibrated with, and how it was found.
struct RangeChoice: Encodable {
  /// Where the range comes from.
  enum Source: String, Encodable {
    /// The user said so.
    case given

    /// The file says so, or the network's first layers scale bytes.
    case network

    /// It was among the best on labelled images.
    case ranked

    /// Nothing says otherwise.
    case assumed
  }

  /// A plausible range, and how often the float network is right with it.
  struct Score: Encodable {
    let range: InputRange
    let correct: Int
    let images: Int

    /// The ends of the 95 % interval of the accuracy (Wilson 1927).
    let low: Double
    let high: Double

    init(_ range: InputRange, correct: Int, images: Int) {
      self.range = range
      self.correct = correct
      self.images = images
      let (count, z) = (Double(max(images, 1)), 1.959_963_984_540_054)
      let share = Double(correct) / count
      let centre = (share + z * z / (2 * count)) / (1 + z * z / count)
      let half = z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
      low = max(0, centre - half)
      high = min(1, centre + half)
    }

    var accuracy: Double { Double(correct) / Double(max(images, 1)) }

    /// `0..1 (96.40 %, 94.37...97.71)`.
    var text: String {
      String(format: "%@ (%.1f %%, %.1f...%.1f)", range.text, accuracy * 100, low * 100, high * 100)
    }
  }

  let range: InputRange
  let source: Source

  /// The ranges that were tried, best first; empty where none was.
  let scores: [Score]

  /// Whether the network is surely wrong too often under every range that was tried.
  let isPoor: Bool

  /// An accuracy that a network is expected to reach on images of its own kind, by its number of classes: below it
  /// something else than the network is wrong. Trained classifiers of ten classes pass 0.65 by far, those of a thousand
  /// (ImageNet) 0.35.
  private static func expectedAccuracy(classCount: Int) -> Double { classCount <= 20 ? 0.65 : 0.35 }

  /// The most images that are tried, and the most products that trying may take.
  private static let mostImages = 500
  private static let mostProducts = 20_000_000_000

  /// The choice for a network and its calibration data; `nil` where the data is arrays, which are what the network
  /// takes.
  init?(given: InputRange?, _ network: FloatNetwork, _ samples: CalibrationSamples, threadCount: Int) throws {
    guard let images = samples.images else { return nil }
    if let given {
      self.init(range: given, source: .given, scores: [])
    } else if let stated = network.statedRange {
      self.init(range: stated, source: .network, scores: [])
    } else if Set(images.labels).count < 2 || !network.facts.answersClasses {
      // Pictures of one class, or without any, say nothing of a range; a network that answers a picture is never right.
      self.init(range: .unit, source: .assumed, scores: [])
    } else {
      self.init(
        scores: try Self.scores(network, images, threadCount), classCount: network.facts.outputTensors.first?.count ?? 2
      )
    }
  }

  private init(range: InputRange, source: Source, scores: [Score], isPoor: Bool = false) {
    self.range = range
    self.source = source
    self.scores = scores
    self.isPoor = isPoor
  }

  /// The choice among scored ranges: 0...1 where it is among the best, else the best.
  init(scores: [Score], classCount: Int) {
    let order = scores.enumerated().sorted {
      $0.element.correct != $1.element.correct
        ? $0.element.correct > $1.element.correct : $0.offset < $1.offset
    }.map(\.element)
    let unit = Self.best(of: order).first { $0.range == .unit }
    let isPoor = order.allSatisfy { $0.high < Self.expectedAccuracy(classCount: classCount) }
    self.init(range: (unit ?? order.first)?.range ?? .unit, source: .ranked, scores: order, isPoor: isPoor)
  }

  /// Whether the range is another than what is assumed where nothing is said or given.
  var isNews: Bool { source != .given && range != .unit }

  /// The scores whose intervals meet the best one's: on these images they cannot be told apart.
  private static func best(of order: [Score]) -> [Score] {
    guard let first = order.first else { return [] }
    return order.filter { $0.high >= first.low }
  }

  private static func scores(_ network: FloatNetwork, _ all: LabelledImages, _ threadCount: Int) throws -> [Score] {
    let ranges = InputRange.plausible(forDigits: network.facts.inputTensors.first?.count == 28 * 28)
    let affordable = mostProducts / (ranges.count * max(network.facts.multiplyAccumulateCount, 1))
    let images = all.sample(count: max(1, min(mostImages, affordable)), seed: 1)
    let silent = ProgressBar("", total: 1, console: Console(isQuiet: true))
    return try ranges.map { range in
      let classifier = try ImageClassifier(.float(network), inputRange: range, threadCount: threadCount)
      let answers = classifier.classify(images, progress: silent)
      let correct = zip(answers, images.labels).count { $0.classIndex == $1 }
      return Score(range, correct: correct, images: images.count)
    }
  }
}

extension RangeChoice {
  /// What the user is told, in one line; `nil` where there is nothing to say.
  var remark: String? {
    switch source {
    case .given, .assumed: nil
    case .network:
      range == .unit ? nil : "input range \(range.text), which the network itself tells; --input-range sets another"
    case .ranked: isPoor ? poorRemark : rankingRemark
    }
  }

  /// What was taken and why, unless 0...1 alone is the best.
  private var rankingRemark: String? {
    let best = Self.best(of: scores)
    guard let taken = scores.first(where: { $0.range == range }) else { return nil }
    // MNIST's mean and deviation are near to 0...1: they are its rival where they are right as often.
    let rivals = best.filter { score in
      score.range != range && (score.range != .mnist || range != .unit || score.correct >= taken.correct)
    }.map(\.text).joined(separator: ", ")
    if rivals.isEmpty && range == .unit { return nil }
    let data = "\(taken.images) calibration images"
    let reason = rivals.isEmpty ? "the best on \(data)" : "which \(data) cannot tell from \(rivals)"
    let advice =
      range == .unit
      ? "--input-range sets another"
      : "give evaluate and classify --input-range \(range.text) with the float network too"
    return "took input range \(taken.text), \(reason); \(advice)"
  }

  /// A loud word where the network is too often wrong whatever it is fed.
  private var poorRemark: String? {
    guard let first = scores.first else { return nil }
    return "WARNING: the float network is wrong too often on its calibration images under every input range tried, "
      + "at best \(first.text); took \(range.text): set --input-range to what it was trained on, and check the "
      + "images' polarity, the order of classes, and that the data is of its kind"
  }
}

extension InputRange: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension NetworkFacts {
  /// Whether the network may be a classifier: it answers one row of numbers, and not as many as it takes.
  fileprivate var answersClasses: Bool {
    guard outputs.count == 1, let output = outputTensors.first, let input = inputTensors.first else { return false }
    return output.shape.count { $0 > 1 } <= 1 && output.count != input.count
  }
}
