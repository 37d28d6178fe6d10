/// The Devanagari digits 0 to 9 (Unicode 0966 to 096F), one or two ways each, drawn for this project.
package enum DevanagariGlyphs {
  /// Entries in reading order; each `glyph` entry begins one way of writing its label.
  package static let points: InlineArray<_, GlyphPoint> = [
    // 0: a ring.
    .glyph(0), .down(50, 14), .via(22, 30), .via(20, 64), .via(48, 84), .via(78, 68), .via(78, 32), .via(50, 14),
    // 1: a curl with a tail to the right below.
    .glyph(1), .down(52, 40), .via(36, 46), .via(26, 30), .via(40, 8), .via(66, 10), .via(74, 36), .via(62, 66),
    .via(44, 98),
    .glyph(1), .down(56, 36), .via(42, 46), .via(28, 34), .via(36, 10), .via(62, 6), .via(76, 30), .via(70, 62),
    .via(58, 100),
    // 2: a bow to the left, then a tail to the lower right.
    .glyph(2), .down(24, 14), .via(48, 4), .via(68, 18), .via(60, 42), .turn(30, 56), .via(52, 66), .via(84, 98),
    .glyph(2), .down(26, 8), .via(58, 4), .via(70, 26), .via(50, 48), .via(30, 52), .via(40, 66), .via(80, 96),
    // 3: two bows, and the tail.
    .glyph(3), .down(26, 8), .via(56, 4), .via(68, 18), .turn(40, 34), .via(70, 42), .via(66, 62), .turn(36, 66),
    .via(56, 78), .via(80, 100),
    // 4: two arms that cross above a loop.
    .glyph(4), .down(14, 4), .via(44, 42), .via(70, 72), .via(50, 97), .via(30, 72), .via(56, 42), .via(86, 4),
    // 5: a cup at the left of a stem, with a foot.
    .glyph(5), .down(26, 4), .via(20, 30), .via(36, 50), .turn(66, 40), .down(66, 4), .turn(66, 72), .via(52, 60),
    .via(42, 74), .via(58, 86), .via(84, 98),
    // 6: the mirror of 3.
    .glyph(6), .down(74, 8), .via(44, 4), .via(32, 18), .turn(60, 34), .via(30, 42), .via(34, 64), .via(66, 64),
    .via(60, 76), .via(50, 68), .via(62, 84), .via(84, 98),
    // 7: an arch that curls in on itself at the left.
    .glyph(7), .down(48, 46), .via(60, 56), .via(46, 70), .via(24, 60), .via(22, 28), .via(48, 6), .via(76, 24),
    .via(82, 60), .via(74, 96),
    // 8: a roof falling to the left, and a long foot.
    .glyph(8), .down(70, 4), .via(42, 24), .via(26, 54), .via(40, 84), .turn(88, 96),
    .glyph(8), .down(20, 6), .turn(64, 4), .via(40, 30), .via(28, 58), .via(44, 86), .turn(86, 94),
    // 9: a loop at the upper right, a back, and the tail.
    .glyph(9), .down(66, 32), .via(52, 40), .via(44, 24), .via(62, 8), .via(76, 26), .via(62, 46), .via(30, 44),
    .turn(26, 40), .via(36, 68), .via(82, 98),
  ]
}
