/// The digits 0 to 9 as people write them, several ways each, drawn for this project.
package enum DigitGlyphs {
  /// Entries in reading order; each `glyph` entry begins one way of writing its label.
  package static let points: InlineArray<_, GlyphPoint> = [
    // 0: closed oval, overlapping ends, a gap at the top, narrow.
    .glyph(0), .down(54, 2), .via(24, 12), .via(8, 50), .via(24, 89), .via(52, 98), .via(80, 86), .via(92, 48),
    .via(78, 12), .via(52, 2),
    .glyph(0), .down(64, 10), .via(40, 3), .via(16, 25), .via(10, 60), .via(28, 93), .via(60, 95), .via(86, 70),
    .via(88, 35), .via(70, 8), .via(44, 9),
    .glyph(0), .down(42, 5), .via(16, 30), .via(12, 66), .via(36, 97), .via(68, 90), .via(88, 56), .via(80, 18),
    .via(56, 4),
    .glyph(0), .down(58, 1), .via(36, 20), .via(26, 58), .via(38, 94), .via(58, 96), .via(74, 70), .via(74, 28),
    .via(58, 1),

    // 1: plain, leaning, with a flag, with flag and base, slightly bent.
    .glyph(1), .down(50, 0), .turn(50, 100),
    .glyph(1), .down(56, 0), .turn(44, 100),
    .glyph(1), .down(51, 0), .via(48, 50), .via(50, 100),
    .glyph(1), .down(34, 20), .via(44, 12), .turn(53, 1), .turn(51, 100),
    .glyph(1), .down(30, 24), .turn(52, 2), .turn(50, 98), .down(26, 98), .turn(76, 97),

    // 2: sharp corner, loop below, curved base, round neck.
    .glyph(2), .down(14, 24), .via(28, 7), .via(56, 2), .via(78, 20), .via(70, 46), .via(42, 74), .turn(10, 97),
    .turn(92, 95),
    .glyph(2), .down(14, 20), .via(38, 2), .via(70, 8), .via(78, 34), .via(56, 66), .via(28, 92), .via(11, 93),
    .via(12, 79), .via(30, 77), .via(56, 91), .via(76, 96), .via(94, 86),
    .glyph(2), .down(18, 16), .via(44, 2), .via(72, 12), .via(76, 38), .via(52, 70), .turn(14, 95), .via(44, 90),
    .via(66, 96), .via(90, 90),
    .glyph(2), .down(10, 30), .via(20, 10), .via(46, 1), .via(74, 12), .via(76, 36), .via(54, 62), .via(26, 84),
    .turn(12, 96), .turn(86, 98),

    // 3: two bows, flat top, a small loop in the middle, shallow waist.
    .glyph(3), .down(16, 13), .via(42, 2), .via(72, 12), .via(70, 34), .turn(40, 47), .via(72, 54), .via(84, 76),
    .via(60, 96), .via(14, 90),
    .glyph(3), .down(14, 4), .turn(78, 4), .turn(44, 40), .via(74, 50), .via(82, 74), .via(54, 97), .via(12, 90),
    .glyph(3), .down(20, 10), .via(48, 1), .via(74, 16), .via(62, 40), .via(42, 48), .via(36, 44), .via(48, 43),
    .via(76, 58), .via(82, 80), .via(54, 98), .via(14, 88),
    .glyph(3), .down(16, 8), .via(50, 2), .via(76, 18), .via(64, 42), .via(56, 48), .via(76, 60), .via(76, 84),
    .via(48, 98), .via(12, 94),

    // 4: open, closed with a triangle, open with a round corner, closed in one stroke and a long stem.
    .glyph(4), .down(24, 2), .turn(12, 56), .turn(92, 54), .down(68, 22), .turn(64, 100),
    .glyph(4), .down(64, 2), .turn(8, 66), .turn(94, 64), .down(65, 2), .turn(64, 100),
    .glyph(4), .down(22, 4), .via(16, 40), .via(30, 56), .via(56, 54), .turn(78, 46), .down(80, 4), .via(74, 50),
    .via(68, 100),
    .glyph(4), .down(20, 6), .via(18, 36), .turn(20, 50), .turn(72, 48), .down(76, 2), .turn(68, 100),
    .glyph(4), .down(58, 4), .via(34, 32), .turn(12, 60), .via(50, 58), .turn(88, 62), .down(58, 4), .via(60, 50),
    .turn(58, 100),

    // 5: two strokes, one stroke with corners, like an S, long bar.
    .glyph(5), .down(26, 5), .turn(20, 46), .via(52, 38), .via(80, 56), .via(76, 84), .via(42, 98), .via(10, 90),
    .down(26, 5), .turn(84, 3),
    .glyph(5), .down(84, 4), .turn(30, 5), .turn(22, 43), .via(56, 38), .via(82, 62), .via(64, 94), .via(10, 92),
    .glyph(5), .down(84, 5), .via(54, 5), .turn(34, 9), .via(26, 38), .via(56, 47), .via(78, 70), .via(54, 97),
    .via(14, 90),
    .glyph(5), .down(30, 14), .via(26, 42), .via(52, 42), .via(74, 62), .via(62, 92), .via(18, 97), .down(30, 13),
    .via(60, 10), .via(92, 4),

    // 6: round loop, straight back, big loop, loop that closes on the back.
    .glyph(6), .down(68, 2), .via(36, 28), .via(15, 66), .via(32, 97), .via(68, 92), .via(76, 68), .via(52, 55),
    .via(20, 72),
    .glyph(6), .down(58, 0), .via(28, 40), .via(14, 76), .via(36, 99), .via(68, 86), .via(66, 62), .via(40, 58),
    .via(17, 76),
    .glyph(6), .down(50, 1), .via(24, 30), .via(12, 64), .via(28, 96), .via(66, 98), .via(84, 74), .via(66, 50),
    .via(34, 54), .via(14, 74),
    .glyph(6), .down(76, 6), .via(46, 14), .via(20, 48), .via(20, 84), .via(48, 99), .via(76, 82), .via(66, 58),
    .via(42, 58), .via(22, 78),

    // 7: two strokes' angle, with a bar, with a serif, with a wavy top, bar and serif.
    .glyph(7), .down(12, 6), .turn(86, 5), .via(64, 44), .turn(44, 100),
    .glyph(7), .down(12, 6), .turn(86, 4), .via(62, 46), .turn(44, 100), .down(34, 52), .turn(82, 49),
    .glyph(7), .down(12, 24), .turn(14, 6), .turn(86, 5), .turn(46, 100),
    .glyph(7), .down(10, 14), .via(26, 5), .via(54, 9), .turn(86, 4), .via(66, 40), .via(52, 98),
    .glyph(7), .down(12, 22), .turn(15, 6), .turn(88, 6), .via(62, 52), .turn(50, 100), .down(38, 54), .turn(84, 52),

    // 8: from the upper right, from the middle, two rings, narrow.
    .glyph(8), .down(76, 14), .via(48, 2), .via(22, 20), .via(44, 44), .via(76, 68), .via(68, 93), .via(40, 98),
    .via(18, 80), .via(40, 54), .via(68, 34), .via(76, 13),
    .glyph(8), .down(50, 46), .via(24, 28), .via(30, 6), .via(62, 3), .via(76, 22), .via(52, 46), .via(22, 70),
    .via(28, 94), .via(64, 97), .via(78, 74), .via(50, 46),
    .glyph(8), .down(50, 2), .via(26, 12), .via(28, 38), .via(52, 47), .via(74, 34), .via(72, 10), .via(50, 2),
    .down(52, 47), .via(22, 62), .via(24, 90), .via(52, 99), .via(80, 86), .via(78, 60), .via(52, 47),
    .glyph(8), .down(70, 12), .via(52, 1), .via(32, 16), .via(46, 42), .via(64, 64), .via(64, 92), .via(44, 98),
    .via(32, 82), .via(44, 56), .via(64, 34), .via(68, 10),

    // 9: straight tail, curved tail, tail bent at the foot, round head in one turn.
    .glyph(9), .down(80, 14), .via(50, 3), .via(20, 22), .via(28, 46), .via(58, 44), .turn(80, 16), .via(78, 50),
    .turn(72, 100),
    .glyph(9), .down(78, 20), .via(54, 2), .via(24, 18), .via(26, 46), .via(56, 48), .turn(80, 20), .via(80, 56),
    .via(64, 92), .via(24, 96),
    .glyph(9), .down(76, 12), .via(44, 4), .via(20, 30), .via(42, 50), .via(68, 34), .turn(78, 10), .via(70, 54),
    .via(48, 100),
    .glyph(9), .down(74, 26), .via(62, 6), .via(34, 6), .via(22, 30), .via(42, 48), .via(68, 36), .via(75, 20),
    .via(76, 60), .via(72, 99),
  ]
}
