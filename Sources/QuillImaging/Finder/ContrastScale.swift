/// How a pixel's difference from its paper becomes contrast, 0...255.
///
/// Light falls on ink and paper alike, so that dark ink takes away the same share of a bright and of a dim paper: dark
/// contrast is that share of 255. Light ink on a dark ground has no such rule (the ground may be black), and keeps its
/// difference.
///
/// Differences below the noise are kept (a stroke's faint rim is made of them): thresholds lie above them.
struct ContrastScale {
  /// Paper darker than this is taken to be this dark, so that noise is not blown up.
  static let darkestPaper = 40

  /// 255 / paper for each level of the paper, 8 fractional bits; at least 256.
  private let gains: InlineArray<256, UInt16>

  init() {
    gains = InlineArray { level in
      let paper = max(level, Self.darkestPaper)
      return UInt16((255 * 256 + paper / 2) / paper)
    }
  }

  /// Writes the gain of the paper of `count` pixels.
  func writeGains(_ paper: [UInt8], count: Int, into result: inout [UInt16]) {
    let table = gains.span
    let levels = paper.span
    var target = result.mutableSpan
    var place = 0
    while place < count {
      // Between the middles of two cells the paper rises or falls: where both ends are equal, all is.
      let end = min(place == 0 ? 8 : place + 16, count)
      let gain = table[Int(levels[place])]
      if levels[place] == levels[end - 1] {
        for same in place..<end { target[same] = gain }
      } else {
        for other in place..<end { target[other] = table[Int(levels[other])] }
      }
      place = end
    }
  }
}

/// Writes how far a row of pixels is darker than its paper, and how far lighter; one of the two is 0 everywhere.
///
/// `paper` and `gains`, which come from `ContrastScale`, are those of this row.
func writeContrast(
  _ plane: [UInt8], row: Int, width: Int, paper: [UInt8], gains: [UInt16], dark darkPlane: inout [UInt8],
  light lightPlane: inout [UInt8]
) {
  let here = (row * width)..<((row + 1) * width)
  let pixels = plane.span.extracting(here)
  let paper = paper.span
  let gains = gains.span
  var darkPixels = darkPlane.mutableSpan
  var lightPixels = lightPlane.mutableSpan
  var dark = darkPixels._mutatingExtracting(here)
  var light = lightPixels._mutatingExtracting(here)
  guard pixels.count == width, paper.count >= width, gains.count >= width else { return }
  guard dark.count == width, light.count == width else { return }
  for place in 0..<width {
    let (pixel, ground) = (pixels[place], paper[place])
    light[place] = max(pixel, ground) &- ground
    let difference = UInt16(max(pixel, ground) &- pixel)
    // The product has more than 16 bits: its upper and lower part are taken apart.
    let gain = gains[place]
    let share = difference &* (gain >> 8) &+ ((difference &* (gain & 255) &+ 128) >> 8)
    dark[place] = UInt8(truncatingIfNeeded: min(share, 255))
  }
}
