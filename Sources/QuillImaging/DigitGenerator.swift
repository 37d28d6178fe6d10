/// Where and how a digit is drawn onto a larger picture.
public struct DigitPlacement: Equatable, Sendable {
  /// Left edge of the square that holds the digit, in pixels; may lie outside the picture.
  public var x: Int32
  /// Top edge of the square.
  public var y: Int32
  /// Side of the square in pixels, 4...4,096: the digit's longer side just fits.
  public var size: Int32
  /// Grey level of the ink; the paper is what the picture holds already.
  public var ink: UInt8
  /// Width of the pen in thousandths of `size`, 5...300; nil for each sample's own, about 70 to 180. A ball-point pen
  /// writes with 20 to 40.
  public var pen: Int32?

  /// A square of `size` pixels with its corner at (`x`, `y`).
  public init(x: Int32, y: Int32, size: Int32, ink: UInt8, pen: Int32? = nil) {
    self.pen = pen
    self.x = x
    self.y = y
    self.size = size
    self.ink = ink
  }
}

/// Characters that the generator knows.
public enum DrawnScript: UInt8, Sendable, CaseIterable {
  /// The digits 0 to 9.
  case digits

  /// The digits, and A to Z as 10 to 35.
  case digitsAndLetters

  /// The Devanagari digits 0 to 9.
  case devanagariDigits

  /// The labels: 0..<`classCount`.
  public var classCount: Int {
    switch self {
    case .digits, .devanagariDigits: 10
    case .digitsAndLetters: 36
    }
  }
}

/// Handwritten digits that the project draws itself: the same bytes for a seed on every machine.
///
/// Each sample is one of several ways to write a digit, bent, slanted, turned and stretched at random, drawn with a pen
/// of random width. As in MNIST (LeCun, Cortes, Burges), the digit is light on black, fits a box of 20 x 20 pixels with
/// its proportions kept, and its centre of mass lies in the middle of 28 x 28. Nothing is allocated.
public struct DigitGenerator: Sendable {
  /// Side of an MNIST picture.
  public static let side = 28
  /// Side of the box that holds the digit.
  static let boxSide: Int32 = 20

  /// Chooses the whole sequence.
  public let seed: UInt64

  /// What is drawn.
  public let script: DrawnScript
  private var nextIndex: UInt64 = 0

  /// Starts the sequence of a seed.
  public init(seed: UInt64, script: DrawnScript = .digits) {
    self.seed = seed
    self.script = script
  }

  /// Draws the next sample of this generator as the character `label` (0...9 for digits).
  ///
  /// The n-th call shows the n-th sample of the seed, whatever labels were asked for before.
  /// - Parameter image: 784 bytes, rows of 28; overwritten.
  public mutating func draw(_ label: Int, into image: inout MutableSpan<UInt8>) {
    draw(sample: nextIndex, as: label, into: &image)
    nextIndex &+= 1
  }

  /// Draws sample `index` of the seed with the label that it chooses itself, all equally often.
  /// - Parameter image: 784 bytes, rows of 28; overwritten.
  /// - Returns: the label.
  @discardableResult
  public func draw(sample index: UInt64, into image: inout MutableSpan<UInt8>) -> Int {
    let label = label(ofSample: index)
    draw(sample: index, as: label, into: &image)
    return label
  }

  /// The label that sample `index` chooses itself.
  public func label(ofSample index: UInt64) -> Int {
    var random = SplitMix64(seed: seed ^ 0x6C61_6265_6C00_0000, item: index)
    return Int(random.below(Int32(script.classCount)))
  }

  /// Draws sample `index` of the seed as the character `label` (0...9 for digits).
  /// - Parameter image: 784 bytes, rows of 28; overwritten.
  public func draw(sample index: UInt64, as label: Int, into image: inout MutableSpan<UInt8>) {
    var random = SplitMix64(seed: seed, item: index)
    let hand = Hand(&random)
    draw(write(label, hand: hand, random: &random), hand: hand, into: &image)
  }

  /// Draws sample `index` of the seed as the character `label` of a table of glyphs.
  /// - Parameter image: 784 bytes, rows of 28; overwritten.
  package func draw(
    sample index: UInt64, as label: Int, of table: Span<GlyphPoint>, into image: inout MutableSpan<UInt8>
  ) {
    var random = SplitMix64(seed: seed, item: index)
    let hand = Hand(&random)
    draw(StrokePath(table, label: Int8(label), hand: hand, random: &random), hand: hand, into: &image)
  }

  private func draw(_ written: StrokePath, hand: Hand, into image: inout MutableSpan<UInt8>) {
    precondition(image.count == Self.side * Self.side, "an image of the generator is 784 bytes")
    let shape = FrameShape(width: Self.side, height: Self.side)
    var path = written
    let margin = (Int32(Self.side) - Self.boxSide) / 2
    path.fit(x: margin, y: margin, size: Self.boxSide, hand: hand)
    clear(&image)
    let box = path.draw(into: &image, shape: shape, ink: 255, strength: hand.ink, softness: hand.softness)
    let centre = CentreOfMass(image.span, side: Self.side)
    let shiftX = min(max(centre.shiftX, -box.left), Int32(Self.side) - box.right)
    let shiftY = min(max(centre.shiftY, -box.top), Int32(Self.side) - box.bottom)
    guard shiftX != 0 || shiftY != 0 else { return }
    path.move(x: shiftX, y: shiftY)
    clear(&image)
    _ = path.draw(into: &image, shape: shape, ink: 255, strength: hand.ink, softness: hand.softness)
  }

  /// Draws sample `index` of the seed as the character `label` (0...9 for digits) onto a larger grey picture.
  /// - Parameters:
  ///   - canvas: at least `shape.bytesPerRow * (shape.height - 1) + shape.width` bytes; mixed with the ink.
  ///   - shape: the canvas.
  ///   - placement: where, how large, which ink. What lies outside the canvas is left out.
  /// - Returns: the pixels that the pen may have touched, inside the canvas.
  @discardableResult
  public func draw(
    sample index: UInt64, as label: Int, onto canvas: inout MutableSpan<UInt8>, shape: FrameShape,
    placement: DigitPlacement
  ) -> PixelBox {
    precondition(placement.size >= 4 && placement.size <= 4_096, "a drawn digit is 4 to 4,096 pixels large")
    precondition(abs(placement.x) <= 16_384 && abs(placement.y) <= 16_384, "a digit lies near its canvas")
    var random = SplitMix64(seed: seed, item: index)
    var hand = Hand(&random)
    var path = write(label, hand: hand, random: &random)
    if let pen = placement.pen {
      precondition(pen >= 5 && pen <= 300, "a pen is 5 to 300 thousandths of a digit wide")
      hand.halfWidth = pen * Hand.one / 2_000
    }
    path.fit(x: placement.x, y: placement.y, size: placement.size, hand: hand)
    return path.draw(into: &canvas, shape: shape, ink: placement.ink, strength: hand.ink, softness: hand.softness)
  }

  private func write(_ label: Int, hand: Hand, random: inout SplitMix64) -> StrokePath {
    precondition(label >= 0 && label < script.classCount, "a label of the script")
    let label8 = Int8(label)
    switch script {
    case .digitsAndLetters where label >= 10:
      return StrokePath(LetterGlyphs.points.span, label: label8, hand: hand, random: &random)
    case .digits, .digitsAndLetters:
      return StrokePath(DigitGlyphs.points.span, label: label8, hand: hand, random: &random)
    case .devanagariDigits:
      return StrokePath(DevanagariGlyphs.points.span, label: label8, hand: hand, random: &random)
    }
  }

  private func clear(_ image: inout MutableSpan<UInt8>) {
    for index in image.indices { image[index] = 0 }
  }
}
