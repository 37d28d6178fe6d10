/// Lays pictures with transparent parts over paper.
package enum Transparency {
  /// Samples without alpha: what is clear is white paper, or black, where the ink is so light that it would hardly show.
  /// - Parameters:
  ///   - samples: pixels of `channels` samples, each pixel with its alpha behind, 0 for clear to 255.
  ///   - channels: 1 for grey, 3 for colours.
  /// - Returns: `channels` samples a pixel, rounded to nearest.
  package static func flattened(_ samples: [UInt8], channels: Int) -> [UInt8] {
    let onWhite = laid(samples, channels: channels, on: 255)
    guard onWhite.count > 1, onWhite.allSatisfy({ $0 >= 128 }) else { return onWhite }
    return laid(samples, channels: channels, on: 0)
  }

  private static func laid(_ samples: [UInt8], channels: Int, on level: UInt32) -> [UInt8] {
    let count = samples.count / (channels + 1)
    var pixels = [UInt8](repeating: 0, count: count * channels)
    for pixel in 0..<count {
      let start = pixel * (channels + 1)
      let alpha = UInt32(samples[start + channels])
      for channel in 0..<channels {
        let ink = UInt32(samples[start + channel]) * alpha
        pixels[pixel * channels + channel] = UInt8((ink + level * (255 - alpha) + 127) / 255)
      }
    }
    return pixels
  }
}
