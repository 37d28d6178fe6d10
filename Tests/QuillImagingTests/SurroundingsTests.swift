import QuillImaging
import Testing

/// What lies about a digit: the box of a form, a coloured note, the end of a sheet, noise.
@Suite struct SurroundingsTests {
  private let width = 640
  private let height = 480

  private func fill(_ picture: inout [UInt8], _ box: PixelBox, _ level: UInt8) {
    for row in Int(box.top)..<Int(box.bottom) {
      for column in Int(box.left)..<Int(box.right) { picture[row * width + column] = level }
    }
  }

  @Test("a digit in a form's box is found, not the box", arguments: [0, 2, 5, 8]) func boxed(label: Int) throws {
    var picture = [UInt8](repeating: 220, count: width * height)
    fill(&picture, PixelBox(left: 200, top: 120, right: 420, bottom: 340), 70)
    fill(&picture, PixelBox(left: 203, top: 123, right: 417, bottom: 337), 220)
    add(to: &picture, width: width, height: height, ink: 40, x: 250, y: 170, size: 120, sample: 2, label: label)
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(abs(digit.box.height - 120) <= 8)
    #expect(digit.quality >= FoundDigit.unsureQuality)
  }

  @Test("a digit on a light note is found, not the note", arguments: [2, 3, 7]) func note(label: Int) throws {
    var picture = [UInt8](repeating: 80, count: width * height)
    var random = SplitMix64(seed: 11, item: 0)
    for place in picture.indices { picture[place] = UInt8(70 + random.uniform(0, 24)) }
    fill(&picture, PixelBox(left: 220, top: 90, right: 460, bottom: 330), 190)
    add(to: &picture, width: width, height: height, ink: 30, x: 270, y: 140, size: 130, sample: 2, label: label)
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(digit.polarity == .darkOnLight && abs(digit.box.height - 130) <= 10)
  }

  @Test("a stroke is surely a digit on paper, and not amid things that are lighter", arguments: [false, true])
  func amidLighterThings(hasThings: Bool) throws {
    var picture = [UInt8](repeating: 140, count: width * height)
    for top in stride(from: Int32(10), to: 460, by: 40) where hasThings {
      for left in stride(from: Int32(10), to: 620, by: 40) {
        fill(&picture, PixelBox(left: left, top: top, right: left + 14, bottom: top + 14), 255)
      }
    }
    fill(&picture, PixelBox(left: 310, top: 165, right: 330, bottom: 315), 140)
    fill(&picture, PixelBox(left: 312, top: 165, right: 328, bottom: 315), 30)
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(abs(digit.box.height - 150) <= 4 && digit.polarity == .darkOnLight)
    #expect((digit.quality >= FoundDigit.unsureQuality) == !hasThings)
  }

  /// A light sheet, leaning, on a dark table.
  private var sheetOnTable: [UInt8] {
    var picture = [UInt8](repeating: 60, count: width * height)
    var random = SplitMix64(seed: 13, item: 0)
    for place in picture.indices { picture[place] = UInt8(50 + random.uniform(0, 20)) }
    for row in 60..<420 {
      let lean = Int32(row / 12)
      fill(&picture, PixelBox(left: 100 + lean, top: Int32(row), right: 500 + lean, bottom: Int32(row + 1)), 205)
    }
    return picture
  }

  @Test("small writing on a sheet that lies whole in the picture is found", arguments: [0, 2, 3, 9])
  func smallOnASheet(label: Int) throws {
    var picture = sheetOnTable
    add(to: &picture, width: width, height: height, ink: 50, x: 330, y: 150, size: 64, sample: 2, label: label)
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(digit.polarity == .darkOnLight && abs(digit.box.height - 64) <= 8)
    #expect(digit.quality >= FoundDigit.unsureQuality)
  }

  @Test func theRimsOfASheetAreNoDigitsOfANumber() throws {
    var picture = sheetOnTable
    for (place, label) in [3, 7, 2].enumerated() {
      add(
        to: &picture, width: width, height: height, ink: 50, x: Int32(210 + 90 * place), y: 160, size: 70, sample: 2,
        label: label)
    }
    var finder = try DigitFinder(mostWidth: width, mostHeight: height)
    var judge = ContentJudge()
    let shape = FrameShape(width: width, height: height)
    try #require(try finder.findAll(in: picture.span, shape: shape, judge: &judge) == 3)
    for index in 0..<3 { #expect(abs(finder.digit(index).box.height - 70) <= 8) }
  }

  /// Writes 3 and 7 side by side, the first at `x`, and answers how many digits are found in all.
  private func countBesideTwoDigits(in picture: inout [UInt8], x: Int32) throws -> Int {
    for (place, label) in [3, 7].enumerated() {
      add(
        to: &picture, width: width, height: height, ink: 40, x: x + 130 * Int32(place), y: 180, size: 100, sample: 2,
        label: label)
    }
    var finder = try DigitFinder(mostWidth: width, mostHeight: height)
    return try finder.findAll(in: picture.span, shape: FrameShape(width: width, height: height))
  }

  @Test func theTableAlongThePicturesEdgeIsNoDigitOfANumber() throws {
    var picture = [UInt8](repeating: 210, count: width * height)
    for row in 150..<290 {
      fill(
        &picture, PixelBox(left: 0, top: Int32(row), right: Int32(24 - (row - 150) / 6), bottom: Int32(row + 1)), 130)
    }
    #expect(try countBesideTwoDigits(in: &picture, x: 120) == 2)
  }

  @Test func theEndOfASheetIsNoDigitOfANumber() throws {
    var picture = [UInt8](repeating: 210, count: width * height)
    // The table shows in a corner as a wedge, as high as a digit.
    for row in 0..<150 {
      fill(&picture, PixelBox(left: 0, top: Int32(row), right: Int32(40 - row / 4), bottom: Int32(row + 1)), 70)
    }
    #expect(try countBesideTwoDigits(in: &picture, x: 220) == 2)
  }

  @Test func aLongThickStrokeIsNoSheet() throws {
    // A marker's ink, in grains, that grows darker along its way.
    var picture = [UInt8](repeating: 180, count: width * height)
    var random = SplitMix64(seed: 14, item: 0)
    for row in 20..<460 {
      let left = 330 - row / 16
      for column in left..<left + 28 {
        picture[row * width + column] = UInt8(82 - row / 16 + Int(random.uniform(-10, 10)))
      }
    }
    var finder = try DigitFinder(mostWidth: width, mostHeight: height)
    try #require(try finder.findAll(in: picture.span, shape: FrameShape(width: width, height: height)) == 1)
    #expect(finder.digit(0).box.height >= 430)
  }

  @Test func aDigitIsFoundInTheDark() throws {
    var picture = [UInt8](repeating: 26, count: width * height)
    add(to: &picture, width: width, height: height, ink: 6, x: 200, y: 100, size: 240, sample: 2, label: 5)
    var random = SplitMix64(seed: 12, item: 0)
    for place in picture.indices {
      let noise = (0..<4).reduce(0) { sum, _ in sum + Int(random.uniform(-9, 9)) }
      picture[place] = UInt8(clamping: Int(picture[place]) + noise)
    }
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(abs(digit.box.height - 240) <= 24)
  }

  @Test func aDigitThatFillsThePictureIsNoFrame() throws {
    var picture = [UInt8](repeating: 215, count: 120 * 160)
    add(to: &picture, width: 120, height: 160, ink: 40, x: -20, y: 1, size: 158, sample: 2, label: 0)
    #expect(try find(picture, width: 120, height: 160).digit != nil)
  }
}
