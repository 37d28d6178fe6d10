/// Whether a network is right as often as it says: of the answers given with a confidence about 0.8, 80 % should be right.
package struct Calibration: Sendable, Encodable {
  /// The answers whose confidence lies within a tenth.
  package struct Bin: Sendable, Encodable {
    /// The tenth, its upper end within.
    package let low: Double, high: Double
    package let images: Int

    /// Means over its answers; 0 where there are none.
    package let confidence: Double, accuracy: Double
  }

  /// Ten bins, 0...0.1 first.
  package let bins: [Bin]

  /// The mean difference of confidence and accuracy over all answers (Guo et al. 2017, equation 3, with ten bins).
  package let expectedError: Double

  /// The greatest difference of a bin.
  package let largestError: Double

  /// The mean confidence; above the accuracy where the network is too sure.
  package let meanConfidence: Double

  /// Sorts answers into bins.
  package init(_ judgements: [Judgement]) {
    var sums = [(images: Int, confidence: Double, right: Int)](repeating: (0, 0, 0), count: 10)
    for judgement in judgements {
      let confidence = min(max(Double(judgement.confidence), 0), 1)
      let place = min(max(Int((confidence * 10).rounded(.up)) - 1, 0), 9)
      sums[place].images += 1
      sums[place].confidence += confidence
      sums[place].right += judgement.isRight ? 1 : 0
    }
    bins = sums.enumerated().map { index, sum in
      let count = Double(max(sum.images, 1))
      return Bin(
        low: Double(index) / 10, high: Double(index + 1) / 10, images: sum.images, confidence: sum.confidence / count,
        accuracy: Double(sum.right) / count)
    }
    let total = Double(max(judgements.count, 1))
    expectedError = bins.reduce(0) { $0 + Double($1.images) / total * abs($1.confidence - $1.accuracy) }
    largestError = bins.map { abs($0.confidence - $0.accuracy) }.max() ?? 0
    meanConfidence = sums.reduce(0) { $0 + $1.confidence } / total
  }
}
