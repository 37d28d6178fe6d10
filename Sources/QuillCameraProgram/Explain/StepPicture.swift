import QuillImaging

/// A step on the way from a frame to an answer, as a picture.
struct StepPicture {
  /// Magnification of networks' own pictures, for a person to look at.
  private static let magnification = 10

  let name: StaticString
  let pixels: [UInt8]
  let width: Int
  let height: Int
  let channels: Picture.Channels

  /// The same, each pixel as a square of 10 x 10.
  var magnified: StepPicture {
    let (depth, factor) = (channels.rawValue, Self.magnification)
    var large: [UInt8] = []
    large.reserveCapacity(pixels.count * factor * factor)
    for row in 0..<height * factor {
      for column in 0..<width * factor {
        let start = (row / factor * width + column / factor) * depth
        large.append(contentsOf: pixels[start..<start + depth])
      }
    }
    return StepPicture(
      name: name, pixels: large, width: width * factor, height: height * factor, channels: channels)
  }
}
