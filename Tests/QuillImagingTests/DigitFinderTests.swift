import QuillImaging
import Testing

@Suite struct DigitFinderTests {
  @Test func theAnswerIsTheSameOnEveryMachine() throws {
    var all: [UInt8] = []
    for sample in 0..<20 {
      let picture = frame(
        width: 320, height: 240, paper: 210, ink: 40, x: Int32(10 + sample * 9), y: Int32(20 + sample * 4),
        size: Int32(40 + sample * 5), sample: UInt64(sample), label: sample % 10)
      let result = try find(picture, width: 320, height: 240)
      let digit = try #require(result.digit)
      all += result.image + [UInt8(truncatingIfNeeded: digit.box.left), UInt8(truncatingIfNeeded: digit.box.bottom)]
    }
    #expect(checksum(all) == 3_262_670_731)
  }

  @Test(arguments: 0..<10) func placeDoesNotMatter(label: Int) throws {
    let one = try find(
      frame(width: 320, height: 240, paper: 200, ink: 30, x: 40, y: 30, size: 90, sample: 1, label: label),
      width: 320, height: 240)
    let box = try #require(one.digit).box
    for (x, y): (Int32, Int32) in [(41, 30), (57, 63), (150, 120), (11, 111)] {
      let other = try find(
        frame(width: 320, height: 240, paper: 200, ink: 30, x: x, y: y, size: 90, sample: 1, label: label),
        width: 320, height: 240)
      let moved = try #require(other.digit).box
      // Cells of the paper's estimate cut the digit elsewhere: its level, and so the faintest rim, may differ by a trace.
      #expect(difference(other.image, one.image) <= 3)
      #expect(abs(moved.left - box.left - (x - 40)) <= 1 && abs(moved.top - box.top - (y - 30)) <= 1)
    }
  }

  @Test(arguments: 0..<10) func polarityDoesNotMatterOnWhiteAndBlack(label: Int) throws {
    let dark = frame(width: 160, height: 120, paper: 255, ink: 0, x: 40, y: 20, size: 80, sample: 2, label: label)
    let one = try find(dark, width: 160, height: 120)
    let other = try find(dark.map { 255 - $0 }, width: 160, height: 120)
    #expect(difference(one.image, other.image) <= 3)
    #expect(one.digit?.polarity == .darkOnLight)
    #expect(other.digit?.polarity == .lightOnDark)
    let (box, inverse) = (try #require(one.digit).box, try #require(other.digit).box)
    #expect(abs(box.left - inverse.left) <= 1 && abs(box.bottom - inverse.bottom) <= 1)
  }

  @Test func picturesInTheFormOfMNISTStayAsTheyAre() throws {
    for sample in 0..<100 {
      let picture = drawn(seed: 8, sample: UInt64(sample)).image
      let result = try find(picture, width: 28, height: 28)
      #expect(result.digit != nil)
      // The ink is stretched to full strength; shapes and places stay.
      let strongest = Int(picture.max() ?? 1)
      for (before, after) in zip(picture, result.image) {
        #expect(abs(Int(before) * 255 / strongest - Int(after)) <= 64, "sample \(sample)")
      }
    }
  }

  @Test func rowPaddingIsNotRead() throws {
    let tight = frame(width: 100, height: 80, paper: 220, ink: 10, x: 20, y: 10, size: 60, sample: 3, label: 5)
    var padded: [UInt8] = []
    for row in 0..<80 { padded += tight[(row * 100)..<(row * 100 + 100)] + [0, 255, 0, 255, 0] }
    padded.removeLast(5)
    var finder = try DigitFinder(mostWidth: 100, mostHeight: 80)
    var image = [UInt8](repeating: 0, count: 784)
    var span = image.mutableSpan
    _ = try finder.find(in: padded.span, shape: FrameShape(width: 100, height: 80, bytesPerRow: 105), into: &span)
    #expect(try image == find(tight, width: 100, height: 80).image)
  }

  @Test func aFinderCarriesNothingOver() throws {
    var finder = try DigitFinder(mostWidth: 320, mostHeight: 240)
    for sample in 0..<6 {
      let (width, height) = sample % 2 == 0 ? (320, 240) : (90, 200)
      let picture = frame(
        width: width, height: height, paper: 230, ink: 60, x: 15, y: 20, size: 60, sample: UInt64(sample), label: sample
      )
      var image = [UInt8](repeating: 0, count: 784)
      var span = image.mutableSpan
      let digit = try finder.find(in: picture.span, shape: FrameShape(width: width, height: height), into: &span)
      let fresh = try find(picture, width: width, height: height)
      #expect(digit == fresh.digit)
      #expect(image == fresh.image)
    }
  }

  @Test(arguments: [UInt8(0), 1, 127, 200, 255]) func blankPicturesShowNothing(level: UInt8) throws {
    for (width, height) in [(1, 1), (28, 28), (640, 480), (2, 300)] {
      let result = try find([UInt8](repeating: level, count: width * height), width: width, height: height)
      #expect(result.digit == nil)
    }
  }

  @Test func noiseShowsNothingOrIsUnsure() throws {
    var random = SplitMix64(seed: 21)
    for amplitude: Int32 in [2, 6, 12, 30, 60, 127] {
      let picture = (0..<(320 * 240)).map { _ in UInt8(128 + random.centred(amplitude)) }
      let result = try find(picture, width: 320, height: 240)
      if let digit = result.digit { #expect(digit.quality < FoundDigit.unsureQuality, "noise of \(amplitude)") }
    }
  }

  @Test func lightThatFallsOffAcrossThePaperIsFollowed() throws {
    var picture = frame(width: 320, height: 240, paper: 230, ink: 30, x: 180, y: 60, size: 110, sample: 5, label: 6)
    let even = try find(picture, width: 320, height: 240)
    for row in 0..<240 {
      for column in 0..<320 {
        let light = 256 - column * 180 / 320
        picture[row * 320 + column] = UInt8(Int(picture[row * 320 + column]) * light / 256)
      }
    }
    let uneven = try find(picture, width: 320, height: 240)
    let (one, other) = (try #require(even.digit).box, try #require(uneven.digit).box)
    #expect(abs(one.left - other.left) <= 2 && abs(one.right - other.right) <= 2)
    #expect(abs(one.top - other.top) <= 2 && abs(one.bottom - other.bottom) <= 2)
  }

  @Test func ruledPaperIsLookedThrough() throws {
    var picture = [UInt8](repeating: 225, count: 320 * 240)
    for row in stride(from: 10, to: 240, by: 26) {
      for place in (row * 320)..<(row * 320 + 640) { picture[place] = 175 }
    }
    add(to: &picture, width: 320, height: 240, ink: 40, x: 90, y: 70, size: 90, sample: 7, label: 2)
    let box = try #require(try find(picture, width: 320, height: 240).digit).box
    #expect(box.left >= 86 && box.right <= 186 && box.top >= 66 && box.bottom <= 166)
  }

  @Test func largePicturesAreReduced() throws {
    let picture = frame(
      width: 1_920, height: 1_080, paper: 210, ink: 20, x: 700, y: 300, size: 400, sample: 1, label: 3)
    let box = try #require(try find(picture, width: 1_920, height: 1_080).digit).box
    #expect(abs(box.longSide - 400) <= 8 && abs(box.top - 300) <= 6)
  }

  @Test func noFrameTraps() throws {
    var random = SplitMix64(seed: 77)
    var sizes: [(Int, Int)] = [
      (1, 1), (1, 8_192), (8_192, 1), (2, 3), (3, 700), (641, 2), (17, 16), (64, 64), (65, 65),
    ]
    for _ in 0..<60 { sizes.append((Int(random.uniform(1, 150)), Int(random.uniform(1, 150)))) }
    for (width, height) in sizes {
      let kind = random.below(3)
      let picture = (0..<(width * height)).map { place -> UInt8 in
        switch kind {
        case 0: UInt8(random.below(256))
        case 1: place / 7 % 2 == 0 ? 0 : 255
        default: random.below(40) == 0 ? 0 : 200
        }
      }
      for equalisation in Equalisation.allCases {
        _ = try find(picture, width: width, height: height, equalisation: equalisation)
      }
      var finder = try DigitFinder(mostWidth: width, mostHeight: height)
      let count = try finder.findAll(in: picture.span, shape: FrameShape(width: width, height: height))
      #expect(count <= DigitFinder.mostDigits)
    }
  }

  @Test func equalisationBringsFaintInkForward() throws {
    let picture = frame(width: 200, height: 150, paper: 120, ink: 96, x: 60, y: 30, size: 90, sample: 6, label: 8)
    for equalisation in Equalisation.allCases {
      #expect(try find(picture, width: 200, height: 150, equalisation: equalisation).digit != nil)
    }
    let plain = try #require(try find(picture, width: 200, height: 150).digit)
    let spread = try #require(try find(picture, width: 200, height: 150, equalisation: .global).digit)
    #expect(spread.contrast > plain.contrast)
  }

  @Test func stepsCanBeCopied() throws {
    let picture = frame(width: 200, height: 150, paper: 220, ink: 20, x: 60, y: 30, size: 90, sample: 6, label: 8)
    var finder = try DigitFinder(mostWidth: 200, mostHeight: 150)
    var image = [UInt8](repeating: 0, count: 784)
    var imageSpan = image.mutableSpan
    _ = try finder.find(in: picture.span, shape: FrameShape(width: 200, height: 150), into: &imageSpan)
    #expect(finder.searchedShape == FrameShape(width: 200, height: 150))
    var steps: [FinderStep: [UInt8]] = [:]
    for step in FinderStep.allCases {
      var copy = [UInt8](repeating: 1, count: 200 * 150)
      var span = copy.mutableSpan
      try finder.copyStep(step, into: &span)
      steps[step] = copy
    }
    #expect(steps[.searched] == picture)
    #expect(steps[.paper]?.allSatisfy { abs(Int($0) - 220) <= 3 } == true)
    #expect(steps[.ink]?.contains(255) == true)
    #expect(steps[.boxes] != picture)
    #expect(throws: ImagingError.outputTooShort(byteCount: 10, needed: 30_000)) {
      var short = [UInt8](repeating: 0, count: 10)
      var span = short.mutableSpan
      try finder.copyStep(.ink, into: &span)
    }
  }

  @Test func wrongBuffersAreRefused() throws {
    let bytes = [UInt8](repeating: 0, count: 99)
    #expect(throws: ImagingError.bufferTooShort(byteCount: 99, needed: 100)) {
      _ = try find(bytes, width: 10, height: 10)
    }
    #expect(throws: ImagingError.sizeOutOfRange(width: 0, height: 10)) {
      _ = try find(bytes, width: 0, height: 10)
    }
    var finder = try DigitFinder(mostWidth: 8, mostHeight: 8)
    var image = [UInt8](repeating: 0, count: 784)
    var short = [UInt8](repeating: 0, count: 783)
    let frame = [UInt8](repeating: 0, count: 400)
    #expect(throws: ImagingError.largerThanFinder(width: 9, height: 8, mostWidth: 8, mostHeight: 8)) {
      var span = image.mutableSpan
      _ = try finder.find(in: frame.span, shape: FrameShape(width: 9, height: 8), into: &span)
    }
    #expect(throws: ImagingError.rowTooShort(bytesPerRow: 7, needed: 8)) {
      var span = image.mutableSpan
      _ = try finder.find(in: frame.span, shape: FrameShape(width: 8, height: 8, bytesPerRow: 7), into: &span)
    }
    #expect(throws: ImagingError.rowTooLong(bytesPerRow: .max, most: 36_864)) {
      var span = image.mutableSpan
      _ = try finder.find(in: frame.span, shape: FrameShape(width: 8, height: 8, bytesPerRow: .max), into: &span)
    }
    #expect(throws: ImagingError.outputTooShort(byteCount: 783, needed: 784)) {
      var span = short.mutableSpan
      _ = try finder.find(in: frame.span, shape: FrameShape(width: 8, height: 8), into: &span)
    }
  }
}

@Suite struct ThinPenTests {
  @Test(arguments: 0..<10) func ballPointLinesAreBroadened(label: Int) throws {
    var canvas = [UInt8](repeating: 225, count: 320 * 240)
    var span = canvas.mutableSpan
    DigitGenerator(seed: 9).draw(
      sample: 11, as: label, onto: &span, shape: FrameShape(width: 320, height: 240),
      placement: DigitPlacement(x: 60, y: 20, size: 200, ink: 30, pen: 20))
    let result = try find(canvas, width: 320, height: 240)
    let digit = try #require(result.digit)
    #expect(digit.box.longSide >= 190 && digit.box.longSide <= 206)
    // A line of 20 thousandths is 0.4 pixel wide in the box of 20: unbroadened it would reach 40 % of full ink.
    #expect(result.image.filter { $0 > 200 }.count >= 20)
  }
}
