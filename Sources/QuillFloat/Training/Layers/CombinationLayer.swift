/// The sum or the product of two operands.
final class CombinationLayer {
  private let isSum: Bool
  private let count: Int

  /// The channels over which the second operand, a vector, is broadcast; `nil` where the shapes are equal.
  private let channelCount: Int?

  private let context: LayerContext

  /// A layer for `add` or `multiply`.
  init(_ context: LayerContext, isSum: Bool) {
    self.context = context
    self.isSum = isSum
    count = context.inputShape.product
    channelCount = context.inputShapes[0] == context.inputShapes[1] ? nil : context.inputShapes[1][0]
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    let (left, right, target) = (pass.inputs[0], pass.inputs[1], pass.output)
    context.workers.run(pass.count, grain: 1) { samples, _ in
      guard let channelCount else {
        for index in (samples.lowerBound * count)..<(samples.upperBound * count) {
          target[index] = isSum ? left[index] + right[index] : left[index] * right[index]
        }
        return
      }
      eachPixel(samples, channelCount) { index, factors in
        for channel in 0..<channelCount {
          target[index + channel] = left[index + channel] * right[factors + channel]
        }
      }
    }
  }

  /// Computes the operands' gradients.
  func backward(_ way: LayerReturn) {
    let (left, right, gradient) = (way.pass.inputs[0], way.pass.inputs[1], way.outputGradient)
    context.workers.run(way.pass.count, grain: 1) { samples, _ in
      let elements = (samples.lowerBound * count)..<(samples.upperBound * count)
      if let target = way.inputGradients[0] {
        if let channelCount {
          eachPixel(samples, channelCount) { index, factors in
            for channel in 0..<channelCount {
              target[index + channel] = gradient[index + channel] * right[factors + channel]
            }
          }
        } else {
          for index in elements { target[index] = isSum ? gradient[index] : gradient[index] * right[index] }
        }
      }
      guard let target = way.inputGradients[1] else { return }
      guard let channelCount else {
        for index in elements { target[index] = isSum ? gradient[index] : gradient[index] * left[index] }
        return
      }
      let factorCount = samples.count * channelCount
      (target + samples.lowerBound * channelCount).update(repeating: 0, count: factorCount)
      eachPixel(samples, channelCount) { index, factors in
        for channel in 0..<channelCount {
          target[factors + channel] += gradient[index + channel] * left[index + channel]
        }
      }
    }
  }

  /// Visits each pixel of some samples: where its channels begin, and where the sample's factors do.
  @inline(__always)
  private func eachPixel(_ samples: Range<Int>, _ channelCount: Int, _ body: (Int, Int) -> Void) {
    for sample in samples {
      for index in stride(from: sample * count, to: (sample + 1) * count, by: channelCount) {
        body(index, sample * channelCount)
      }
    }
  }
}
