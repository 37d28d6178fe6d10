/// A point of a pen's path.
struct PathPoint {
  var x: Int32
  var y: Int32
  /// Half the pen's width here: relative (4,096 is the hand's own) until the path is scaled, then in 1/256 pixel.
  var halfWidth: Int32
  /// Whether the pen comes down here, so that no ink joins this point to the one before.
  var startsStroke: Bool
}

/// A glyph written by one hand: straight pieces, ready to be drawn. Lives on the stack; nothing is allocated.
struct StrokePath {
  /// Most points of a path; the tests check that every glyph of every table stays below.
  static let capacity = 288
  /// Most control points of a glyph.
  static let controlCapacity = 40

  private(set) var points: InlineArray<288, PathPoint>
  private(set) var count = 0

  /// Writes one of the table's ways to show `label`, chosen by the random sequence; empty when the table has none.
  init(_ table: Span<GlyphPoint>, label: Int8, hand: Hand, random: inout SplitMix64) {
    points = InlineArray(repeating: PathPoint(x: 0, y: 0, halfWidth: 0, startsStroke: false))
    let ways = Self.countWays(table, label: label)
    guard ways > 0 else { return }
    let start = Self.findWay(table, label: label, number: random.below(ways))
    var controls = InlineArray<40, PathPoint>(repeating: points[0])
    var sharp = InlineArray<40, Bool>(repeating: true)
    var controlCount = 0
    var index = start
    while index < table.count, table[index].kind != .glyph, controlCount < Self.controlCapacity {
      var point = hand.place(table[index], &random)
      point.halfWidth = Hand.one + random.centred(800)
      point.startsStroke = table[index].kind == .down
      controls[controlCount] = point
      sharp[controlCount] = table[index].kind != .via
      controlCount += 1
      index += 1
    }
    flatten(controls, sharp, controlCount)
  }

  private static func countWays(_ table: Span<GlyphPoint>, label: Int8) -> Int32 {
    var ways: Int32 = 0
    for index in table.indices {
      if table[index].begins(label) { ways += 1 }
    }
    return ways
  }

  /// The index of the first point of the way with this number; the table's end when there is none.
  private static func findWay(_ table: Span<GlyphPoint>, label: Int8, number: Int32) -> Int {
    var left = number
    for index in table.indices {
      guard table[index].begins(label) else { continue }
      if left == 0 { return index + 1 }
      left -= 1
    }
    return table.count
  }

  /// Turns control points into straight pieces: a Catmull-Rom spline through the smooth ones, eight pieces a span.
  private mutating func flatten(
    _ controls: InlineArray<40, PathPoint>, _ sharp: InlineArray<40, Bool>, _ controlCount: Int
  ) {
    for index in 0..<controlCount {
      let here = controls[index]
      guard !here.startsStroke, index > 0 else {
        append(here)
        continue
      }
      let last = controls[index - 1]
      let endsStroke = index + 1 == controlCount || controls[index + 1].startsStroke
      let before = sharp[index - 1] || index < 2 ? last : controls[index - 2]
      let after = sharp[index] || endsStroke ? here : controls[index + 1]
      let straight = sharp[index - 1] && (sharp[index] || endsStroke)
      let pieces: Int32 = straight ? 1 : 8
      for piece in 1...pieces {
        let step = piece * 8 / pieces
        append(
          PathPoint(
            x: Self.spline(before.x, last.x, here.x, after.x, step),
            y: Self.spline(before.y, last.y, here.y, after.y, step),
            halfWidth: last.halfWidth + (here.halfWidth - last.halfWidth) * step / 8,
            startsStroke: false))
      }
    }
  }

  /// The uniform Catmull-Rom cubic from `p1` to `p2` at `step` / 8.
  ///
  /// Catmull and Rom, "A class of local interpolating splines" (1974), with tension 1/2.
  private static func spline(_ p0: Int32, _ p1: Int32, _ p2: Int32, _ p3: Int32, _ step: Int32) -> Int32 {
    let k = Int64(step)
    let (a, b, c, d) = (Int64(p0), Int64(p1), Int64(p2), Int64(p3))
    let linear = (c - a) * 64 * k
    let square = (2 * a - 5 * b + 4 * c - d) * 8 * k * k
    let cube = (3 * b - a - 3 * c + d) * k * k * k
    return Int32(truncatingIfNeeded: roundedQuotient(1_024 * b + linear + square + cube, 1_024))
  }

  private mutating func append(_ point: PathPoint) {
    guard count < Self.capacity else { return }
    points[count] = point
    count += 1
  }

  /// Scales the path so that its ink, pen width and faded edge included, just fits a square of `size` pixels, proportions kept, and
  /// moves it so that the square's corner is at (`x`, `y`); the shorter side is centred.
  ///
  /// Afterwards every length is in 1/256 pixel.
  mutating func fit(x: Int32, y: Int32, size: Int32, hand: Hand) {
    guard count > 0 else { return }
    var widest: Int32 = 0
    var (left, top, right, bottom) = (points[0].x, points[0].y, points[0].x, points[0].y)
    for index in 0..<count {
      left = min(left, points[index].x)
      right = max(right, points[index].x)
      top = min(top, points[index].y)
      bottom = max(bottom, points[index].y)
      widest = max(widest, points[index].halfWidth)
    }
    let pen = Int64(hand.halfWidth) * Int64(size) * 256 / Int64(Hand.one)
    let rim = pen * Int64(widest) / Int64(Hand.one) + Int64(hand.softness) / 2
    let extent = Int64(max(right - left, bottom - top, 1))
    let room = max(Int64(size) * 256 - 2 * rim, 1)
    let middleX = Int64(x) * 256 + Int64(size) * 128
    let middleY = Int64(y) * 256 + Int64(size) * 128
    for index in 0..<count {
      let fromX = Int64(2 * points[index].x - left - right)
      let fromY = Int64(2 * points[index].y - top - bottom)
      points[index].x = Int32(truncatingIfNeeded: middleX + fromX * room / (2 * extent))
      points[index].y = Int32(truncatingIfNeeded: middleY + fromY * room / (2 * extent))
      points[index].halfWidth = Int32(truncatingIfNeeded: pen * Int64(points[index].halfWidth) / Int64(Hand.one))
    }
  }

  /// Moves the path by whole pixels.
  mutating func move(x: Int32, y: Int32) {
    for index in 0..<count {
      points[index].x += x * 256
      points[index].y += y * 256
    }
  }
}
