/// The letters A to Z in print, one or two ways each, drawn for this project; labels 10 to 35.
package enum LetterGlyphs {
  /// Entries in reading order; each `glyph` entry begins one way of writing its label.
  package static let points: InlineArray<_, GlyphPoint> = [
    // A, with a pointed and with a round top; B; C; D.
    .glyph(10), .down(10, 100), .turn(50, 0), .turn(90, 100), .down(25, 64), .turn(75, 64),
    .glyph(10), .down(14, 100), .via(18, 40), .via(50, 2), .via(82, 40), .turn(86, 100), .down(17, 58), .turn(83, 58),
    .glyph(11), .down(20, 0), .turn(20, 100), .down(20, 2), .via(70, 6), .via(70, 42), .turn(22, 48), .via(78, 56),
    .via(74, 94), .turn(20, 99),
    .glyph(12), .down(84, 18), .via(56, 2), .via(20, 24), .via(16, 70), .via(50, 98), .via(86, 82),
    .glyph(13), .down(20, 0), .turn(20, 100), .down(20, 1), .via(70, 12), .via(84, 52), .via(66, 90), .turn(20, 99),

    // E, F, G, H.
    .glyph(14), .down(82, 2), .turn(20, 2), .turn(20, 98), .turn(84, 98), .down(20, 48), .turn(70, 48),
    .glyph(15), .down(84, 2), .turn(20, 2), .turn(20, 100), .down(20, 48), .turn(72, 48),
    .glyph(16), .down(82, 16), .via(52, 2), .via(18, 28), .via(18, 74), .via(52, 98), .via(82, 84), .turn(84, 56),
    .turn(54, 56),
    .glyph(17), .down(18, 0), .turn(18, 100), .down(82, 0), .turn(82, 100), .down(18, 50), .turn(82, 50),

    // I with serifs, which tells it from 1; J; K; L.
    .glyph(18), .down(28, 2), .turn(72, 2), .down(50, 2), .turn(50, 98), .down(28, 98), .turn(72, 98),
    .glyph(19), .down(44, 2), .turn(86, 2), .down(66, 2), .turn(66, 70), .via(54, 96), .via(24, 94), .via(14, 72),
    .glyph(20), .down(20, 0), .turn(20, 100), .down(82, 2), .turn(22, 56), .down(40, 44), .turn(84, 100),
    .glyph(21), .down(22, 0), .turn(22, 98), .turn(82, 98),

    // M, N, O with a stroke to tell it from 0, P.
    .glyph(22), .down(10, 100), .turn(16, 2), .turn(50, 66), .turn(84, 2), .turn(90, 100),
    .glyph(23), .down(18, 100), .turn(18, 2), .turn(82, 98), .turn(82, 0),
    .glyph(24), .down(50, 1), .via(10, 26), .via(6, 66), .via(44, 99), .via(90, 78), .via(94, 32), .via(50, 1),
    .down(62, 2), .turn(92, 2),
    .glyph(25), .down(20, 100), .turn(20, 2), .via(66, 4), .via(80, 28), .via(64, 52), .turn(22, 56),

    // Q, R, S, T.
    .glyph(26), .down(50, 1), .via(12, 26), .via(12, 70), .via(46, 96), .via(86, 72), .via(86, 28), .via(50, 1),
    .down(58, 70), .turn(92, 100),
    .glyph(27), .down(20, 100), .turn(20, 2), .via(66, 4), .via(78, 26), .via(62, 48), .turn(22, 52), .down(44, 52),
    .turn(84, 100),
    .glyph(28), .down(80, 14), .via(50, 2), .via(22, 22), .via(44, 46), .via(76, 66), .via(66, 94), .via(36, 98),
    .via(16, 84),
    .glyph(29), .down(10, 3), .turn(90, 3), .down(50, 3), .turn(50, 100),

    // U, V, W.
    .glyph(30), .down(16, 0), .turn(16, 66), .via(34, 97), .via(66, 97), .via(84, 66), .turn(84, 0),
    .glyph(31), .down(10, 0), .turn(50, 100), .turn(90, 0),
    .glyph(32), .down(4, 0), .turn(26, 100), .turn(50, 34), .turn(74, 100), .turn(96, 0),

    // X, Y, Z with a bar, which tells it from 2.
    .glyph(33), .down(14, 0), .turn(86, 100), .down(86, 0), .turn(14, 100),
    .glyph(34), .down(12, 0), .turn(50, 48), .down(88, 0), .turn(50, 48), .turn(50, 100),
    .glyph(35), .down(14, 3), .turn(86, 3), .turn(14, 97), .turn(88, 97), .down(30, 50), .turn(70, 50),
  ]
}
