import QuillCamera
import QuillImaging

/// A grey picture in memory that is kept from frame to frame: rows without gaps.
package struct GreyFrame: Sendable {
  package private(set) var pixels: [UInt8] = []
  package private(set) var shape = FrameShape(width: 0, height: 0)

  package init() {}

  /// Takes over the brightness of a captured picture. Each byte of `source` is read once: camera memory may be slow.
  ///
  /// Allocates only when the picture's size changes.
  /// - Throws: `ImagingError` where the buffer is shorter than the layout says.
  package mutating func take(
    _ source: Span<UInt8>, layout: CameraLayout, as format: PixelFormat
  ) throws(ImagingError) {
    let needed = format.greyShape(width: Int(layout.width), height: Int(layout.height))
    if pixels.count != needed.width * needed.height {
      pixels = [UInt8](repeating: 0, count: needed.width * needed.height)
    }
    var target = pixels.mutableSpan
    shape = try format.convertToGrey(
      source, shape: layout.shape, range: layout.limitedRange ? .limited : .full, into: &target)
  }
}
