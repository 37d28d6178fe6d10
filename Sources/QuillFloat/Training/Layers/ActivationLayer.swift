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
    let (x, y, gradient) = (way.pass.inputs[0], way.pass.output, way.outputGradient)
    context.workers.run(way.pass.count * count, grain: 1024) { elements, _ in
      switch function {
      case .relu: for i in elements { target[i] = x[i] > 0 ? gradient[i] : 0 }
      case .relu6: for i in elements { target[i] = x[i] > 0 && x[i] < 6 ? gradient[i] : 0 }
      case .leakyRelu(let alpha): for i in elements { target[i] = x[i] >= 0 ? gradient[i] : alpha * gradient[i] }
      case .sigmoid: for i in elements { target[i] = gradient[i] * y[i] * (1 - y[i]) }
      case .tanh: for i in elements { target[i] = gradient[i] * (1 - y[i] * y[i]) }
      case .hardSwish:
        for i in elements {
          let slope: Float = x[i] <= -3 ? 0 : x[i] >= 3 ? 1 : (2 * x[i] + 3) / 6
          target[i] = gradient[i] * slope
        }
      }
    }
  }
}
