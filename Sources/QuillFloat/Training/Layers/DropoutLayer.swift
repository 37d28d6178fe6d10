/// Dropout (Srivastava et al., 2014), scaled in training so that nothing changes outside it.
final class DropoutLayer {
  private let rate: Float
  private let count: Int
  private let context: LayerContext

  /// 0 or `1 / (1 - rate)` for each element of the current batch.
  private let factors: FloatStorage

  /// A layer for `dropout`.
  init(_ context: LayerContext, rate: Float) {
    self.context = context
    self.rate = rate
    count = context.inputShape.product
    factors = FloatStorage(count: count * context.capacity)
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    let (source, target, factors) = (pass.inputs[0], pass.output, factors.base)
    let kept = pass.isTraining ? 1 / (1 - rate) : 1
    context.workers.run(pass.count * count, grain: 1024) { elements, _ in
      for index in elements {
        let isDropped = pass.isTraining && Float(pass.random.number(at: index) >> 40) * 0x1p-24 < rate
        factors[index] = isDropped ? 0 : kept
        target[index] = source[index] * factors[index]
      }
    }
  }

  /// Computes the input's gradient.
  func backward(_ way: LayerReturn) {
    guard let target = way.inputGradients[0] else { return }
    let (gradient, factors) = (way.outputGradient, factors.base)
    context.workers.run(way.pass.count * count, grain: 4096) { elements, _ in
      for index in elements { target[index] = gradient[index] * factors[index] }
    }
  }
}
