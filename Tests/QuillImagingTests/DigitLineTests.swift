import QuillImaging
import Testing

@Suite struct DigitLineTests {
  @Test func digitsAreFoundFromLeftToRight() throws {
    var picture = [UInt8](repeating: 220, count: 400 * 120)
    let lefts: [Int32] = [20, 110, 200, 290]
    for (index, left) in lefts.enumerated() {
      add(
        to: &picture, width: 400, height: 120, ink: 30, x: left, y: 24, size: 70, sample: UInt64(index + 20),
        label: [3, 0, 6, 8][index])
    }
    var finder = try DigitFinder(mostWidth: 400, mostHeight: 120)
    #expect(try finder.findAll(in: picture.span, shape: FrameShape(width: 400, height: 120)) == 4)
    for index in 0..<4 {
      let box = finder.digit(index).box
      #expect(box.left >= lefts[index] - 3 && box.right <= lefts[index] + 74)
      var image = [UInt8](repeating: 0, count: 784)
      var span = image.mutableSpan
      try finder.copyImage(ofDigit: index, into: &span)
      let alone = try find(
        frame(
          width: 400, height: 120, paper: 220, ink: 30, x: lefts[index], y: 24, size: 70, sample: UInt64(index + 20),
          label: [3, 0, 6, 8][index]), width: 400, height: 120)
      // Alone, the digit is first looked for in less detail.
      #expect(difference(image, alone.image) <= 12)
    }
  }

  @Test func digitsInTouchArePartedAndCalledUnsure() throws {
    var picture = [UInt8](repeating: 220, count: 300 * 120)
    for left: Int32 in [40, 88] {
      add(to: &picture, width: 300, height: 120, ink: 30, x: left, y: 24, size: 70, sample: 40, label: 0)
    }
    var finder = try DigitFinder(mostWidth: 300, mostHeight: 120)
    let count = try finder.findAll(in: picture.span, shape: FrameShape(width: 300, height: 120))
    #expect(count == 2)
  }

  @Test func rowsAreReadFromTheTop() throws {
    var picture = [UInt8](repeating: 220, count: 400 * 300)
    // The rows lean by a third of a digit.
    for (index, place) in [(200, 40), (30, 20), (115, 30), (60, 190), (230, 170)].enumerated() {
      add(
        to: &picture, width: 400, height: 300, ink: 30, x: Int32(place.0), y: Int32(place.1), size: 66,
        sample: UInt64(index + 3), label: index + 2)
    }
    var finder = try DigitFinder(mostWidth: 400, mostHeight: 300)
    #expect(try finder.findAll(in: picture.span, shape: FrameShape(width: 400, height: 300)) == 5)
    #expect((0..<5).map { finder.digit($0).row } == [0, 0, 0, 1, 1])
    for index in 1..<5 where finder.digit(index).row == finder.digit(index - 1).row {
      #expect(finder.digit(index).box.left > finder.digit(index - 1).box.right - 4)
    }
  }

  /// Knows zeros by their width: neither two in one nor a half.
  private struct PairJudge: DigitJudge {
    var asked = 0

    mutating func rate(_ image: Span<UInt8>) -> Int32 {
      asked += 1
      var columns = 0
      for column in 0..<28 {
        var isInked = false
        for row in 0..<28 { isInked = isInked || image[row * 28 + column] > 64 }
        if isInked { columns += 1 }
      }
      return columns >= 11 && columns <= 17 ? 4_000 : 100
    }
  }

  @Test func theJudgeSaysWhereToPart() throws {
    var picture = [UInt8](repeating: 220, count: 300 * 120)
    for left: Int32 in [40, 84] {
      add(to: &picture, width: 300, height: 120, ink: 30, x: left, y: 24, size: 70, sample: 40, label: 0)
    }
    var finder = try DigitFinder(mostWidth: 300, mostHeight: 120)
    var judge = PairJudge()
    let count = try finder.findAll(in: picture.span, shape: FrameShape(width: 300, height: 120), judge: &judge)
    #expect(count == 2)
    #expect(judge.asked > 2 && judge.asked <= 60)
    #expect(finder.digit(0).box.right <= finder.digit(1).box.left + 12)
    #expect(finder.digit(0).quality >= FoundDigit.unsureQuality)
  }

  /// Three drawn digits in a row, each 70 high.
  private var threeDigits: [UInt8] {
    var picture = [UInt8](repeating: 220, count: 480 * 240)
    for (index, left) in [Int32(20), 110, 200].enumerated() {
      add(
        to: &picture, width: 480, height: 240, ink: 30, x: left, y: 80, size: 70, sample: UInt64(index + 20),
        label: [3, 0, 6][index])
    }
    return picture
  }

  @Test(arguments: [26, 31])
  func aDigitLeftOutForItsSizeMakesTheNumberUnsure(size: Int32) throws {
    var picture = threeDigits
    let shape = FrameShape(width: 480, height: 240)
    var judge = ContentJudge()
    var finder = try DigitFinder(mostWidth: 480, mostHeight: 240)
    #expect(try finder.findAll(in: picture.span, shape: shape, judge: &judge) == 3)
    for index in 0..<3 { #expect(finder.digit(index).quality >= FoundDigit.unsureQuality) }
    add(to: &picture, width: 480, height: 240, ink: 30, x: 310, y: 50, size: size, sample: 23, label: 8)
    #expect(try finder.findAll(in: picture.span, shape: shape, judge: &judge) == 3)
    // Only the one nearest to what is missing.
    #expect((0..<3).map { finder.digit($0).quality < FoundDigit.unsureQuality } == [false, false, true])
  }

  @Test func specksBesideANumberAreNoDigits() throws {
    var picture = threeDigits
    var judge = ContentJudge()
    // A full stop and a dash.
    for row in 140..<150 { for column in 290..<300 { picture[row * 480 + column] = 30 } }
    for row in 112..<118 { for column in 330..<370 { picture[row * 480 + column] = 30 } }
    var finder = try DigitFinder(mostWidth: 480, mostHeight: 240)
    #expect(try finder.findAll(in: picture.span, shape: FrameShape(width: 480, height: 240), judge: &judge) == 3)
    for index in 0..<3 { #expect(finder.digit(index).quality >= FoundDigit.unsureQuality) }
  }

  @Test func aColumnThatShrinksIsReadToItsEnd() throws {
    var picture = [UInt8](repeating: 220, count: 240 * 480)
    let sizes: [Int32] = [110, 86, 66, 48, 38]
    var top: Int32 = 10
    for (index, size) in sizes.enumerated() {
      add(
        to: &picture, width: 240, height: 480, ink: 30, x: 120 - size / 2, y: top, size: size,
        sample: UInt64(index + 20), label: [3, 0, 6, 8, 2][index])
      top += size + 20
    }
    var finder = try DigitFinder(mostWidth: 240, mostHeight: 480)
    #expect(try finder.findAll(in: picture.span, shape: FrameShape(width: 240, height: 480)) == 5)
    #expect((0..<5).map { finder.digit($0).row } == [0, 1, 2, 3, 4])
  }

  /// Two drawn digits above one another with a gap of `gap` pixels.
  private func column(gap: Int32) -> [UInt8] {
    var picture = [UInt8](repeating: 220, count: 240 * 240)
    for (index, label) in [3, 8].enumerated() {
      add(
        to: &picture, width: 240, height: 240, ink: 30, x: 85, y: 30 + Int32(index) * (70 + gap), size: 70,
        sample: UInt64(index + 20), label: label)
    }
    return picture
  }

  @Test(arguments: [3, 6, 9]) func digitsCloseAboveOneAnotherAreTwo(gap: Int32) throws {
    var finder = try DigitFinder(mostWidth: 240, mostHeight: 240)
    let picture = column(gap: gap)
    #expect(try finder.findAll(in: picture.span, shape: FrameShape(width: 240, height: 240)) == 2)
    #expect((0..<2).map { finder.digit($0).row } == [0, 1])
    #expect((0..<2).allSatisfy { abs(finder.digit($0).box.height - 70) <= 6 })
  }

  /// Is surer of wide pictures, or of narrow ones.
  private struct WidthJudge: DigitJudge {
    let likesWide: Bool

    mutating func rate(_ image: Span<UInt8>) -> Int32 {
      let columns = (0..<28).count { column in (0..<28).contains { row in image[row * 28 + column] >= 64 } }
      return likesWide == (columns >= 14) ? 9_000 : 3_000
    }
  }

  @Test("the judge says whether two rings are one digit", arguments: [true, false]) func rings(likesWide: Bool) throws {
    var picture = [UInt8](repeating: 220, count: 240 * 240)
    for top in [40, 114] {
      for row in 0..<70 {
        for column in 0..<70 where min(row, column, 69 - row, 69 - column) < 9 {
          picture[(top + row) * 240 + 80 + column] = 30
        }
      }
    }
    var judge = WidthJudge(likesWide: likesWide)
    var finder = try DigitFinder(mostWidth: 240, mostHeight: 240)
    let count = try finder.findAll(in: picture.span, shape: FrameShape(width: 240, height: 240), judge: &judge)
    #expect(count == (likesWide ? 2 : 1))
  }

  @Test func anEmptyPictureHasNoDigits() throws {
    var finder = try DigitFinder(mostWidth: 300, mostHeight: 120)
    let picture = [UInt8](repeating: 220, count: 300 * 120)
    #expect(try finder.findAll(in: picture.span, shape: FrameShape(width: 300, height: 120)) == 0)
    #expect(finder.count == 0)
  }
}
