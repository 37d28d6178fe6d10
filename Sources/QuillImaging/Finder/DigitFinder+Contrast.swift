extension DigitFinder {
  /// Settles the paper and writes how far each pixel stands out from it: `contrast` for ink darker than paper, `opposite`
  /// for lighter ink. Counts the pixels that stand out by at least the noise.
  mutating func weigh(reach: Int, dark: inout Histogram, light: inout Histogram) {
    work += 3 * width * height
    paper.settle(plane, width: width, height: height, reach: reach)
    let scale = ContrastScale()
    for row in 0..<height {
      writePaper(row, scale)
      writeContrast(
        plane, row: row, width: width, paper: paperRow, gains: gainRow, dark: &contrast.pixels, light: &opposite.pixels)
      contrast.measurePeaks(row: row, width: width)
      opposite.measurePeaks(row: row, width: width)
      count(row, dark: &dark, light: &light)
    }
    contrastPolarity = .darkOnLight
    weighedReach = reach
  }

  /// Writes the paper's level along a row, and its gains where the level is not that of the row before.
  private mutating func writePaper(_ row: Int, _ scale: ContrastScale) {
    paper.writeRow(row, width: width, into: &paperRow)
    scale.writeGains(paperRow, count: width, into: &gainRow)
  }

  /// Counts the contrast of a row's pixels that differ from their paper by at least the noise.
  private func count(_ row: Int, dark: inout Histogram, light: inout Histogram) {
    let least = UInt8(truncatingIfNeeded: paper.noise)
    let blocks = ContrastPlane.blocks(width)
    let line = paperRow.span
    for block in 0..<blocks {
      let first = block * ContrastPlane.block
      let last = min(first + ContrastPlane.block, width)
      if contrast.peaks[row * blocks + block] >= least {
        let pixels = plane.span.extracting((row * width)..<((row + 1) * width))
        let shares = contrast.pixels.span.extracting((row * width)..<((row + 1) * width))
        // The share of a dim paper may be large where the difference is noise.
        for column in first..<last {
          let (pixel, ground) = (pixels[column], line[column])
          if pixel <= ground, ground - pixel >= least { dark.add(shares[column]) }
        }
      }
      if opposite.peaks[row * blocks + block] >= least {
        let shares = opposite.pixels.span.extracting((row * width)..<((row + 1) * width))
        for column in first..<last where shares[column] >= least { light.add(shares[column]) }
      }
    }
  }

  /// Brings the contrast of one polarity to `contrast`.
  mutating func turn(to polarity: Polarity) {
    guard polarity != contrastPolarity else { return }
    swap(&contrast, &opposite)
    contrastPolarity = polarity
  }
}
