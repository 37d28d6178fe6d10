import QuillImaging

/// Small letters and signs that are no digit's twin, one or two ways each, drawn for this project; labels 0..<`count`.
enum OtherGlyphs {
  /// How many there are.
  static let count = 26

  /// Entries in reading order; each `glyph` entry begins one way of writing its label.
  static let points: [GlyphPoint] = [
    // a, round with a stem, and in print; c; d.
    .glyph(0), .down(76, 20), .via(50, 4), .via(16, 30), .via(18, 76), .via(46, 96), .via(74, 70), .turn(78, 8),
    .turn(80, 84), .via(96, 98),
    .glyph(0), .down(22, 18), .via(46, 2), .via(72, 18), .turn(74, 98), .down(74, 46), .via(34, 48), .via(16, 74),
    .via(40, 98), .via(74, 80),
    .glyph(1), .down(82, 16), .via(48, 2), .via(16, 40), .via(28, 88), .via(60, 98), .via(86, 84),
    .glyph(2), .down(70, 50), .via(44, 38), .via(16, 66), .via(38, 98), .via(70, 78), .down(70, 0), .turn(72, 98),

    // e, closed and open; f; h; j, with its dot.
    .glyph(3), .down(16, 50), .turn(84, 46), .via(66, 8), .via(36, 6), .via(12, 46), .via(34, 94), .via(84, 86),
    .glyph(3), .down(20, 54), .via(64, 46), .via(80, 22), .via(50, 4), .via(18, 40), .via(24, 86), .via(56, 98),
    .via(90, 76),
    .glyph(4), .down(78, 8), .via(58, 2), .via(46, 24), .turn(44, 100), .down(18, 44), .turn(74, 42),
    .glyph(4), .down(50, 54), .via(74, 20), .via(58, 2), .via(46, 30), .via(44, 84), .via(30, 98), .via(34, 70),
    .via(80, 52),
    .glyph(5), .down(24, 0), .turn(22, 100), .down(22, 62), .via(50, 42), .via(74, 58), .turn(76, 100),
    .glyph(6), .down(62, 26), .turn(60, 82), .via(44, 100), .via(20, 88), .down(62, 2), .turn(64, 8),

    // k, m, n, p, r.
    .glyph(7), .down(24, 0), .turn(22, 100), .down(74, 36), .turn(26, 68), .down(38, 60), .turn(78, 100),
    .glyph(8), .down(6, 10), .turn(8, 98), .down(8, 40), .via(30, 8), .via(46, 34), .turn(46, 98), .down(46, 40),
    .via(70, 8), .via(88, 34), .turn(90, 98),
    .glyph(9), .down(16, 4), .turn(18, 98), .down(18, 42), .via(50, 4), .via(78, 34), .turn(80, 98),
    .glyph(10), .down(22, 4), .turn(20, 100), .down(22, 18), .via(58, 2), .via(80, 28), .via(56, 54), .via(22, 46),
    .glyph(11), .down(26, 4), .turn(26, 98), .down(26, 44), .via(46, 10), .via(80, 10),
    .glyph(11), .down(8, 46), .via(30, 20), .via(36, 6), .via(42, 22), .turn(76, 22), .via(64, 70), .via(92, 94),

    // t, u, v, w, x.
    .glyph(12), .down(46, 0), .via(44, 72), .via(58, 98), .via(80, 86), .down(14, 32), .turn(80, 30),
    .glyph(12), .down(48, 2), .turn(46, 98), .down(12, 38), .turn(86, 34),
    .glyph(13), .down(14, 4), .via(16, 66), .via(42, 96), .via(74, 64), .turn(78, 4), .turn(80, 80), .via(96, 98),
    .glyph(14), .down(10, 2), .turn(46, 98), .via(74, 30), .via(90, 4),
    .glyph(15), .down(4, 6), .via(10, 76), .via(26, 96), .via(46, 66), .turn(48, 20), .via(54, 80), .via(72, 96),
    .via(90, 60), .turn(92, 4),
    .glyph(16), .down(12, 4), .via(44, 40), .via(60, 70), .via(90, 96), .down(86, 4), .turn(12, 98),
    .glyph(16), .down(8, 10), .via(40, 8), .via(48, 50), .via(38, 92), .via(10, 88), .down(92, 8), .via(60, 12),
    .via(52, 50), .via(64, 92), .via(92, 86),

    // A plus, a star, a number sign, a tick, an arrow.
    .glyph(17), .down(50, 4), .turn(50, 96), .down(6, 50), .turn(94, 48),
    .glyph(18), .down(50, 2), .turn(52, 98), .down(8, 26), .turn(92, 76), .down(90, 22), .turn(10, 78),
    .glyph(19), .down(34, 2), .turn(26, 98), .down(72, 2), .turn(64, 98), .down(6, 32), .turn(96, 30), .down(4, 68),
    .turn(92, 66),
    .glyph(20), .down(4, 56), .turn(34, 94), .turn(96, 6),
    .glyph(21), .down(2, 50), .turn(98, 50), .down(66, 18), .turn(98, 50), .turn(66, 84),

    // A triangle, a bracket and its twin, a pi, a wave.
    .glyph(22), .down(50, 4), .turn(8, 92), .turn(94, 90), .turn(50, 4),
    .glyph(23), .down(76, 2), .turn(22, 4), .turn(20, 96), .turn(78, 98),
    .glyph(23), .down(24, 2), .turn(78, 4), .turn(80, 96), .turn(22, 98),
    .glyph(24), .down(6, 14), .via(20, 4), .turn(94, 6), .down(32, 6), .turn(24, 98), .down(68, 6), .via(66, 80),
    .via(88, 94),
    .glyph(25), .down(2, 66), .via(22, 30), .via(48, 52), .via(74, 74), .via(98, 34),
  ]
}
