import QuillData

/// Finds images that are the same or nearly so, without comparing every one with every other.
enum ImageLikeness {
  /// Images count as alike from this correlation of samples on: one image stored twice, or compressed anew, lies above it; of
  /// MNIST's test images a single thin 1 does.
  static let limit = 0.99

  /// The most images of a key that one is compared with: a crowded key says little.
  private static let mostCompared = 256

  /// Where to look for images like this one, and where it is found: all its bytes, then a coarse picture of a side of 5
  /// pixels in levels of 48, four times, with levels that begin a quarter of a step apart.
  private static func keys(_ set: LabelledImages, _ index: Int) -> [[Int]] {
    let coarse = set.pixelImage(index).converted(toChannels: 1).resized(width: 5, height: 5).pixels
    return [[set.image(index).hashValue]]
      + (0..<4).map { shift in [shift] + coarse.map { (Int($0) + 12 * shift) / 48 } }
  }

  /// Each later image that is like an earlier one, with the first of them. Empty images are left out.
  static func pairs(within set: LabelledImages) -> [Exploration.Pair] {
    var seen: [[Int]: [Int]] = [:]
    return (0..<set.count).compactMap { index in
      let keys = keys(set, index)
      defer { for key in keys { seen[key, default: []].append(index) } }
      return like(set, index, among: keys.map { seen[$0] ?? [] }, of: set)
    }
  }

  /// Each image of the second set that is like one of the first.
  static func pairs(between first: LabelledImages, and second: LabelledImages) -> [Exploration.Pair] {
    guard first.imageByteCount == second.imageByteCount else { return [] }
    var seen: [[Int]: [Int]] = [:]
    for index in 0..<first.count { for key in keys(first, index) { seen[key, default: []].append(index) } }
    return (0..<second.count).compactMap { index in
      like(second, index, among: keys(second, index).map { seen[$0] ?? [] }, of: first)
    }
  }

  private static func like(
    _ set: LabelledImages, _ index: Int, among lists: [[Int]], of earlier: LabelledImages
  ) -> Exploration.Pair? {
    let image = set.image(index)
    guard !lists.allSatisfy(\.isEmpty), !image.allSatisfy({ $0 == image.first }) else { return nil }
    var compared: Set<Int> = []
    for other in lists.joined() where compared.count < mostCompared && compared.insert(other).inserted {
      let correlation = correlation(image, earlier.image(other))
      if correlation >= limit {
        return Exploration.Pair(
          first: other, second: index, correlation: correlation,
          labelsDiffer: set.classNames[set.labels[index]] != earlier.classNames[earlier.labels[other]])
      }
    }
    return nil
  }

  /// Pearson's correlation of two images' samples, -1...1; 0 where one of them is empty.
  private static func correlation(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Double {
    var (leftSum, rightSum, leftSquares, rightSquares, products) = (0, 0, 0, 0, 0)
    for (a, b) in zip(left, right) {
      let (a, b) = (Int(a), Int(b))
      (leftSum, rightSum) = (leftSum + a, rightSum + b)
      (leftSquares, rightSquares, products) = (leftSquares + a * a, rightSquares + b * b, products + a * b)
    }
    let count = Double(max(left.count, 1))
    func moment(_ sum: Int, _ first: Int, _ second: Int) -> Double {
      Double(sum) / count - Double(first) / count * Double(second) / count
    }
    let scale = (moment(leftSquares, leftSum, leftSum) * moment(rightSquares, rightSum, rightSum)).squareRoot()
    return scale > 0 ? moment(products, leftSum, rightSum) / scale : 0
  }
}
