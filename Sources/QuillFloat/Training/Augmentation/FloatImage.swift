/// An image of floats that filters change in place: what augmentation and the tests of robustness share.
///
/// Every filter gives the same bits on every machine, takes any number of channels, and leaves values within 0...1 where they
/// were.
package struct FloatImage: Sendable, Equatable {
  /// Rows; at least 1.
  package let height: Int

  /// Columns; at least 1.
  package let width: Int

  /// Values of a pixel; at least 1.
  package let channels: Int

  /// `height x width x channels` values, 0 black and 1 white, row by row, channels innermost.
  package var values: [Float]

  /// A black image.
  package init(height: Int, width: Int, channels: Int) {
    self.init(
      height: height, width: width, channels: channels, values: [Float](repeating: 0, count: height * width * channels))
  }

  /// An image over its values.
  package init(height: Int, width: Int, channels: Int, values: [Float]) {
    precondition(height > 0 && width > 0 && channels > 0, "an empty image")
    precondition(values.count == height * width * channels, "\(values.count) values do not fill the image")
    self.height = height
    self.width = width
    self.channels = channels
    self.values = values
  }

  /// An image over bytes, 0...255 becoming 0...1.
  package init(height: Int, width: Int, channels: Int, bytes: some Sequence<UInt8>) {
    self.init(height: height, width: width, channels: channels, values: bytes.map { Float($0) / 255 })
  }

  /// The values as bytes, rounded to nearest.
  package var bytes: [UInt8] { values.map { UInt8((min(max($0, 0), 1) * 255).rounded()) } }

  /// Values of a row.
  var rowLength: Int { width * channels }

  /// The image with a rim all around: beyond an edge lies what lies on it.
  func padded(by rim: Int) -> FloatImage {
    var result = FloatImage(height: height + 2 * rim, width: width + 2 * rim, channels: channels)
    let (length, wide, channels, height, width) = (rowLength, result.rowLength, channels, height, width)
    result.values.withUnsafeMutableBufferPointer { target in
      values.withUnsafeBufferPointer { source in
        for row in 0..<height + 2 * rim {
          let from = min(max(row - rim, 0), height - 1) * length
          let to = row * wide + rim * channels
          for index in 0..<length { target[to + index] = source[from + index] }
          for channel in 0..<channels {
            for column in 1..<rim + 1 {
              target[to - column * channels + channel] = source[from + channel]
              target[to + (width - 1 + column) * channels + channel] = source[from + length - channels + channel]
            }
          }
        }
      }
    }
    return result
  }
}
