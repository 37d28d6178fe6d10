import QuillImaging
import Testing

/// Pages as a program draws them: paper of one shade, ink of another, and nothing between.
@Suite("Flat ink on flat paper")
struct FlatInkTests {
  /// A seven of a height, its upper left corner a third into the page.
  private func page(width: Int, height: Int, digit: Int, paper: UInt8, ink: UInt8) -> [UInt8] {
    var pixels = [UInt8](repeating: paper, count: width * height)
    let pen = digit / 8
    for y in 0..<digit {
      for x in 0..<digit * 2 / 3 {
        let stem = digit * 2 / 3 - pen / 2 - y / 2
        if y < pen || abs(x - stem) <= pen / 2 { pixels[(height / 4 + y) * width + width / 3 + x] = ink }
      }
    }
    return pixels
  }

  @Test(
    "is found, dark on light and light on dark",
    arguments: [(160, 120, 60), (640, 480, 200), (320, 240, 40)], [(UInt8(230), UInt8(20)), (10, 250), (255, 0)])
  func found(size: (Int, Int, Int), shades: (UInt8, UInt8)) throws {
    let (width, height, digit) = size
    let pixels = page(width: width, height: height, digit: digit, paper: shades.0, ink: shades.1)
    var finder = try DigitFinder(mostWidth: width, mostHeight: height)
    var image = [UInt8](repeating: 0, count: 784)
    var span = image.mutableSpan
    let found = try finder.find(in: pixels.span, shape: FrameShape(width: width, height: height), into: &span)
    let box = try #require(found?.box)
    #expect(abs(Int(box.left) - width / 3) <= 3 && abs(Int(box.top) - height / 4) <= 3)
    #expect(abs(Int(box.bottom) - height / 4 - digit) <= 3)
    #expect(found?.quality ?? 0 >= FoundDigit.unsureQuality)
  }
}
