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

  /// The weights as int8 rounds them, where they are to be.
  private let rounded: FloatStorage?

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
    rounded = context.roundsWeights ? FloatStorage(count: weights.count) : nil
  }

  /// The weights that products use.
  private var usedWeights: UnsafeMutablePointer<Float> { rounded?.base ?? context.store.values(weights) }

  /// Rounds the weights as `RoundedWeights` does, where they are to be: few enough for plain Swift.
  private func roundWeights() {
    guard let rounded else { return }
    let (source, target) = (context.store.values(weights), rounded.base)
    for channel in 0..<channelCount {
      let positions = stride(from: channel, to: tapOffsets.elements.count * channelCount, by: channelCount)
      let magnitude = positions.reduce(0) { max($0, source[$1].magnitude) }
      let scale = max(Float(Double(magnitude) / 127), 0x1p-100)
      for position in positions {
        target[position] = (source[position] / scale).rounded(.toNearestOrAwayFromZero) * scale
      }
    }
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
    roundWeights()
    context.workers.run(pass.count) { images, _ in
      windows.load(images, from: pass.inputs[0])
      let first = images.lowerBound * windows.windowCount
      var depthwise = quill_float_depthwise(
        input: windows.images(pass.inputs[0]), row_offsets: windows.windowOffsets.baseAddress + first,
        row_count: images.count * windows.windowCount, tap_offsets: tapOffsets.baseAddress,
        tap_count: tapOffsets.elements.count, channel_count: channelCount, weights: usedWeights,
        bias: context.store.values(bias), output: pass.output + first * channelCount, low: -.infinity,
        high: .infinity)
      quill_float_depthwise(context.level.rawLevel, &depthwise)
    }
  }

  /// Computes the gradients of parameters and input.
  func backward(_ way: LayerReturn) {
    if way.wantsParameters { differentiateParameters(way) }
    guard let target = way.inputGradients[0] else { return }
    context.workers.run(way.pass.count) { images, part in
      for index in images {
        let result = target + index * windows.image.product
        let image = windows.isPadded ? paddedGradient.base + part * windows.padded.product : result
        image.update(repeating: 0, count: windows.padded.product)
        var work = gradients(way, windowCount: windows.windowCount)
        work.gradients += index * windows.windowCount * channelCount
        work.image_gradient = image
        quill_float_depthwise_gradient(context.level.rawLevel, &work)
        if windows.isPadded { windows.unload(image, to: result) }
      }
    }
  }

  /// One tap after another, and the bias as a tap of its own behind them.
  private func differentiateParameters(_ way: LayerReturn) {
    let tapCount = tapOffsets.elements.count
    context.workers.run(tapCount + 1) { taps, _ in
      for tap in taps {
        let isBias = tap == tapCount
        var work = gradients(way, windowCount: way.pass.count * windows.windowCount)
        work.tap_count = 1
        if isBias {
          work.weight_gradients = context.store.gradients(bias)
        } else {
          work.input = windows.images(way.pass.inputs[0])
          work.tap_offsets += tap
          work.weight_gradients = context.store.gradients(weights) + tap * channelCount
        }
        quill_float_depthwise_gradient(context.level.rawLevel, &work)
      }
    }
  }

  private func gradients(_ way: LayerReturn, windowCount: Int) -> quill_float_depthwise_gradient {
    quill_float_depthwise_gradient(
      input: nil, gradients: way.outputGradient, weights: usedWeights,
      window_offsets: windows.windowOffsets.baseAddress, tap_offsets: tapOffsets.baseAddress,
      window_count: windowCount, tap_count: tapOffsets.elements.count, channel_count: channelCount,
      image_gradient: nil, weight_gradients: nil)
  }
}

extension DepthwiseLayer {
  /// The weights as a graph has them: `[rows, columns][channels]`.
  var graphWeights: [Float] {
    let values = context.store.values(weights)
    return (0..<(tapOffsets.elements.count * channelCount)).map { values[$0] }
  }

  /// Takes weights and biases over as a graph has them.
  func adopt(weights: [Float], bias: [Float]) {
    for (index, value) in weights.enumerated() { context.store.values(self.weights)[index] = value }
    for (index, value) in bias.enumerated() { context.store.values(self.bias)[index] = value }
  }

  /// The biases.
  var graphBias: [Float] {
    let values = context.store.values(bias)
    return (0..<channelCount).map { values[$0] }
  }
}
