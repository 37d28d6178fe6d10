import QuillImaging
import Testing

@Suite struct DigitShapeTests {
  /// Pictures of the generator that have the shape of `digit(label)`, of 360.
  private func accepted(_ script: DrawnScript, labels: Range<Int>, as digit: (Int) -> Int) -> Int {
    var generator = DigitGenerator(seed: 4_242, script: script)
    var image = [UInt8](repeating: 0, count: 784)
    var count = 0
    for index in 0..<360 {
      let label = labels.lowerBound + index % labels.count
      var span = image.mutableSpan
      generator.draw(label, into: &span)
      if DigitShape.of(image.span, isLike: digit(label)) { count += 1 }
    }
    return count
  }

  @Test func digitsHaveTheirShape() {
    #expect(accepted(.digits, labels: 0..<10) { $0 } >= 356)
  }

  @Test func lettersHaveAnother() {
    // A for 4, H for 4, M for 4, W for 6, X for 8, E for 6, K for 4, R for 8, each with a sure network.
    for (letter, digit) in [(10, 4), (17, 4), (22, 4), (32, 6), (33, 8), (14, 6), (20, 4), (27, 8)] {
      #expect(accepted(.digitsAndLetters, labels: letter..<(letter + 1)) { _ in digit } <= 80, "letter \(letter)")
    }
  }

  @Test func doubtLowersEveryMargin() {
    #expect(DigitShape.doubted(margin: 100_000) == FoundDigit.leastMargin)
    #expect(DigitShape.doubted(margin: 512) == 256)
  }
}
