import Foundation

/// What a network made of one labelled image.
package struct Judgement: Sendable {
  /// The image's class.
  package let label: Int

  /// The class that the network decided on.
  package let prediction: Int

  /// The probability that it gave to its decision, and the one that it gave to the image's class.
  package let confidence: Float, labelProbability: Float

  /// A judgement.
  package init(label: Int, prediction: Int, confidence: Float, labelProbability: Float) {
    self.label = label
    self.prediction = prediction
    self.confidence = confidence
    self.labelProbability = labelProbability
  }

  /// Whether the network was right.
  package var isRight: Bool { label == prediction }
}

/// How well a network names the classes of labelled images. Measures that would divide by nothing are 0, as scikit-learn
/// gives them.
package struct Evaluation: Sendable, Encodable {
  /// One class's measures.
  package struct ClassMeasures: Sendable, Encodable {
    package let name: String

    /// Images of the class, and those of them that were named rightly.
    package let images: Int, correct: Int

    /// The share of the images named so that are of the class.
    package let precision: Double

    /// The share of the class's images that were named so.
    package let recall: Double

    /// The harmonic mean of precision and recall.
    package let f1: Double

    /// The recall; absent where there are no images.
    package let accuracy: Double?
  }

  /// Means over the classes.
  package struct Average: Sendable, Encodable {
    package let precision: Double, recall: Double, f1: Double
  }

  /// A class and one that it was taken for.
  package struct Confused: Sendable, Encodable {
    package let label: String, prediction: String
    package let images: Int
  }

  package let model: String
  package let data: String
  package let split: String
  package let images: Int
  package let correct: Int
  package let accuracy: Double

  /// The mean of `-ln p` of the images' classes, p at least 1e-7 (Keras's least).
  package let loss: Double
  package let classes: [ClassMeasures]

  /// The means of the classes' measures, each class counting the same, or as its images.
  package let macroAverage: Average, weightedAverage: Average

  /// `confusion[label][prediction]`: how many images.
  package let confusion: [[Int]]

  /// The pairs of classes that were taken for each other most often, ten at most.
  package let mostConfused: [Confused]
  package let calibration: Calibration

  /// Measures judgements; labels and predictions are positions in `classNames`.
  package init(model: String, data: String, split: String, classNames: [String], judgements: [Judgement]) {
    self.model = model
    self.data = data
    self.split = split
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classNames.count), count: classNames.count)
    for judgement in judgements { confusion[judgement.label][judgement.prediction] += 1 }
    self.confusion = confusion
    images = judgements.count
    correct = judgements.count { $0.isRight }
    accuracy = Self.share(correct, images)
    let sum = judgements.reduce(0) { $0 - log(max(Double($1.labelProbability), 1e-7)) }
    loss = images == 0 ? 0 : sum / Double(images)
    let classes = classNames.enumerated().map { index, name in Self.measures(name, index, confusion) }
    self.classes = classes
    macroAverage = Self.average(classes) { _ in 1 }
    weightedAverage = Self.average(classes) { Double($0.images) }
    let pairs = classNames.indices.flatMap { label in
      classNames.indices.filter { $0 != label && confusion[label][$0] > 0 }.map { prediction in
        Confused(label: classNames[label], prediction: classNames[prediction], images: confusion[label][prediction])
      }
    }
    // Stable: pairs of the same number stay in the classes' order.
    mostConfused = Array(
      pairs.enumerated().sorted { ($1.element.images, $0.offset) < ($0.element.images, $1.offset) }.map(\.element)
        .prefix(10))
    calibration = Calibration(judgements)
  }

  private static func measures(_ name: String, _ index: Int, _ confusion: [[Int]]) -> ClassMeasures {
    let correct = confusion[index][index]
    let images = confusion[index].reduce(0, +)
    let named = confusion.reduce(0) { $0 + $1[index] }
    return ClassMeasures(
      name: name, images: images, correct: correct, precision: share(correct, named), recall: share(correct, images),
      f1: share(2 * correct, images + named), accuracy: images == 0 ? nil : share(correct, images))
  }

  private static func average(_ classes: [ClassMeasures], weight: (ClassMeasures) -> Double) -> Average {
    let total = classes.reduce(0) { $0 + weight($1) }
    func mean(_ measure: (ClassMeasures) -> Double) -> Double {
      total == 0 ? 0 : classes.reduce(0) { $0 + weight($1) * measure($1) } / total
    }
    return Average(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1))
  }

  private static func share(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}
