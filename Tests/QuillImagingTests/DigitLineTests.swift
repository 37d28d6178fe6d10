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
      #expect(image == alone.image)
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

  @Test func anEmptyPictureHasNoDigits() throws {
    var finder = try DigitFinder(mostWidth: 300, mostHeight: 120)
    let picture = [UInt8](repeating: 220, count: 300 * 120)
    #expect(try finder.findAll(in: picture.span, shape: FrameShape(width: 300, height: 120)) == 0)
    #expect(finder.count == 0)
  }
}
