/// The mean over all pixels of each channel.
final class GlobalAverageLayer {
  private let pixelCount: Int
  private let channelCount: Int
  private let context: LayerContext

  /// A layer for `globalAveragePool`.
  init(_ context: LayerContext) {
    self.context = context
    channelCount = context.inputShape[2]
    pixelCount = context.inputShape[0] * context.inputShape[1]
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    let scale = 1 / Float(pixelCount)
    context.workers.run(pass.count) { images, _ in
      for index in images {
        let target = pass.output + index * channelCount
        target.update(repeating: 0, count: channelCount)
        var source = pass.inputs[0] + index * pixelCount * channelCount
        for _ in 0..<pixelCount {
          for channel in 0..<channelCount { target[channel] += source[channel] }
          source += channelCount
        }
        for channel in 0..<channelCount { target[channel] *= scale }
      }
    }
  }

  /// Computes the input's gradient.
  func backward(_ way: LayerReturn) {
    guard let target = way.inputGradients[0] else { return }
    let scale = 1 / Float(pixelCount)
    context.workers.run(way.pass.count) { images, _ in
      for index in images {
        let gradient = way.outputGradient + index * channelCount
        var pixel = target + index * pixelCount * channelCount
        for _ in 0..<pixelCount {
          for channel in 0..<channelCount { pixel[channel] = gradient[channel] * scale }
          pixel += channelCount
        }
      }
    }
  }
}
