import QuillCamera
import QuillImaging

/// A picture in memory that is kept from frame to frame: rows without gaps, grey, or red, green, blue.
package struct Picture: Sendable {
  /// Bytes a pixel.
  package enum Channels: Int, Sendable {
    case grey = 1
    case colour = 3
  }

  /// What the user of the pictures needs; formats without colour give three equal channels.
  package let channels: Channels
  package private(set) var pixels: [UInt8] = []
  package private(set) var shape = FrameShape(width: 0, height: 0)

  package init(channels: Channels = .grey) {
    self.channels = channels
  }

  /// Takes over a captured or read picture. Each byte of `source` is read once: camera memory may be slow.
  ///
  /// Allocates only when the picture's size changes.
  /// - Throws: `ImagingError` where the buffer is shorter than the format's size says.
  package mutating func take(
    _ source: Span<UInt8>, shape size: FrameShape, as format: PixelFormat, range: LumaRange = .full
  ) throws(ImagingError) {
    let needed = format.greyShape(width: size.width, height: size.height)
    reserve(needed.width * needed.height * channels.rawValue)
    let channels = channels
    var target = pixels.mutableSpan
    switch channels {
    case .grey: shape = try format.convertToGrey(source, shape: size, range: range, into: &target)
    case .colour: shape = try format.convertToColour(source, shape: size, range: range, into: &target)
    }
  }

  /// Takes over a picture that `fill` writes, rows of `width` pixels without gaps in this picture's channels.
  mutating func draw(width: Int, height: Int, fill: (inout MutableSpan<UInt8>) -> Void) {
    reserve(width * height * channels.rawValue)
    shape = FrameShape(width: width, height: height, bytesPerRow: width * channels.rawValue)
    var target = pixels.mutableSpan
    fill(&target)
  }

  private mutating func reserve(_ byteCount: Int) {
    if pixels.count != byteCount { pixels = [UInt8](repeating: 0, count: byteCount) }
  }
}
