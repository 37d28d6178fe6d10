import QuillCamera
import QuillImaging

/// Frames without a camera: the project's own digits, one a frame, at a place, of a size and in an ink of chance, on
/// paper under a lamp or chalk on a board. A seed draws the same frames on every machine, as fast as they are answered.
struct SyntheticSource: ~Copyable, FrameSource {
  /// The smallest side that holds a digit and its margin.
  static let shortestSide: UInt32 = 48

  private let generator: DigitGenerator
  private let seed: UInt64
  private let width: Int
  private let height: Int
  private var grey: [UInt8]
  private var sequence: UInt64 = 0

  init(seed: UInt32, wish: CameraWish) throws(ProgramError) {
    guard min(wish.width, wish.height) >= Self.shortestSide else {
      throw .usage(.smallSynthetic(width: wish.width, height: wish.height, shortest: Self.shortestSide))
    }
    self.seed = UInt64(seed)
    generator = DigitGenerator(seed: self.seed)
    width = Int(wish.width)
    height = Int(wish.height)
    grey = [UInt8](repeating: 0, count: width * height)
  }

  mutating func step(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    if StopSignal.isRequested { return .end }
    let began = Clock.nanoseconds
    let digit = draw()
    do throws(ImagingError) {
      try picture.take(grey.span, shape: FrameShape(width: width, height: height), as: .grey)
    } catch {
      throw .picture(error)
    }
    let now = Clock.nanoseconds
    var facts = FrameFacts(sequence: sequence, timestampNanoseconds: now, captureNanoseconds: now - began)
    facts.drawn = UInt8(digit)
    sequence += 1
    return .frame(facts)
  }

  /// Draws the next frame; gives its digit.
  private mutating func draw() -> Int {
    var random = SplitMix64(seed: seed ^ 0x7363_656E_6500_0000, item: sequence)
    let isChalk = random.below(3) == 0
    let paper = isChalk ? random.uniform(20, 70) : random.uniform(150, 225)
    let slope = random.uniform(-25, 25)
    // A quarter to three fifths of the shorter side, clear of the edges by a margin.
    let side = Int32(min(width, height))
    let size = random.uniform(side / 4, side * 3 / 5)
    let margin = size / 4
    let ink = isChalk ? paper + random.uniform(110, 160) : paper - random.uniform(100, 130)
    light(paper: paper, slope: slope)
    let digit = generator.label(ofSample: sequence)
    let shape = FrameShape(width: width, height: height)
    let placement = DigitPlacement(
      x: margin + random.below(max(1, Int32(width) - size - 2 * margin)),
      y: margin + random.below(max(1, Int32(height) - size - 2 * margin)), size: size, ink: UInt8(clamping: ink))
    let sample = sequence
    let generator = generator
    var canvas = grey.mutableSpan
    generator.draw(sample: sample, as: digit, onto: &canvas, shape: shape, placement: placement)
    return digit
  }

  /// Paper that grows lighter or darker by `slope` from left to right.
  private mutating func light(paper: Int32, slope: Int32) {
    for column in 0..<width {
      grey[column] = UInt8(clamping: paper + slope * (2 * Int32(column) - Int32(width)) / (2 * Int32(width)))
    }
    for row in 1..<height {
      for column in 0..<width { grey[row * width + column] = grey[column] }
    }
  }
}
