/// How grey levels are spread before the digit is looked for.
public enum Equalisation: UInt8, CaseIterable, Sendable {
  /// Not at all.
  case none
  /// One mapping for the whole picture, after which all levels occur about equally often.
  case global
  /// A mapping for each of 8 x 8 tiles, its slope limited so that noise is not blown up, blended between tiles:
  /// contrast-limited adaptive histogram equalisation (Zuiderveld, in Graphics Gems IV, 1994).
  case contrastLimited
}

/// Histogram equalisation in place, with tables that are allocated once.
struct Equaliser: ~Copyable {
  /// Tiles along each side.
  static let tiles = 8
  /// A level's count is cut at this many times the mean count, which limits the slope of the mapping.
  static let limit: Int32 = 3

  /// 256 bytes a tile.
  private var tables = [UInt8](repeating: 0, count: tiles * tiles * 256)

  /// Spreads the levels of the first `width` x `height` bytes, rows without padding.
  mutating func apply(_ equalisation: Equalisation, to plane: inout [UInt8], width: Int, height: Int) {
    switch equalisation {
    case .none: return
    case .global:
      let whole = PixelBox(left: 0, top: 0, right: Int32(width), bottom: Int32(height))
      fillTable(0, plane, width: width, box: whole, limited: false)
      for place in 0..<(width * height) { plane[place] = tables[Int(plane[place])] }
    case .contrastLimited:
      for row in 0..<Self.tiles {
        for column in 0..<Self.tiles {
          let box = PixelBox(
            left: Int32(column * width / Self.tiles), top: Int32(row * height / Self.tiles),
            right: Int32((column + 1) * width / Self.tiles), bottom: Int32((row + 1) * height / Self.tiles))
          fillTable(row * Self.tiles + column, plane, width: width, box: box, limited: true)
        }
      }
      blend(&plane, width: width, height: height)
    }
  }

  /// Writes a tile's mapping: 255 x the share of its pixels that are no lighter, halves of the own level left out.
  private mutating func fillTable(_ tile: Int, _ plane: [UInt8], width: Int, box: PixelBox, limited: Bool) {
    var histogram = Histogram()
    histogram.add(plane.span, width: width, box: box)
    let total = Int64(histogram.total)
    guard total > 0 else {
      for level in 0..<256 { tables[tile * 256 + level] = UInt8(level) }
      return
    }
    let most = limited ? max(1, Self.limit * histogram.total / 256) : Int32.max
    var cut: Int64 = 0
    for level in 0..<256 { cut += Int64(max(0, histogram[level] - most)) }
    // What was cut off is handed out evenly; in 1/256 of a pixel, so that nothing is lost.
    var below: Int64 = 0
    for level in 0..<256 {
      let own = Int64(min(histogram[level], most)) * 256 + cut
      tables[tile * 256 + level] = UInt8(truncatingIfNeeded: min(255, (below + own / 2) * 255 / (total * 256)))
      below += own
    }
  }

  /// Maps each pixel by the tables of the four tiles about it, weighed by nearness.
  private func blend(_ plane: inout [UInt8], width: Int, height: Int) {
    let count = Int32(Self.tiles)
    for row in 0..<height {
      // Place among tile centres with 8 fractional bits.
      let down = min(max((Int32(2 * row + 1) * count * 128) / Int32(height) - 128, 0), (count - 1) * 256)
      let upper = Int(down >> 8)
      let lower = min(upper + 1, Self.tiles - 1)
      let low = down & 255
      for column in 0..<width {
        let right = min(max((Int32(2 * column + 1) * count * 128) / Int32(width) - 128, 0), (count - 1) * 256)
        let near = Int(right >> 8)
        let far = min(near + 1, Self.tiles - 1)
        let along = right & 255
        let level = Int(plane[row * width + column])
        let above =
          table(upper, near, level) * (256 - along) + table(upper, far, level) * along
        let below =
          table(lower, near, level) * (256 - along) + table(lower, far, level) * along
        plane[row * width + column] = clampedByte((above * (256 - low) + below * low + 32_768) >> 16)
      }
    }
  }

  private func table(_ row: Int, _ column: Int, _ level: Int) -> Int32 {
    Int32(tables[(row * Self.tiles + column) * 256 + level])
  }
}
