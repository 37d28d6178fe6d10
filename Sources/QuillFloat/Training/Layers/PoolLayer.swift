/// Maximum or mean over windows.
final class PoolLayer {
  private let image: [Int]
  private let result: [Int]
  private let pooling: Operation.Pooling
  private let isMaximum: Bool
  private let context: LayerContext
  private let rest: FloatStorage

  /// A layer for `maxPool` or `averagePool`.
  init(_ context: LayerContext, window: Layer.Window, isMaximum: Bool) {
    self.context = context
    image = context.inputShape
    result = context.outputShape
    pooling = window.pooling(height: image[0], width: image[1])
    self.isMaximum = isMaximum
    rest = FloatStorage(count: context.workers.threadCount * image[2])
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    let channelCount = image[2]
    context.workers.run(pass.count) { images, _ in
      eachWindow(of: images) { pixel, taps, tapCount in
        let target = pass.output + pixel * channelCount
        let source = pass.inputs[0]
        target.update(repeating: isMaximum ? -.infinity : 0, count: channelCount)
        taps { offset in
          let values = source + offset
          if isMaximum {
            for channel in 0..<channelCount {
              target[channel] = values[channel] > target[channel] ? values[channel] : target[channel]
            }
          } else {
            for channel in 0..<channelCount { target[channel] += values[channel] }
          }
        }
        if !isMaximum {
          for channel in 0..<channelCount { target[channel] /= Float(tapCount) }
        }
      }
    }
  }

  /// Computes the input's gradient.
  func backward(_ way: LayerReturn) {
    guard let target = way.inputGradients[0] else { return }
    let channelCount = image[2]
    context.workers.run(way.pass.count) { images, part in
      (target + images.lowerBound * image.product).update(repeating: 0, count: images.count * image.product)
      let rest = rest.base + part * channelCount
      eachWindow(of: images) { pixel, taps, tapCount in
        let gradient = way.outputGradient + pixel * channelCount
        if isMaximum {
          rest.update(from: gradient, count: channelCount)
          let maximum = way.pass.output + pixel * channelCount
          taps { offset in
            // The first element that equals the maximum takes the gradient, and leaves none for the others.
            let (values, sums) = (way.pass.inputs[0] + offset, target + offset)
            for channel in 0..<channelCount {
              let (isTaker, share) = (values[channel] == maximum[channel], rest[channel])
              sums[channel] += isTaker ? share : 0
              rest[channel] = isTaker ? 0 : share
            }
          }
        } else {
          taps { offset in
            let sums = target + offset
            for channel in 0..<channelCount { sums[channel] += gradient[channel] / Float(tapCount) }
          }
        }
      }
    }
  }

  /// Visits the windows of some images: the position of each among the batch's results, its in-bounds taps' offsets
  /// in the batch, and how many they are.
  @inline(__always)
  private func eachWindow(of images: Range<Int>, _ body: (Int, ((Int) -> Void) -> Void, Int) -> Void) {
    let (width, channelCount) = (image[1], image[2])
    let (resultHeight, resultWidth) = (result[0], result[1])
    for index in images {
      for row in 0..<resultHeight {
        let rows = taps(row, pooling.strideHeight, pooling.padding.top, pooling.windowHeight, image[0])
        for column in 0..<resultWidth {
          let columns = taps(column, pooling.strideWidth, pooling.padding.left, pooling.windowWidth, width)
          let base = index * image[0] * width
          body(
            (index * resultHeight + row) * resultWidth + column,
            { visit in
              for tapRow in rows {
                for tapColumn in columns { visit((base + tapRow * width + tapColumn) * channelCount) }
              }
            }, rows.count * columns.count)
        }
      }
    }
  }

  private func taps(_ index: Int, _ stride: Int, _ padding: Int, _ window: Int, _ extent: Int) -> Range<Int> {
    let first = index * stride - padding
    return max(first, 0)..<min(first + window, extent)
  }
}
