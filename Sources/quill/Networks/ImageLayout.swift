import QuillData
import QuillFloat

/// How a network takes an image: its extents, and whether channels come last (NHWC) or first (NCHW).
struct ImageLayout: Sendable, Equatable {
  let height: Int
  let width: Int
  let channels: Int
  let channelsFirst: Bool

  /// The layout behind an input's shape, batch first: `[1, H, W, C]`, `[1, C, H, W]`, `[1, H, W]`, or `[1, N]` where N
  /// is a square of grey pixels or of RGB ones; `nil` where the shape is no image's.
  init?(shape: [Int]) {
    switch shape.count {
    case 4 where shape[3] == 1 || shape[3] == 3:
      self.init(height: shape[1], width: shape[2], channels: shape[3], channelsFirst: false)
    case 4 where shape[1] == 1 || shape[1] == 3:
      self.init(height: shape[2], width: shape[3], channels: shape[1], channelsFirst: true)
    case 3:
      self.init(height: shape[1], width: shape[2], channels: 1, channelsFirst: false)
    case 2:
      guard let channels = [1, 3].first(where: { Self.side(ofSquare: shape[1], channels: $0) != nil }),
        let side = Self.side(ofSquare: shape[1], channels: channels)
      else { return nil }
      self.init(height: side, width: side, channels: channels, channelsFirst: false)
    default: return nil
    }
  }

  private init(height: Int, width: Int, channels: Int, channelsFirst: Bool) {
    self.height = height
    self.width = width
    self.channels = channels
    self.channelsFirst = channelsFirst
  }

  private static func side(ofSquare count: Int, channels: Int) -> Int? {
    let side = Int(Double(count / channels).squareRoot().rounded())
    return side > 1 && side * side * channels == count ? side : nil
  }

  /// Whether digits are cut out and centred for it: MNIST's size, grey.
  var isDigit: Bool { height == 28 && width == 28 && channels == 1 }

  /// `[H, W, C]`.
  var sampleShape: [Int] { [height, width, channels] }

  /// Samples of an image.
  var count: Int { height * width * channels }

  /// A picture's samples as a float network's input of that shape; `table` gives each pixel's value.
  func input(_ samples: ArraySlice<UInt8>, shape: [Int], table: [Float]) -> FloatTensor {
    FloatTensor(shape: shape, values: arranged(samples).map { table[Int($0)] })
  }

  /// Samples with channels innermost, in the network's order.
  func arranged(_ samples: ArraySlice<UInt8>) -> [UInt8] {
    guard channelsFirst, channels > 1 else { return Array(samples) }
    let pixels = height * width
    return (0..<samples.count).map { index in
      samples[samples.startIndex + index % pixels * channels + index / pixels]
    }
  }
}
