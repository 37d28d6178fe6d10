import QuillImaging
import Testing

/// Draws straight lines as dark as ink onto a frame.
private func rule(
  _ picture: inout [UInt8], width: Int, height: Int, pitch: Int, thickness: Int, lean: Int, level: UInt8, upright: Bool
) {
  let (length, breadth) = upright ? (height, width) : (width, height)
  for first in stride(from: pitch / 2, to: breadth + abs(lean), by: pitch) {
    for along in 0..<length {
      for across in 0..<thickness {
        let place = first + across + along * lean / length
        guard place >= 0, place < breadth else { continue }
        picture[upright ? along * width + place : place * width + along] = level
      }
    }
  }
}

@Suite struct PaperTests {
  private let width = 640
  private let height = 480

  @Test("squared paper with lines as dark as the ink is looked through", arguments: [0, 14, -20], [48, 90])
  func squared(lean: Int, pitch: Int) throws {
    var picture = [UInt8](repeating: 225, count: width * height)
    rule(&picture, width: width, height: height, pitch: pitch, thickness: 2, lean: lean, level: 40, upright: false)
    rule(&picture, width: width, height: height, pitch: pitch, thickness: 2, lean: -lean, level: 40, upright: true)
    add(to: &picture, width: width, height: height, ink: 40, x: 240, y: 150, size: 140, sample: 3, label: 3)
    let found = try find(picture, width: width, height: height)
    let box = try #require(found.digit).box
    #expect(abs(box.left - 265) <= 30 && abs(box.right - 355) <= 30)
    #expect(abs(box.top - 150) <= 8 && abs(box.bottom - 290) <= 8)
  }

  @Test("lines alone are no digit", arguments: [20, 37, 75], [false, true])
  func linesAlone(pitch: Int, isSquared: Bool) throws {
    var picture = [UInt8](repeating: 230, count: width * height)
    rule(&picture, width: width, height: height, pitch: pitch, thickness: 2, lean: 9, level: 60, upright: false)
    if isSquared {
      rule(&picture, width: width, height: height, pitch: pitch, thickness: 2, lean: -9, level: 60, upright: true)
    }
    #expect(try find(picture, width: width, height: height).digit == nil)
  }

  @Test("a one almost as high as the page is no line") func tallOne() throws {
    var picture = [UInt8](repeating: 225, count: width * height)
    for row in 20..<460 { for column in 310..<340 { picture[row * width + column] = 30 } }
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(abs(digit.box.height - 440) <= 8)
  }

  @Test("writing on a note on a wall is found, not the note", arguments: [2, 3, 5, 7])
  func note(label: Int) throws {
    var picture = [UInt8](repeating: 90, count: width * height)
    for row in 120..<300 { for column in 200..<380 { picture[row * width + column] = 215 } }
    add(to: &picture, width: width, height: height, ink: 80, x: 240, y: 160, size: 100, sample: 2, label: label)
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(digit.polarity == .darkOnLight)
    #expect(digit.box.longSide <= 106 && digit.box.longSide >= 94)
    #expect(digit.box.left >= 236 && digit.box.top >= 156)
  }

  @Test("a dark table's end beside the paper is not taken for the digit") func table() throws {
    var picture = [UInt8](repeating: 220, count: width * height)
    for row in 0..<height { for column in 0..<(90 + row / 6) { picture[row * width + column] = 50 } }
    add(to: &picture, width: width, height: height, ink: 70, x: 380, y: 200, size: 80, sample: 4, label: 6)
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(digit.box.left >= 376 && digit.box.right <= 464)
    #expect(digit.quality >= FoundDigit.unsureQuality)
  }

  @Test("solid shapes are no sure digits", arguments: [(120, 120), (60, 200), (200, 90)])
  func solid(size: (Int, Int)) throws {
    var picture = [UInt8](repeating: 210, count: width * height)
    for row in 0..<size.1 {
      for column in 0..<size.0 { picture[(140 + row) * width + 220 + column + row / 9] = 40 }
    }
    if let digit = try find(picture, width: width, height: height).digit {
      #expect(digit.quality < FoundDigit.unsureQuality || digit.box.longSide * 10 > digit.box.width * 25)
    }
  }

  @Test("writing fainter than the table about its sheet is found") func faintOnSheet() throws {
    var picture = [UInt8](repeating: 200, count: width * height)
    for row in 0..<height {
      for column in 0..<width where row < 60 || column > 560 - row / 8 { picture[row * width + column] = 35 }
    }
    add(to: &picture, width: width, height: height, ink: 135, x: 250, y: 200, size: 120, sample: 4, label: 5)
    let digit = try #require(try find(picture, width: width, height: height).digit)
    #expect(abs(digit.box.top - 200) <= 6 && abs(digit.box.bottom - 320) <= 6)
    #expect(digit.quality >= FoundDigit.unsureQuality)
  }

  @Test("the hole in a thick zero is not read", arguments: [4, 10, 18]) func hole(half: Int) throws {
    var picture = [UInt8](repeating: 205, count: width * height)
    ellipse(&picture, x: 300, y: 220, halfWidth: 58, halfHeight: 84, level: 60)
    ellipse(&picture, x: 300, y: 220, halfWidth: half, halfHeight: 44, level: 205)
    let box = try #require(try find(picture, width: width, height: height).digit).box
    #expect(abs(box.width - 116) <= 6 && abs(box.height - 168) <= 6)
  }

  @Test("things of uneven grey are seldom sure digits") func things() throws {
    var sure = 0
    for number in 0..<20 {
      var picture = [UInt8](repeating: 190, count: width * height)
      var random = SplitMix64(seed: UInt64(number))
      for _ in 0..<(3 + number % 5) {
        let (x, y) = (Int(random.uniform(250, 380)), Int(random.uniform(180, 280)))
        ellipse(&picture, x: x, y: y, halfWidth: 60, halfHeight: 45, level: UInt8(random.uniform(70, 130)))
      }
      let digit = try find(picture, width: width, height: height).digit
      if let digit, digit.quality >= FoundDigit.unsureQuality { sure += 1 }
    }
    #expect(sure <= 3)
  }

  @Test("the parts of a digit of seven segments are joined") func segments() throws {
    var picture = [UInt8](repeating: 150, count: width * height)
    // A zero: its four uprights and both ends, with gaps between the uprights.
    for (left, top, right, bottom) in [
      (300, 100, 360, 114), (290, 112, 304, 178), (356, 112, 370, 178), (290, 182, 304, 248), (356, 182, 370, 248),
      (300, 246, 360, 260),
    ] {
      for row in top..<bottom { for column in left..<right { picture[row * width + column] = 30 } }
    }
    let box = try #require(try find(picture, width: width, height: height).digit).box
    #expect(abs(box.width - 80) <= 4 && abs(box.height - 160) <= 4)
    var finder = try DigitFinder(mostWidth: width, mostHeight: height)
    #expect(try finder.findAll(in: picture.span, shape: FrameShape(width: width, height: height)) == 1)
  }

  private func ellipse(
    _ picture: inout [UInt8], x: Int, y: Int, halfWidth: Int, halfHeight: Int, level: UInt8
  ) {
    for row in (y - halfHeight)...(y + halfHeight) {
      for column in (x - halfWidth)...(x + halfWidth) {
        let (across, down) = ((column - x) * halfHeight, (row - y) * halfWidth)
        guard across * across + down * down <= halfWidth * halfWidth * halfHeight * halfHeight else { continue }
        picture[row * width + column] = level
      }
    }
  }
}
