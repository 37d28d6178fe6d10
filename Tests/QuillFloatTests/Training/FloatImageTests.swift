import QuillFloat
import Testing

/// Filters by figures worked out by hand.
@Suite struct FloatImageTests {
  private static func image(_ rows: [[Float]]) -> FloatImage {
    FloatImage(height: rows.count, width: rows[0].count, channels: 1, values: rows.flatMap { $0 })
  }

  private static func near(_ found: FloatImage, _ expected: [[Float]]) -> Bool {
    zip(found.values, expected.flatMap { $0 }).allSatisfy { abs($0 - $1) < 1e-5 }
  }

  private static let dot = image([[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]])

  @Test func quarterTurn() {
    var place = ImagePlacement()
    place.rotation = 90
    var turned = Self.image([[1, 0, 0], [0.5, 0, 0], [0, 0, 0.25]])
    turned.warp(ImageWarp(place, turned))
    #expect(Self.near(turned, [[0, 0.5, 1], [0, 0, 0], [0.25, 0, 0]]), "clockwise")
  }

  @Test func movesAndScales() {
    var place = ImagePlacement()
    (place.down, place.right) = (1, 0.5)
    var moved = Self.dot
    moved.warp(ImageWarp(place, moved))
    #expect(Self.near(moved, [[0.5, 0.5, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]))
    place = ImagePlacement()
    (place.stepDown, place.stepRight) = (2, 2)
    var small = Self.image([[0, 0, 0], [0, 1, 0], [0, 0, 0.5]])
    small.warp(ImageWarp(place, small))
    #expect(Self.near(small, [[0, 0, 0], [0, 1, 0.0], [0, 0, 0.5]]))
  }

  @Test func strokesGrowAndShrink() {
    var grown = Self.dot
    grown.thicken(by: 0.5)
    #expect(Self.near(grown, [[0, 0.5, 0, 0], [0.5, 1, 0.5, 0], [0, 0.5, 0, 0]]))
    grown = Self.dot
    grown.thicken(by: 2)
    #expect(Self.near(grown, [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]))
    var shrunk = Self.image([[1, 1, 1, 1], [1, 1, 0, 1], [1, 1, 1, 1]])
    shrunk.thicken(by: -1)
    #expect(Self.near(shrunk, [[1, 1, 0, 1], [1, 0, 0, 0], [1, 1, 0, 1]]))
  }

  @Test func resolutionFalls() {
    var coarse = Self.image([[0, 1, 0, 0], [0, 0, 0, 1]])
    coarse.coarsen(to: 0.5)
    // One row of means 0.25 and 0.25, then straight lines.
    #expect(Self.near(coarse, [[0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]]))
    coarse = Self.image([[0, 0, 1, 1]])
    coarse.coarsen(to: 0.5)
    #expect(Self.near(coarse, [[0, 0.25, 0.75, 1]]))
    coarse.coarsen(to: 0)
    #expect(Self.near(coarse, [[0.5, 0.5, 0.5, 0.5]]))
  }

  @Test func blurKeepsWhatThereIs() {
    var blurred = FloatImage(height: 21, width: 25, channels: 1)
    blurred.fill(rows: 10..<11, columns: 12..<13, with: 1)
    blurred.blur(deviation: 1.5)
    #expect(abs(blurred.values.reduce(0, +) - 1) < 1e-4)
    let spread = blurred.values.enumerated().reduce(0) {
      $0 + $1.element * Float(($1.offset / 25 - 10) * ($1.offset / 25 - 10))
    }
    #expect(abs(spread - 2.25) < 0.15, "the variance along rows")
    var even = Self.image([[0.5, 0.5], [0.5, 0.5]])
    even.blur(deviation: 3)
    #expect(Self.near(even, [[0.5, 0.5], [0.5, 0.5]]))
  }

  @Test func levelsChange() {
    var image = Self.image([[0, 0.25, 1]])
    image.scaleContrast(by: 0.5, about: 0.5)
    #expect(Self.near(image, [[0.25, 0.375, 0.75]]))
    image.brighten(by: 0.5)
    #expect(Self.near(image, [[0.75, 0.875, 1]]))
    image.invert()
    #expect(Self.near(image, [[0.25, 0.125, 0]]))
    #expect(image.bytes == [64, 32, 0])
  }

  @Test func noiseHasItsDeviation() {
    var (image, random) = (FloatImage(height: 100, width: 100, channels: 1), TrainingRandom(seed: 5))
    image.brighten(by: 0.5)
    image.addNoise(deviation: 0.1, &random)
    let mean = image.values.reduce(0, +) / 10_000
    let variance = image.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000
    #expect(abs(mean - 0.5) < 0.005)
    #expect(abs(variance - 0.01) < 0.0005)
  }
}
