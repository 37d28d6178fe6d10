/// One entry of a glyph table: where the pen goes next, or where a new glyph begins.
///
/// Coordinates lie in a square of 0...100, x to the right and y downwards. The pen passes through every point: smoothly
/// through a `via`, with a sharp turn at a `turn`, and it comes down on the paper at a `down`. Only proportions matter,
/// since a drawn glyph is scaled to its own box.
package struct GlyphPoint: Sendable {
  package enum Kind: UInt8, Sendable {
    case glyph, down, via, turn
  }

  package let kind: Kind
  /// Horizontal place; for `glyph`, the label that the following strokes show.
  package let x: Int8
  package let y: Int8

  private init(_ kind: Kind, _ x: Int8, _ y: Int8) {
    self.kind = kind
    self.x = x
    self.y = y
  }

  /// Whether this entry begins a way of writing `label`.
  package func begins(_ label: Int8) -> Bool {
    kind == .glyph && x == label
  }

  /// Begins one way of writing `label`.
  package static func glyph(_ label: Int8) -> GlyphPoint { GlyphPoint(.glyph, label, 0) }
  /// The pen comes down: a new stroke.
  package static func down(_ x: Int8, _ y: Int8) -> GlyphPoint { GlyphPoint(.down, x, y) }
  /// The pen passes smoothly.
  package static func via(_ x: Int8, _ y: Int8) -> GlyphPoint { GlyphPoint(.via, x, y) }
  /// The pen turns sharply.
  package static func turn(_ x: Int8, _ y: Int8) -> GlyphPoint { GlyphPoint(.turn, x, y) }
}
