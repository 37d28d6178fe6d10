import QuillFloat
import Testing

/// Damaged images.
@Suite struct CorruptionTests {
  private static func image(channels: Int = 1) -> FloatImage {
    var image = FloatImage(height: 28, width: 28, channels: channels)
    image.fill(rows: 5..<23, columns: 12..<16, with: 1)
    image.fill(rows: 12..<15, columns: 6..<22, with: 0.8)
    return image
  }

  private static func distance(_ corruption: Corruption, _ strength: Int) -> Float {
    (0..<12).reduce(0) { sum, sample in
      var damaged = image()
      corruption.apply(strength: strength, to: &damaged, sample: sample)
      return sum + zip(damaged.values, image().values).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
  }

  @Test(arguments: Corruption.allCases) func strongerIsFartherAway(corruption: Corruption) {
    let distances = Corruption.strengths.map { Self.distance(corruption, $0) }
    #expect(distances[0] > 20)
    #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 }, "\(distances)")
  }

  @Test(arguments: Corruption.allCases) func theSameForEveryOneAndWithinBlackAndWhite(corruption: Corruption) {
    var (first, second, other) = (Self.image(), Self.image(), Self.image())
    corruption.apply(strength: 4, to: &first, sample: 3)
    corruption.apply(strength: 4, to: &second, sample: 3)
    corruption.apply(strength: 4, to: &other, sample: 4)
    #expect(first == second)
    #expect(first.values.allSatisfy { (0...1).contains($0) })
    let isDrawn = ![.blur, .contrast, .brightness, .resolution].contains(corruption)
    #expect(
      !isDrawn
        || (5..<60).contains { sample in
          var another = Self.image()
          corruption.apply(strength: 4, to: &another, sample: sample)
          return another != first
        })
  }

  @Test(arguments: Corruption.allCases.filter { $0 != .noise }) func channelsAreDamagedAlike(corruption: Corruption) {
    var (grey, colour) = (Self.image(), Self.image(channels: 3))
    corruption.apply(strength: 3, to: &grey, sample: 1)
    corruption.apply(strength: 3, to: &colour, sample: 1)
    let difference = zip(colour.values, grey.values.flatMap { [$0, $0, $0] }).map { abs($0 - $1) }.max() ?? 1
    #expect(difference < 1e-5)
  }
}
