/// The size of a picture in memory and the distance between its rows.
public struct FrameShape: Equatable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Bytes from the start of a row to the start of the next.
  public let bytesPerRow: Int

  /// Longest side that any function of this module takes, in pixels; keeps every product within 32 bits.
  public static let longestSide = 8_192

  /// A picture of `width` x `height` pixels whose rows lie `bytesPerRow` bytes apart (for grey: `width` when nil).
  public init(width: Int, height: Int, bytesPerRow: Int? = nil) {
    self.width = width
    self.height = height
    self.bytesPerRow = bytesPerRow ?? width
  }
}
