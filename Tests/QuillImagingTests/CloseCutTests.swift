import QuillImaging
import Testing

/// Pictures that are cut out close about their digit, as programs do that draw a box about it first.
@Suite struct CloseCutTests {
  /// A drawn digit within its box of ink, `margin` pixels wider on each side; every `step`-th column of it.
  private func cut(
    _ label: Int, size: Int32, paper: UInt8, ink: UInt8, margin: Int = 0, step: Int = 1
  ) -> (picture: [UInt8], shape: FrameShape) {
    let side = Int(size) + 40
    var canvas = [UInt8](repeating: paper, count: side * side)
    var span = canvas.mutableSpan
    DigitGenerator(seed: 9).draw(
      sample: 2, as: label, onto: &span, shape: FrameShape(width: side, height: side),
      placement: DigitPlacement(x: 20, y: 20, size: size, ink: ink, pen: 170))
    let isInk = canvas.map { abs(Int($0) - Int(paper)) * 2 > abs(Int(ink) - Int(paper)) }
    let rows = (0..<side).filter { row in (0..<side).contains { isInk[row * side + $0] } }
    let columns = (0..<side).filter { column in (0..<side).contains { isInk[$0 * side + column] } }
    let across = Array(stride(from: columns[0] - margin, through: columns[columns.count - 1] + margin, by: step))
    let down = (rows[0] - margin)...(rows[rows.count - 1] + margin)
    return (
      down.flatMap { row in across.map { canvas[row * side + $0] } },
      FrameShape(width: across.count, height: down.count)
    )
  }

  @Test(
    "a digit that fills its picture is found whole, dark or light", arguments: [0, 2, 3, 6, 8, 9], [120, 240, 500])
  func filled(label: Int, size: Int32) throws {
    for (paper, ink) in [(UInt8(230), UInt8(30)), (20, 240)] {
      let (wide, wideShape) = cut(label, size: size, paper: paper, ink: ink, margin: 20)
      let (tight, shape) = cut(label, size: size, paper: paper, ink: ink)
      let whole = try find(wide, width: wideShape.width, height: wideShape.height)
      let found = try find(tight, width: shape.width, height: shape.height)
      let digit = try #require(found.digit)
      #expect(digit.polarity == (paper > ink ? .darkOnLight : .lightOnDark))
      #expect(digit.quality >= FoundDigit.unsureQuality)
      #expect(difference(found.image, whole.image) <= 14)
      var finder = try DigitFinder(mostWidth: shape.width, mostHeight: shape.height)
      if shape.width < shape.height { #expect(try finder.findAll(in: tight.span, shape: shape) == 1) }
    }
  }

  /// Most of its rim is ink: the hole of such a 0 passed for a 1.
  @Test func aSlenderZeroIsNoOne() throws {
    let (picture, shape) = cut(0, size: 170, paper: 10, ink: 250, step: 2)
    let digit = try #require(try find(picture, width: shape.width, height: shape.height).digit)
    #expect(digit.polarity == .lightOnDark)
    #expect(digit.box.width * 10 >= shape.width * 9 && digit.box.height * 10 >= shape.height * 9)
  }

  @Test func twoDigitsInAPictureStayTwo() throws {
    let (one, shape) = cut(3, size: 90, paper: 225, ink: 30)
    // One above the other, close cut: taller than wide.
    let gap = [UInt8](repeating: 225, count: 20 * shape.width)
    let picture = one + gap + one
    let both = FrameShape(width: shape.width, height: 2 * shape.height + 20)
    var finder = try DigitFinder(mostWidth: both.width, mostHeight: both.height)
    #expect(try finder.findAll(in: picture.span, shape: both) == 2)
  }
}
