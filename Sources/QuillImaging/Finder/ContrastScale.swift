/// How a pixel's difference from its paper becomes contrast, 0...255.
///
/// Light falls on ink and paper alike, so that dark ink takes away the same share of a bright and of a dim paper: dark
/// contrast is that share of 255. Light ink on a dark ground has no such rule (the ground may be black), and keeps its
/// difference.
struct ContrastScale {
  /// Paper darker than this is taken to be this dark, so that noise is not blown up.
  static let darkestPaper = 40

  /// Differences below this show nothing.
  let noise: Int32
  /// 255 / paper for each level of the paper, 8 fractional bits.
  private let gains: InlineArray<256, Int32>

  init(noise: Int32) {
    self.noise = noise
    gains = InlineArray { level in
      let paper = max(level, Self.darkestPaper)
      return Int32((255 * 256 + paper / 2) / paper)
    }
  }

  /// The contrast of a pixel `difference` (0 or more) darker than its paper.
  func dark(_ difference: Int32, paper: Int16) -> UInt8 {
    clampedByte((difference * gains[Int(min(max(paper, 0), 255))] + 128) >> 8)
  }

  /// Writes the contrast of a row of pixels; what stands out the other way counts as paper.
  ///
  /// Differences below the noise are kept (a stroke's faint rim is made of them): the threshold lies above them.
  func write(
    _ plane: [UInt8], _ paperRow: [Int16], polarity: Polarity, row: Int, width: Int, into contrast: inout [UInt8]
  ) {
    let pixels = plane.span
    let line = paperRow.span
    var target = contrast.mutableSpan
    let base = row * width
    for column in 0..<width {
      let difference = Int32(line[column]) - Int32(pixels[base + column])
      switch polarity {
      case .darkOnLight: target[base + column] = difference <= 0 ? 0 : dark(difference, paper: line[column])
      case .lightOnDark: target[base + column] = difference >= 0 ? 0 : clampedByte(-difference)
      }
    }
  }
}
