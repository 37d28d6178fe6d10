import CQuillFloatKernels

/// An activation, element by element.
final class ActivationLayer {
  private let function: Layer.ActivationFunction
  private let count: Int
  private let context: LayerContext

  /// A layer for `activation`.
  init(_ context: LayerContext, _ function: Layer.ActivationFunction) {
    self.context = context
    self.function = function
    count = context.inputShape.product
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    let (source, target, unary) = (pass.inputs[0], pass.output, function.unary)
    context.workers.run(pass.count * count, grain: 1024) { elements, _ in
      unary.apply(source + elements.lowerBound, target + elements.lowerBound, count: elements.count)
    }
  }

  /// Computes the input's gradient.
  func backward(_ way: LayerReturn) {
    guard let target = way.inputGradients[0] else { return }
    context.workers.run(way.pass.count * count, grain: 1024) { elements, _ in
      let first = elements.lowerBound
      let (y, gradient, target) = (way.pass.output + first, way.outputGradient + first, target + first)
      var mask = quill_float_mask(
        kind: QUILL_FLOAT_MASK_BETWEEN, values: way.pass.inputs[0] + first, gradients: gradient,
        count: elements.count, low: 0, high: .infinity, slope: 0, output: target)
      switch function {
      case .relu: break
      case .relu6: mask.high = 6
      case .leakyRelu(let alpha): (mask.kind, mask.slope) = (QUILL_FLOAT_MASK_LEAKY, alpha)
      case .hardSwish: mask.kind = QUILL_FLOAT_MASK_HARD_SWISH
      case .sigmoid:
        for i in 0..<elements.count { target[i] = gradient[i] * y[i] * (1 - y[i]) }
        return
      case .tanh:
        for i in 0..<elements.count { target[i] = gradient[i] * (1 - y[i] * y[i]) }
        return
      }
      quill_float_mask(context.level.rawLevel, &mask)
    }
  }
}
