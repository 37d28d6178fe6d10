import Quill
import QuillConverter
import QuillFloat

/// Operators computed from their definitions: values by index, sums in Int, windows by testing each tap's place. Nothing
/// here is shared with the runtime but the description of the network.
struct PlainImage {
  let height: Int
  let width: Int
  let channels: Int
  let values: [Int8]

  func at(_ y: Int, _ x: Int, _ c: Int) -> Int { Int(values[(y * width + x) * channels + c]) }
  func contains(_ y: Int, _ x: Int) -> Bool { y >= 0 && y < height && x >= 0 && x < width }
}

enum PlainOperators {
  /// Convolution, depthwise convolution and fully connected: `weight(o, ky, kx, i)`; `channel(o, i)` is the input channel
  /// behind a weight.
  struct Linear {
    var kernel: (height: Int, width: Int, depth: Int)
    var stride: (Int, Int)
    var dilation: (Int, Int)
    var padding: (Int, Int)
    var weights: QuantizedWeights
    var weight: (Int, Int, Int, Int) -> Int
    var channel: (Int, Int) -> Int
    var low: Int
    var high: Int
    var isReal = false
  }

  static func linear(
    _ linear: Linear, _ image: PlainImage, _ input: QuantizedGraph.Tensor, _ output: QuantizedGraph.Tensor,
    height: Int, width: Int, channels: Int
  ) -> [Int8] {
    var result: [Int8] = []
    for y in 0..<height {
      for x in 0..<width {
        for o in 0..<channels {
          var sum = Int(linear.weights.bias?[o] ?? 0)
          for ky in 0..<linear.kernel.height {
            for kx in 0..<linear.kernel.width {
              let row = y * linear.stride.0 + ky * linear.dilation.0 - linear.padding.0
              let column = x * linear.stride.1 + kx * linear.dilation.1 - linear.padding.1
              guard image.contains(row, column) else { continue }
              for i in 0..<linear.kernel.depth {
                let value = image.at(row, column, linear.channel(o, i)) - Int(input.zeroPoint)
                sum += value * linear.weight(o, ky, kx, i)
              }
            }
          }
          let real = Double(input.scale) * Double(linear.weights.scale(o)) / Double(output.scale)
          let scaled =
            linear.isReal
            ? Int((Double(sum) * real).rounded(.toNearestOrAwayFromZero)) : WideArithmetic.multiply(sum, byReal: real)
          result.append(WideArithmetic.clamp(scaled + Int(output.zeroPoint), linear.low, linear.high))
        }
      }
    }
    return result
  }

  /// Max and average pools: `combine` is given the values of the taps inside the image.
  static func pool(
    _ pooling: Operation.Pooling, _ image: PlainImage, height: Int, width: Int, _ combine: ([Int]) -> Int
  ) -> [Int8] {
    var result: [Int8] = []
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<image.channels {
          var taps: [Int] = []
          for ky in 0..<pooling.windowHeight {
            for kx in 0..<pooling.windowWidth {
              let row = y * pooling.strideHeight + ky - pooling.padding.top
              let column = x * pooling.strideWidth + kx - pooling.padding.left
              if image.contains(row, column) { taps.append(image.at(row, column, c)) }
            }
          }
          result.append(WideArithmetic.clamp(combine(taps)))
        }
      }
    }
    return result
  }

  /// The mean of integers, ties away from zero.
  static func mean(_ values: [Int]) -> Int {
    let sum = values.reduce(0, +)
    let magnitude = (2 * abs(sum) + values.count) / (2 * values.count)
    return sum < 0 ? -magnitude : magnitude
  }
}
