/// Which way ink and paper differ.
public enum Polarity: UInt8, Equatable, Sendable {
  /// Ink darker than paper, as pens write.
  case darkOnLight
  /// Ink lighter than paper, as chalk and MNIST.
  case lightOnDark
}

/// A digit that was found in a picture.
public struct FoundDigit: Equatable, Sendable {
  /// The digit's ink, in pixels of the picture that was searched.
  public let box: PixelBox
  /// Whether the ink is darker or lighter than its paper.
  public let polarity: Polarity
  /// How far the ink stands out from its paper, of 255 grey levels.
  public let contrast: UInt8
  /// How much the shape looks like one whole digit, 0...255. Below `unsureQuality` the answer should count as unsure:
  /// the ink touches the edge of the picture, is hardly stronger than the noise, or perhaps is several digits in touch.
  public let quality: UInt8
  /// The row of digits that it stands in, counted from the top; 0 for a single digit.
  public let row: Int

  /// Qualities below this mean: found something, but do not trust it.
  public static let unsureQuality: UInt8 = 96

  /// Logits, in 1/256, by which the likeliest class must be ahead of the next for an answer to be sure: it is then some
  /// 55 times as likely. Of Tools/scenes's drawn digits 3 % are read right with less, of letters and scribbles 3 in 4 have less.
  public static let leastMargin: Int32 = 1_024

  /// The same, not to be trusted.
  var doubted: FoundDigit {
    FoundDigit(
      box: box, polarity: polarity, contrast: contrast, quality: min(quality, Self.unsureQuality - 1), row: row)
  }
}
