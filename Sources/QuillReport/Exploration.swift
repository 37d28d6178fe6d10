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

    /// The mean difference of their samples, as a share of 255.
    package let difference: Double

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
        "\(sharedImages.count) images of \(sets[1].split) are in \(sets[0].split) too, or nearly so, such as "
          + "\(pair.first) and \(pair.second): accuracy on them says little")
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
      warnings.append("\(part.split): \(part.emptyImages.count) empty images, such as \(first)")
    }
    if let pair = part.duplicates.first {
      warnings.append(
        "\(part.split): \(part.duplicates.count) pairs of images that are the same, or nearly so, such as \(pair.first) and "
          + "\(pair.second)")
    }
    let contrary = part.duplicates.filter(\.labelsDiffer)
    if let pair = contrary.first {
      warnings.append(
        "\(part.split): \(contrary.count) of these pairs have different labels, such as \(pair.first) and \(pair.second)"
      )
    }
    if part.greatest - part.least < 64 {
      warnings.append("\(part.split): little contrast: samples lie in \(part.least)...\(part.greatest) of 0...255")
    }
    return warnings
  }
}

/// Finds images that are the same or nearly so, without comparing every one with every other.
enum ImageLikeness {
  /// Images count as alike up to this mean difference of samples, as a share of 255.
  static let limit = 0.02

  /// Coarse pictures of a side of 7 pixels, in levels of 32: alike images share one of two, whose levels begin half a step
  /// apart.
  private static func keys(_ set: LabelledImages, _ index: Int) -> [[UInt8]] {
    let coarse = set.pixelImage(index).converted(toChannels: 1).resized(width: 7, height: 7).pixels
    return [coarse.map { $0 / 32 } + [0], coarse.map { UInt8((Int($0) + 16) / 32) } + [1]]
  }

  /// Each later image that is like an earlier one, with the first of them. Empty images are left out.
  static func pairs(within set: LabelledImages) -> [Exploration.Pair] {
    var seen: [[UInt8]: [Int]] = [:]
    return (0..<set.count).compactMap { index in
      defer { for key in keys(set, index) { seen[key, default: []].append(index) } }
      return like(set, index, among: keys(set, index).flatMap { seen[$0] ?? [] }, of: set)
    }
  }

  /// Each image of the second set that is like one of the first.
  static func pairs(between first: LabelledImages, and second: LabelledImages) -> [Exploration.Pair] {
    guard first.imageByteCount == second.imageByteCount else { return [] }
    var seen: [[UInt8]: [Int]] = [:]
    for index in 0..<first.count { for key in keys(first, index) { seen[key, default: []].append(index) } }
    return (0..<second.count).compactMap { index in
      like(second, index, among: keys(second, index).flatMap { seen[$0] ?? [] }, of: first)
    }
  }

  private static func like(
    _ set: LabelledImages, _ index: Int, among others: [Int], of earlier: LabelledImages
  ) -> Exploration.Pair? {
    let image = set.image(index)
    guard !others.isEmpty, !image.allSatisfy({ $0 == image.first }) else { return nil }
    // A crowded key says little; a few of its images are enough.
    for other in others.prefix(64) {
      let sum = zip(image, earlier.image(other)).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      let difference = Double(sum) / Double(max(image.count, 1)) / 255
      if difference <= limit {
        return Exploration.Pair(
          first: other, second: index, difference: difference,
          labelsDiffer: set.classNames[set.labels[index]] != earlier.classNames[earlier.labels[other]])
      }
    }
    return nil
  }
}
