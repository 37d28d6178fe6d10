/// A rectangle of whole pixels: columns `left`..<`right` and rows `top`..<`bottom`.
public struct PixelBox: Equatable, Sendable {
  /// First column.
  public var left: Int32
  /// First row.
  public var top: Int32
  /// One past the last column.
  public var right: Int32
  /// One past the last row.
  public var bottom: Int32

  /// A rectangle of whole pixels; an edge of zero length or less makes it empty.
  public init(left: Int32, top: Int32, right: Int32, bottom: Int32) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  /// Pixels from left to right; at least 0.
  public var width: Int32 { max(0, right &- left) }
  /// Pixels from top to bottom; at least 0.
  public var height: Int32 { max(0, bottom &- top) }
  /// The longer of width and height.
  public var longSide: Int32 { max(width, height) }
  /// Whether no pixel lies inside.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// The smallest rectangle that holds both.
  package func union(_ other: PixelBox) -> PixelBox {
    PixelBox(
      left: min(left, other.left), top: min(top, other.top),
      right: max(right, other.right), bottom: max(bottom, other.bottom))
  }

  /// The pixels of both.
  package func intersection(_ other: PixelBox) -> PixelBox {
    PixelBox(
      left: max(left, other.left), top: max(top, other.top),
      right: min(right, other.right), bottom: min(bottom, other.bottom))
  }

  /// The rectangle with `margin` more pixels on each side.
  package func grown(by margin: Int32) -> PixelBox {
    PixelBox(left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
  }
}
