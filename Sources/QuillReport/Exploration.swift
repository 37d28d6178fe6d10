import Foundation
import QuillData

/// What a set of labelled images holds, and what is odd about it.
package struct Exploration: Sendable, Encodable {
  /// One part of the data.
  package struct Part: Sendable, Encodable {
    package let split: String
    package let images: Int

    /// Rows, columns and channels.
    package let shape: [Int]

    /// The least and the greatest sample, 0...255.
    package let least: Int, greatest: Int

    /// Mean and deviation of all samples as shares of 255, as `--input-range MEAN/STD` takes them.
    package let mean: Double, deviation: Double

    /// Images of each class.
    package let classes: [ClassCount]

    /// Images all of whose pixels are the same.
    package let emptyImages: [Int]

    /// Pairs of images that are the same, or nearly so.
    package let duplicates: [Pair]

    /// Labels that have no images.
    package var classesWithoutImages: [String] { classes.filter { $0.images == 0 }.map(\.name) }

    private enum CodingKeys: String, CodingKey {
      case split, images, shape, least, greatest, mean, deviation, classes, emptyImages, duplicates
    }
  }

  /// A class and its images.
  package struct ClassCount: Sendable, Encodable {
    package let name: String
    package let images: Int
  }

  /// Two images that look alike, by position.
  package struct Pair: Sendable, Encodable {
    package let first: Int, second: Int

    /// The correlation of their samples, 1 where they are the same.
    package let correlation: Double

    /// Whether their classes differ.
    package let labelsDiffer: Bool
  }

  package let data: String
  package let parts: [Part]

  /// Images to measure on that a network may have learnt: the same, or nearly so, in both parts.
  package let sharedImages: [Pair]

  /// What a user should look at, a sentence each.
  package let warnings: [String]

  /// Looks at the parts of some data, named by their splits.
  package init(data: String, _ sets: [(split: String, images: LabelledImages)]) {
    self.data = data
    parts = sets.map { Self.part($0.split, $0.images) }
    sharedImages = sets.count == 2 ? ImageLikeness.pairs(between: sets[0].images, and: sets[1].images) : []
    var warnings = parts.flatMap(Self.warnings)
    if let pair = sharedImages.first {
      warnings.append(
        "\(sets[1].split): \(Self.count(sharedImages.count, "image")) that \(sets[0].split) holds too, or nearly so, such as "
          + "\(pair.second) (there \(pair.first)); leave them out to measure")
    }
    self.warnings = warnings
  }

  private static func part(_ split: String, _ set: LabelledImages) -> Part {
    var histogram = [Int](repeating: 0, count: 256)
    for sample in set.images { histogram[Int(sample)] += 1 }
    let total = Double(max(set.images.count, 1))
    let mean = histogram.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) } / total
    let variance = histogram.enumerated().reduce(0) { sum, bin in
      sum + (Double(bin.offset) - mean) * (Double(bin.offset) - mean) * Double(bin.element)
    }
    var counts = [Int](repeating: 0, count: set.classNames.count)
    for label in set.labels { counts[label] += 1 }
    return Part(
      split: split, images: set.count, shape: [set.height, set.width, set.channels],
      least: histogram.firstIndex { $0 > 0 } ?? 0, greatest: histogram.lastIndex { $0 > 0 } ?? 0, mean: mean / 255,
      deviation: (variance / total).squareRoot() / 255,
      classes: zip(set.classNames, counts).map { ClassCount(name: $0, images: $1) },
      emptyImages: (0..<set.count).filter { index in
        let image = set.image(index)
        return image.allSatisfy { $0 == image.first }
      }, duplicates: ImageLikeness.pairs(within: set))
  }

  private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

  private static func warnings(of part: Part) -> [String] {
    var warnings: [String] = []
    let lacking = part.classesWithoutImages
    if !lacking.isEmpty {
      warnings.append(
        "\(part.split): no images of \(lacking.prefix(10).joined(separator: ", "))\(lacking.count > 10 ? ", ..." : "")")
    }
    let counts = part.classes.filter { $0.images > 0 }
    if let most = counts.max(by: { $0.images < $1.images }), let least = counts.min(by: { $0.images < $1.images }),
      most.images > 3 * least.images
    {
      warnings.append(
        "\(part.split): unbalanced: \(most.images) images of \(most.name), but \(least.images) of \(least.name); see "
          + "train --class-weights balanced")
    }
    if let first = part.emptyImages.first {
      warnings.append("\(part.split): \(count(part.emptyImages.count, "empty image")), such as \(first)")
    }
    if let pair = part.duplicates.first {
      warnings.append(
        "\(part.split): \(count(part.duplicates.count, "pair")) of images that are the same, or nearly so, such as "
          + "\(pair.first) and \(pair.second)")
    }
    let contrary = part.duplicates.filter(\.labelsDiffer)
    if let pair = contrary.first {
      warnings.append(
        "\(part.split): different labels for \(count(contrary.count, "pair")) of these, such as \(pair.first) and "
          + "\(pair.second)"
      )
    }
    if part.greatest - part.least < 64 {
      warnings.append("\(part.split): little contrast: samples lie in \(part.least)...\(part.greatest) of 0...255")
    }
    return warnings
  }
}
