import QuillCamera
import QuillImaging

/// Reads a picture file of any kind that this program knows.
package enum PictureFile {
  /// Decodes `bytes` into `picture`; the kind is told by the first of them.
  package static func read(_ bytes: [UInt8], into picture: inout Picture) throws(PictureFault) {
    if Anymap.begins(bytes) {
      let map = try Anymap(bytes)
      try take(map.samples(of: bytes), map.width, map.height, isColour: map.isColour, into: &picture)
    } else if bytes.count > 4, bytes[0] == 0x89, Array(bytes[1..<4]).isText("PNG") {
      try readPNG(bytes, into: &picture)
    } else if bytes.count > 2, bytes[0] == 0xFF, bytes[1] == 0xD8 {
      try readJPEG(bytes, into: &picture)
    } else {
      throw .unknownKind
    }
  }

  private static func take(
    _ samples: [UInt8], _ width: Int, _ height: Int, isColour: Bool, into picture: inout Picture
  ) throws(PictureFault) {
    let shape = FrameShape(width: width, height: height, bytesPerRow: width * (isColour ? 3 : 1))
    do throws(ImagingError) {
      try picture.take(samples.span, shape: shape, as: isColour ? .rgb24 : .grey)
    } catch {
      throw .badSize(width: UInt64(width), height: UInt64(height))
    }
  }

  private static func readPNG(_ bytes: [UInt8], into picture: inout Picture) throws(PictureFault) {
    let image = try LibraryImage(.png, bytes)
    let samples = Transparency.flattened(image.bytes, channels: image.channels)
    try take(samples, image.width, image.height, isColour: image.channels == 3, into: &picture)
  }

  private static func readJPEG(_ bytes: [UInt8], into picture: inout Picture) throws(PictureFault) {
    let image = try LibraryImage(.jpeg, bytes)
    try take(image.bytes, image.width, image.height, isColour: image.channels == 3, into: &picture)
  }
}
