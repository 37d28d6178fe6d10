import QuillImaging
import Testing

@Suite struct DigitGeneratorTests {
  @Test func sequenceIsTheSpecifiedOne() {
    // The first outputs of SplitMix64 for seed 1234567, as published with the algorithm.
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.next() == 9_817_491_932_198_370_423)
  }

  @Test func samplesAreTheSameBytesOnEveryMachine() {
    var all: [UInt8] = []
    for sample in 0..<200 { all += drawn(seed: 1, sample: UInt64(sample)).image }
    #expect(checksum(all) == 3_387_610_371)
    #expect((0..<10).map { DigitGenerator(seed: 1).label(ofSample: $0) } == [9, 3, 2, 4, 7, 2, 0, 7, 0, 1])
  }

  @Test func aSampleDoesNotDependOnOthers() {
    var generator = DigitGenerator(seed: 3)
    var image = [UInt8](repeating: 0, count: 784)
    for index in 0..<5 {
      var span = image.mutableSpan
      generator.draw(4, into: &span)
      var alone = [UInt8](repeating: 0, count: 784)
      var aloneSpan = alone.mutableSpan
      DigitGenerator(seed: 3).draw(sample: UInt64(index), as: 4, into: &aloneSpan)
      #expect(image == alone)
    }
  }

  @Test func seedsAndSamplesDiffer() {
    #expect(drawn(seed: 1, sample: 0).image != drawn(seed: 1, sample: 1).image)
    #expect(drawn(seed: 1, sample: 0).image != drawn(seed: 2, sample: 0).image)
  }

  @Test func labelsAreEven() {
    var counts = [Int](repeating: 0, count: 10)
    for sample in 0..<2_000 { counts[DigitGenerator(seed: 1).label(ofSample: UInt64(sample))] += 1 }
    for count in counts { #expect(count > 150 && count < 250) }
  }

  @Test(arguments: 0..<10) func digitsAreSetAsInMNIST(label: Int) {
    for sample in 0..<40 {
      var image = [UInt8](repeating: 0, count: 784)
      var span = image.mutableSpan
      DigitGenerator(seed: 5).draw(sample: UInt64(sample), as: label, into: &span)
      var (left, right, top, bottom) = (28, 0, 28, 0)
      var (mass, momentX, momentY) = (0, 0, 0)
      for row in 0..<28 {
        for column in 0..<28 where image[row * 28 + column] > 0 {
          let weight = Int(image[row * 28 + column])
          (left, right) = (min(left, column), max(right, column))
          (top, bottom) = (min(top, row), max(bottom, row))
          (mass, momentX, momentY) = (mass + weight, momentX + weight * column, momentY + weight * row)
        }
      }
      let long = max(right - left, bottom - top) + 1
      #expect((19...22).contains(long), "label \(label) sample \(sample)")
      #expect(image.max() ?? 0 >= 150)
      // Centre of mass within half a pixel of pixel 14, as in MNIST.
      #expect(abs(2 * (momentX - 14 * mass)) <= mass + 28)
      #expect(abs(2 * (momentY - 14 * mass)) <= mass + 28)
    }
  }

  @Test func everyGlyphFitsThePathOnTheStack() {
    let points = DigitGlyphs.points
    var ways = [Int](repeating: 0, count: 10)
    var controls = 0
    for index in points.indices {
      if points[index].kind == .glyph {
        ways[Int(points[index].x)] += 1
        controls = 0
      } else {
        controls += 1
        // Eight pieces a point at most, and room for 40 points.
        #expect(controls * 8 <= 288 && controls <= 40)
        #expect((0...100).contains(points[index].x) && (0...100).contains(points[index].y))
      }
    }
    for count in ways { #expect(count >= 4) }
  }

  @Test func digitsAreClippedToTheCanvas() {
    for (x, y): (Int32, Int32) in [(-30, -30), (50, 10), (-5, 70), (500, 500)] {
      var canvas = [UInt8](repeating: 200, count: 64 * 64)
      add(to: &canvas, width: 64, height: 64, ink: 20, x: x, y: y, size: 60, sample: 1, label: 8)
      #expect(canvas.allSatisfy { $0 <= 200 })
    }
  }

  @Test func aBoxIsReportedAndInkStaysInside() {
    var canvas = [UInt8](repeating: 0, count: 200 * 150)
    var span = canvas.mutableSpan
    let box = DigitGenerator(seed: 2).draw(
      sample: 4, as: 3, onto: &span, shape: FrameShape(width: 200, height: 150),
      placement: DigitPlacement(x: 40, y: 20, size: 100, ink: 255))
    #expect(box.left >= 38 && box.right <= 143 && box.top >= 18 && box.bottom <= 123)
    #expect(box.longSide >= 98)
    for row in 0..<150 {
      for column in 0..<200 where canvas[row * 200 + column] > 0 {
        #expect(column >= Int(box.left) && column < Int(box.right) && row >= Int(box.top) && row < Int(box.bottom))
      }
    }
  }
}
