/// An image in memory: 8-bit grey or RGB samples.
public struct PixelImage: Sendable, Equatable {
  /// Columns; at least 1.
  public let width: Int

  /// Rows; at least 1.
  public let height: Int

  /// 1 for grey, 3 for red, green, blue.
  public let channels: Int

  /// `height x width x channels` samples, row-major, channels innermost.
  public let pixels: [UInt8]

  /// An image over its samples, whose count must be `height x width x channels`.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(channels == 1 || channels == 3, "\(channels) channels")
    precondition(pixels.count == width * height * channels, "\(pixels.count) samples do not fill the image")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The same image in 1 or 3 channels. Grey is the luma of ITU-R BT.601 in eighths of a bit:
  /// `(77 R + 150 G + 29 B + 128) >> 8`; colour from grey repeats the sample.
  public func converted(toChannels wanted: Int) -> PixelImage {
    precondition(wanted == 1 || wanted == 3, "\(wanted) channels")
    guard wanted != channels else { return self }
    var samples: [UInt8] = []
    samples.reserveCapacity(width * height * wanted)
    if wanted == 3 {
      for sample in pixels { samples.append(contentsOf: [sample, sample, sample]) }
    } else {
      for index in stride(from: 0, to: pixels.count, by: 3) {
        let weighted = 77 * Int(pixels[index]) + 150 * Int(pixels[index + 1]) + 29 * Int(pixels[index + 2])
        samples.append(UInt8((weighted + 128) >> 8))
      }
    }
    return PixelImage(width: width, height: height, channels: wanted, pixels: samples)
  }

  /// The picture as it is to be seen, where a camera wrote it turned or mirrored (`ImageOrientation`).
  func turned(_ orientation: ImageOrientation) -> PixelImage {
    guard orientation != .upright else { return self }
    let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
    var samples = [UInt8](repeating: 0, count: pixels.count)
    var place = 0
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (column, row) = orientation.source(x: x, y: y, width: width, height: height)
        let start = (row * width + column) * channels
        // A slice for each of 12 million pixels would take longer than all else.
        for channel in 0..<channels {
          samples[place] = pixels[start + channel]
          place += 1
        }
      }
    }
    return PixelImage(width: newWidth, height: newHeight, channels: channels, pixels: samples)
  }

  /// A rectangle of the image, which must lie within it.
  public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> PixelImage {
    precondition(x >= 0 && y >= 0 && x + newWidth <= width && y + newHeight <= height, "a rectangle outside the image")
    guard newWidth != width || newHeight != height else { return self }
    var samples: [UInt8] = []
    samples.reserveCapacity(newWidth * newHeight * channels)
    for row in y..<y + newHeight {
      samples.append(contentsOf: pixels[(row * width + x) * channels..<(row * width + x + newWidth) * channels])
    }
    return PixelImage(width: newWidth, height: newHeight, channels: channels, pixels: samples)
  }

  /// The same picture in other extents: the mean over each new pixel's area of the old image, rounded to nearest.
  public func resized(width newWidth: Int, height newHeight: Int) -> PixelImage {
    precondition(newWidth > 0 && newHeight > 0, "an empty image")
    guard newWidth != width || newHeight != height else { return self }
    let rows = Self.coverage(from: height, to: newHeight)
    let columns = Self.coverage(from: width, to: newWidth)
    let area = height * width
    var samples: [UInt8] = []
    samples.reserveCapacity(newWidth * newHeight * channels)
    for row in rows {
      for column in columns {
        for channel in 0..<channels {
          var sum = 0
          for (y, rowWeight) in row {
            for (x, columnWeight) in column {
              sum += rowWeight * columnWeight * Int(pixels[(y * width + x) * channels + channel])
            }
          }
          samples.append(UInt8((sum + area / 2) / area))
        }
      }
    }
    return PixelImage(width: newWidth, height: newHeight, channels: channels, pixels: samples)
  }

  /// For each new element, the old elements that it covers and by how much; the weights of one sum to `old`.
  private static func coverage(from old: Int, to new: Int) -> [[(index: Int, weight: Int)]] {
    // On a ruler of old x new marks, an old element is `new` marks long and a new one `old`.
    (0..<new).map { element in
      let (start, end) = (element * old, (element + 1) * old)
      return (start / new...(end - 1) / new).map { index in
        (index, min(end, (index + 1) * new) - max(start, index * new))
      }
    }
  }
}
