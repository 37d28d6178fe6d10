import QuillCamera
import QuillImaging

/// A grey picture in memory that is kept from frame to frame: rows without gaps.
package struct GreyFrame: Sendable {
  package private(set) var pixels: [UInt8] = []
  package private(set) var shape = FrameShape(width: 0, height: 0)

  package init() {}

  /// Takes over the brightness of a captured picture, reading each byte of `source` once.
  ///
  /// Allocates only when the picture is larger than any before.
  /// - Throws: `ImagingError` where the buffer is shorter than the layout says.
  package mutating func take(_ source: Span<UInt8>, layout: CameraLayout, as format: CaptureFormat) throws(ImagingError) {
    let width = Int(layout.width)
    let height = Int(layout.height)
    shape = FrameShape(width: width, height: height)
    if pixels.count != width * height { pixels = [UInt8](repeating: 0, count: width * height) }
    let step = format == .yuyv ? 2 : 1
    for row in 0..<height {
      for column in 0..<width {
        pixels[row * width + column] = source[row * Int(layout.bytesPerLine) + column * step]
      }
    }
  }
}
