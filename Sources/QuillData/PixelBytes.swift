/// Pixels that come as numbers, of 0...255 or of 0...1, as bytes.
///
/// Which of the two it is the first values tell that are not 0 or 1: those of 0...1 have fractions and pass 1 nowhere.
/// Where there are none, as in pictures of ink and paper alone, 1 is white.
struct PixelBytes {
  private enum Scale {
    case undecided, bytes, shares
  }

  private var scale = Scale.undecided
  private var pixels: [UInt8] = []

  /// The range that values must lie in, for errors.
  var range: String { scale == .shares ? "0...1, as the pixels before it" : "0...255" }

  /// Every pixel so far.
  var bytes: [UInt8] { scale == .undecided ? pixels.map { $0 * 255 } : pixels }

  mutating func reserveCapacity(_ count: Int) { pixels.reserveCapacity(count) }

  /// Adds an image's pixels; answers the position of the first that is no pixel, `nil` where all are taken.
  mutating func append(_ image: [Double]) -> Int? {
    if scale == .undecided { decide(by: image) }
    let (factor, largest): (Double, Double) = scale == .shares ? (255, 1) : (1, 255)
    for (position, value) in image.enumerated() {
      guard value >= 0, value <= largest else { return position }
      pixels.append(UInt8((value * factor).rounded()))
    }
    return nil
  }

  private mutating func decide(by image: [Double]) {
    if image.contains(where: { $0 > 1 }) {
      scale = .bytes
    } else if image.contains(where: { $0 != $0.rounded() }) {
      scale = .shares
      pixels = pixels.map { $0 * 255 }
    }
  }
}
