/// Whether a picture has the shape of the digit that a network names it: letters, and two digits in touch, are mostly as
/// surely some digit to a network that knows digits alone.
///
/// One layer of 16 units on 71 measures: the ink in each of 7 x 7 squares, the strokes that are met along bands of four
/// rows and of four columns, and how many rows and columns meet one, two, three or more. Trained on digits, letters and
/// touching digits by Tools/scenes/shapes. Whole numbers only; nothing is allocated.
public enum DigitShape {
  private static let side = DigitFinder.imageSide
  private static let unitCount = 16
  private static let bands = 49
  private static let counts = 63
  private static let measureCount = 71

  /// Whether a picture may be a digit.
  ///
  /// - Parameters:
  ///   - image: 784 bytes in the form of MNIST: rows of 28, light ink on black.
  ///   - digit: what the network names it, 0...9.
  public static func of(_ image: Span<UInt8>, isLike digit: Int) -> Bool {
    let measures = measure(image)
    var score: Int32 = 0
    for unit in 0..<unitCount {
      var sum = Int32(biases[digit * unitCount + unit])
      for index in 0..<measureCount { sum += measures[index] * Int32(weights[index * unitCount + unit]) }
      score += (max(sum, 0) >> 6) * Int32(unitWeights[unit])
    }
    return score >= leastScore
  }

  /// What the margin by which a network prefers a digit is worth where the shape is not that digit's.
  public static func doubted(margin: Int32) -> Int32 { min(margin, 2 * FoundDigit.leastMargin) / 2 }

  /// The measures, each 0...127.
  private static func measure(_ image: Span<UInt8>) -> InlineArray<71, Int32> {
    var result = InlineArray<71, Int32>(repeating: 0)
    var columnStrokes = InlineArray<28, Int32>(repeating: 0)
    for row in 0..<side {
      var strokes: Int32 = 0
      for column in 0..<side {
        let place = row * side + column
        result[row / 4 * 7 + column / 4] += Int32(image[place])
        guard image[place] >= 128 else { continue }
        if column == 0 || image[place - 1] < 128 { strokes += 1 }
        if row == 0 || image[place - side] < 128 { columnStrokes[column] += 1 }
      }
      count(strokes, &result, line: row, set: 0)
    }
    for column in 0..<side { count(columnStrokes[column], &result, line: column, set: 1) }
    for square in 0..<bands { result[square] >>= 5 }
    for index in bands..<measureCount { result[index] = min(result[index], 127) }
    return result
  }

  /// Counts the strokes that a line of pixels meets: `set` is 0 for rows, 1 for columns.
  private static func count(_ strokes: Int32, _ result: inout InlineArray<71, Int32>, line: Int, set: Int) {
    result[bands + 7 * set + line / 4] += 8 * strokes
    if strokes > 0 { result[counts + 4 * set + Int(min(strokes, 4)) - 1] += 4 }
  }
}
