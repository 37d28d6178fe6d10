import CQuillFloatKernels

/// A depthwise convolution: weights `[rows, columns of the window][channels]`, plus biases.
final class DepthwiseLayer {
  /// Weights and biases.
  let weights: ParameterStore.Stretch, bias: ParameterStore.Stretch

  private let windows: WindowedImage
  private let tapOffsets: SharedBuffer<Int>
  private let channelCount: Int
  private let context: LayerContext
  private let paddedGradient: FloatStorage

  /// A layer for `depthwiseConvolution`.
  init(_ context: LayerContext, window: Layer.Window) {
    let image = context.inputShape
    self.context = context
    channelCount = image[2]
    windows = WindowedImage(
      image: image, output: context.outputShape, kernelHeight: window.height, kernelWidth: window.width,
      convolution: window.convolution(height: image[0], width: image[1]), capacity: context.capacity)
    tapOffsets = SharedBuffer(windows.tapOffsets, padding: 0)
    weights = context.store.reserve(windows.tapOffsets.count * channelCount, decays: true)
    bias = context.store.reserve(channelCount, decays: false)
    paddedGradient = FloatStorage(count: context.workers.threadCount * windows.padded.product)
  }

  /// Draws weights uniformly within `sqrt(6 / (fanIn + fanOut))`, both the window's taps; biases stay 0.
  func initialize(_ random: inout TrainingRandom) {
    let count = tapOffsets.elements.count * channelCount
    let limit = (3 / Float(tapOffsets.elements.count)).squareRoot()
    let values = context.store.values(weights)
    for index in 0..<count { values[index] = (2 * random.unit() - 1) * limit }
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    context.workers.run(pass.count) { images, _ in
      windows.load(images, from: pass.inputs[0])
      let first = images.lowerBound * windows.windowCount
      var depthwise = quill_float_depthwise(
        input: windows.images(pass.inputs[0]), row_offsets: windows.windowOffsets.baseAddress + first,
        row_count: images.count * windows.windowCount, tap_offsets: tapOffsets.baseAddress,
        tap_count: tapOffsets.elements.count, channel_count: channelCount, weights: context.store.values(weights),
        bias: context.store.values(bias), output: pass.output + first * channelCount, low: -.infinity,
        high: .infinity)
      quill_float_depthwise(context.level.rawLevel, &depthwise)
    }
  }

  /// Computes the gradients of parameters and input.
  func backward(_ way: LayerReturn) {
    differentiateParameters(way)
    guard let target = way.inputGradients[0] else { return }
    let values = context.store.values(weights)
    context.workers.run(way.pass.count) { images, part in
      for index in images {
        let result = target + index * windows.image.product
        let image = windows.isPadded ? paddedGradient.base + part * windows.padded.product : result
        image.update(repeating: 0, count: windows.padded.product)
        for window in 0..<windows.windowCount {
          let gradient = way.outputGradient + (index * windows.windowCount + window) * channelCount
          for (tap, offset) in tapOffsets.elements.enumerated() {
            let pixel = image + windows.windowOffsets.elements[window] + offset
            let weight = values + tap * channelCount
            for channel in 0..<channelCount { pixel[channel] += gradient[channel] * weight[channel] }
          }
        }
        if windows.isPadded { windows.unload(image, to: result) }
      }
    }
  }

  /// One tap after another, and the bias as a tap of its own behind them.
  private func differentiateParameters(_ way: LayerReturn) {
    let images = windows.images(way.pass.inputs[0])
    let tapCount = tapOffsets.elements.count
    context.workers.run(tapCount + 1) { taps, _ in
      for tap in taps {
        let isBias = tap == tapCount
        let sums =
          isBias ? context.store.gradients(bias) : context.store.gradients(weights) + tap * channelCount
        sums.update(repeating: 0, count: channelCount)
        var gradient = way.outputGradient
        for window in 0..<(way.pass.count * windows.windowCount) {
          if isBias {
            for channel in 0..<channelCount { sums[channel] += gradient[channel] }
          } else {
            let pixel = images + windows.windowOffsets.elements[window] + tapOffsets.elements[tap]
            for channel in 0..<channelCount { sums[channel] += gradient[channel] * pixel[channel] }
          }
          gradient += channelCount
        }
      }
    }
  }
}

extension DepthwiseLayer {
  /// The weights as a graph has them: `[rows, columns][channels]`.
  var graphWeights: [Float] {
    let values = context.store.values(weights)
    return (0..<(tapOffsets.elements.count * channelCount)).map { values[$0] }
  }

  /// The biases.
  var graphBias: [Float] {
    let values = context.store.values(bias)
    return (0..<channelCount).map { values[$0] }
  }
}
