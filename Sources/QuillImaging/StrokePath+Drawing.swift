extension StrokePath {
  /// Draws the path: each pixel is mixed towards `ink` by how much of the pen covers it.
  ///
  /// Coverage falls linearly from full to none over `softness` (1/256 pixel, at least 1) about the pen's edge; where
  /// strokes cross, the larger coverage counts. Pixels outside the canvas are left out.
  /// - Returns: the box of the pixels that the pen may have touched, clipped to the canvas.
  func draw(
    into canvas: inout MutableSpan<UInt8>, shape: FrameShape, ink: UInt8, strength: Int32, softness: Int32
  ) -> PixelBox {
    // Through a span: a point read from the array itself costs a copy of the whole array.
    let points = points.span
    let box = Self.touchedBox(points, count, softness: softness).intersection(
      PixelBox(left: 0, top: 0, right: Int32(shape.width), bottom: Int32(shape.height)))
    guard !box.isEmpty else { return PixelBox(left: 0, top: 0, right: 0, bottom: 0) }
    var active = InlineArray<288, UInt16>(repeating: 0)
    for row in box.top..<box.bottom {
      let activeCount = Self.piecesNear(row, points, count, softness: softness, into: &active)
      guard activeCount > 0 else { continue }
      for column in box.left..<box.right {
        var coverage: Int32 = 0
        for slot in 0..<activeCount where coverage < 255 {
          coverage = max(coverage, Self.cover(points, Int(active[slot]), column * 256 + 128, row * 256 + 128, softness))
        }
        guard coverage > 0 else { continue }
        let place = Int(row) * shape.bytesPerRow + Int(column)
        let paper = Int32(canvas[place])
        let mixed = Int64((Int32(ink) - paper) * coverage) * Int64(strength)
        canvas[place] = clampedByte(paper + Int32(truncatingIfNeeded: roundedQuotient(mixed, 255 * 255)))
      }
    }
    return box
  }

  /// Pixels that the pen may touch.
  private static func touchedBox(_ points: Span<PathPoint>, _ count: Int, softness: Int32) -> PixelBox {
    var box = PixelBox(left: .max, top: .max, right: .min, bottom: .min)
    for index in 0..<count {
      let point = points[index]
      let reach = point.halfWidth + softness / 2
      box = box.union(
        PixelBox(
          left: (point.x - reach) >> 8, top: (point.y - reach) >> 8,
          right: ((point.x + reach) >> 8) + 1, bottom: ((point.y + reach) >> 8) + 1))
    }
    return box
  }

  /// Lists the pieces, by the index of their last point, whose ink may reach the row.
  private static func piecesNear(
    _ row: Int32, _ points: Span<PathPoint>, _ count: Int, softness: Int32, into active: inout InlineArray<288, UInt16>
  ) -> Int {
    let centre = row * 256 + 128
    var activeCount = 0
    for index in 0..<count {
      let here = points[index]
      let last = here.startsStroke || index == 0 ? here : points[index - 1]
      if here.startsStroke, index + 1 < count, !points[index + 1].startsStroke { continue }
      let reach = max(here.halfWidth, last.halfWidth) + softness / 2
      if centre >= min(here.y, last.y) - reach, centre <= max(here.y, last.y) + reach {
        active[activeCount] = UInt16(truncatingIfNeeded: index)
        activeCount += 1
      }
    }
    return activeCount
  }

  /// How much of 255 the pen on the piece that ends at point `index` covers the pixel with centre (`x`, `y`).
  private static func cover(
    _ points: Span<PathPoint>, _ index: Int, _ x: Int32, _ y: Int32, _ softness: Int32
  ) -> Int32 {
    let end = points[index]
    let start = end.startsStroke || index == 0 ? end : points[index - 1]
    let reach = max(start.halfWidth, end.halfWidth) + softness / 2
    guard x >= min(start.x, end.x) - reach, x <= max(start.x, end.x) + reach else { return 0 }
    let alongX = Int64(end.x - start.x)
    let alongY = Int64(end.y - start.y)
    let square = alongX * alongX + alongY * alongY
    let dot = Int64(x - start.x) * alongX + Int64(y - start.y) * alongY
    let share = square == 0 ? 0 : min(max((dot << 12) / square, 0), 4_096)
    let offX = Int64(x - start.x) - ((alongX * share) >> 12)
    let offY = Int64(y - start.y) - ((alongY * share) >> 12)
    let pen = Int64(start.halfWidth) + ((Int64(end.halfWidth - start.halfWidth) * share) >> 12)
    let outer = pen + Int64(softness) / 2
    let distanceSquare = offX * offX + offY * offY
    guard distanceSquare < outer * outer else { return 0 }
    let inner = pen - Int64(softness) / 2
    if inner > 0, distanceSquare <= inner * inner { return 255 }
    let inside = outer - integerSquareRoot(distanceSquare)
    return Int32(truncatingIfNeeded: min(255, max(0, inside * 255 / Int64(softness))))
  }
}
