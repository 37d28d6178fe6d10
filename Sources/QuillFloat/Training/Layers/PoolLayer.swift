import CQuillFloatKernels

/// Maximum or mean over windows.
final class PoolLayer {
  private let image: [Int]
  private let result: [Int]
  private let pooling: Operation.Pooling
  private let isMaximum: Bool
  private let context: LayerContext

  /// A layer for `maxPool` or `averagePool`.
  init(_ context: LayerContext, window: Layer.Window, isMaximum: Bool) {
    self.context = context
    image = context.inputShape
    result = context.outputShape
    pooling = window.pooling(height: image[0], width: image[1])
    self.isMaximum = isMaximum
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    context.workers.run(pass.count) { images, _ in
      var work = work(pass, images)
      quill_float_pool(context.level.rawLevel, &work)
    }
  }

  /// Computes the input's gradient. Where several elements equal a maximum, the first takes it.
  func backward(_ way: LayerReturn) {
    guard let target = way.inputGradients[0] else { return }
    context.workers.run(way.pass.count) { images, _ in
      var work = work(way.pass, images)
      work.gradients = UnsafePointer(way.outputGradient + images.lowerBound * result.product)
      work.input_gradients = target + images.lowerBound * image.product
      quill_float_pool(context.level.rawLevel, &work)
    }
  }

  /// The way forward of some images.
  private func work(_ pass: LayerPass, _ images: Range<Int>) -> quill_float_pool {
    quill_float_pool(
      input: pass.inputs[0] + images.lowerBound * image.product,
      output: pass.output + images.lowerBound * result.product, gradients: nil, input_gradients: nil,
      image_count: images.count, height: image[0], width: image[1], channel_count: image[2],
      output_height: result[0], output_width: result[1], window_height: pooling.windowHeight,
      window_width: pooling.windowWidth, stride_height: pooling.strideHeight, stride_width: pooling.strideWidth,
      padding_top: pooling.padding.top, padding_left: pooling.padding.left, is_maximum: isMaximum)
  }
}
