import CQuillFloatKernels

/// A dense layer or convolution: windows times weights `[rows, columns, channels of the window][outputs]`, plus biases.
///
/// Forward, each output is the engine's chain of fused multiply-adds. Backward, a weight's gradient is one chain over
/// the batch's pixels in order, and an input's gradient adds the windows that hold it in order. So nothing depends on
/// the number of threads.
final class LinearLayer {
  /// The terms of a sum: rows times columns times channels of the window.
  let depth: Int

  /// The sums of a window.
  let columnCount: Int

  /// Columns rounded up to whole blocks: the distance between neighbouring weights of one column.
  let columnPitch: Int

  /// Weights, `[depth][columnPitch]`, and biases, `[columnPitch]`.
  let weights: ParameterStore.Stretch, bias: ParameterStore.Stretch

  private let windows: WindowedImage
  private let segmentOffsets: SharedBuffer<Int>
  private let segmentLength: Int
  private let termOffsets: SharedBuffer<Int>
  private let fused: Layer.FusedActivation
  private let context: LayerContext

  // For the way back.
  private let gradientOffsets: SharedBuffer<Int>
  private let zeroOffsets: SharedBuffer<Int>
  private let zeroOffset = SharedBuffer([0], padding: 0)
  private let one = SharedBuffer<Float>([1], padding: 0)
  private let depthPitch: Int
  private let transposed: FloatStorage
  private let spread: FloatStorage
  private let paddedGradient: FloatStorage

  /// The weights as int8 rounds them, where they are to be.
  private let rounded: RoundedWeights?

  /// Whether a window is one pixel and windows neither overlap nor leave gaps, so that the product is the gradient.
  private let isPointwise: Bool

  /// A layer for `dense` or `convolution`; a vector is an image of one pixel.
  init(_ context: LayerContext, columnCount: Int, window: Layer.Window, fused: Layer.FusedActivation) {
    let shape = context.inputShape
    let image = shape.count == 3 ? shape : [1, 1, shape[0]]
    let output = shape.count == 3 ? context.outputShape : [1, 1, columnCount]
    windows = WindowedImage(
      image: image, output: output, kernelHeight: window.height, kernelWidth: window.width,
      convolution: window.convolution(height: image[0], width: image[1]), capacity: context.capacity)
    self.context = context
    self.columnCount = columnCount
    self.fused = fused
    depth = window.height * window.width * image[2]
    columnPitch = (columnCount + 15) / 16 * 16
    weights = context.store.reserve(depth * columnPitch, decays: true)
    bias = context.store.reserve(columnPitch, decays: false)
    segmentLength = window.width * image[2]
    let taps = windows.tapOffsets
    segmentOffsets = SharedBuffer(stride(from: 0, to: taps.count, by: window.width).map { taps[$0] }, padding: 0)
    termOffsets = SharedBuffer(taps.flatMap { tap in (0..<image[2]).map { tap + $0 } }, padding: 0)
    let pixelCount = windows.windowCount * context.capacity
    gradientOffsets = SharedBuffer((0..<pixelCount).map { $0 * columnCount }, padding: 0)
    zeroOffsets = SharedBuffer(count: pixelCount, repeating: 0) { _ in }
    depthPitch = (depth + 15) / 16 * 16
    transposed = FloatStorage(count: columnCount * depthPitch)
    isPointwise =
      !windows.isPadded && window.height == 1 && window.width == 1 && windows.windowCount == image[0] * image[1]
    let threadCount = context.workers.threadCount
    spread = FloatStorage(count: isPointwise ? 0 : threadCount * windows.windowCount * depthPitch)
    paddedGradient = FloatStorage(count: windows.isPadded ? threadCount * windows.padded.product : 0)
    rounded = context.roundsWeights ? RoundedWeights(rowCount: depth, columnPitch: columnPitch, context.level) : nil
  }

  /// The weights that products use.
  private var usedWeights: UnsafeMutablePointer<Float> { rounded?.values.base ?? context.store.values(weights) }

  /// Draws weights uniformly within `sqrt(6 / (fanIn + fanOut))` (Glorot and Bengio, 2010); biases stay 0.
  func initialize(_ random: inout TrainingRandom) {
    let taps = windows.tapOffsets.count
    let limit = (6 / Float(depth + taps * columnCount)).squareRoot()
    let values = context.store.values(weights)
    for term in 0..<depth {
      for column in 0..<columnCount { values[term * columnPitch + column] = (2 * random.unit() - 1) * limit }
    }
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    let bounds = fused.activation.bounds
    rounded?.round(context.store.values(weights))
    context.workers.run(pass.count) { images, _ in
      windows.load(images, from: pass.inputs[0])
      let first = images.lowerBound * windows.windowCount
      var product = quill_float_product(
        input: windows.images(pass.inputs[0]), row_offsets: windows.windowOffsets.baseAddress + first,
        row_count: images.count * windows.windowCount, segment_offsets: segmentOffsets.baseAddress,
        segment_count: segmentOffsets.elements.count, segment_length: segmentLength,
        weights: usedWeights, block_pitch: 16, weight_pitch: columnPitch,
        bias: context.store.values(bias), output: pass.output + first * columnCount, output_pitch: columnCount,
        column_count: columnCount, low: bounds.low, high: bounds.high)
      quill_float_product(context.level.rawLevel, &product)
    }
  }

  /// Computes the gradients of parameters and input.
  func backward(_ way: LayerReturn) {
    maskFused(way)
    if way.wantsParameters { differentiateParameters(way) }
    if let target = way.inputGradients[0] { differentiateInput(way, target) }
  }

  /// Lets the gradient through the fused activation where it was not at a bound.
  private func maskFused(_ way: LayerReturn) {
    if fused == .none { return }
    let (low, high) = fused.activation.bounds
    context.workers.run(way.pass.count * windows.windowCount * columnCount, grain: 4096) { elements, _ in
      let gradient = way.outputGradient + elements.lowerBound
      var mask = quill_float_mask(
        kind: QUILL_FLOAT_MASK_BETWEEN, values: way.pass.output + elements.lowerBound, gradients: gradient,
        count: elements.count, low: low, high: high, slope: 0, output: gradient)
      quill_float_mask(context.level.rawLevel, &mask)
    }
  }

  private func differentiateParameters(_ way: LayerReturn) {
    let pixelCount = way.pass.count * windows.windowCount
    context.workers.run(depth, grain: 4) { terms, part in
      var outer = quill_float_outer(
        input: windows.images(way.pass.inputs[0]), base_offsets: windows.windowOffsets.baseAddress,
        base_count: pixelCount, row_offsets: termOffsets.baseAddress + terms.lowerBound, row_count: terms.count,
        gradients: way.outputGradient, gradient_pitch: columnCount, column_count: columnCount,
        output: context.store.gradients(weights) + terms.lowerBound * columnPitch, output_pitch: columnPitch)
      quill_float_outer(context.level.rawLevel, &outer)
      if part > 0 { return }
      // A bias is the weight of a value that is always 1.
      outer.input = one.baseAddress
      outer.base_offsets = zeroOffsets.baseAddress
      outer.row_offsets = zeroOffset.baseAddress
      outer.row_count = 1
      outer.output = context.store.gradients(bias)
      quill_float_outer(context.level.rawLevel, &outer)
    }
  }

  private func differentiateInput(_ way: LayerReturn, _ target: UnsafeMutablePointer<Float>) {
    transposeWeights()
    context.workers.run(way.pass.count) { images, part in
      if isPointwise {
        let first = images.lowerBound * windows.windowCount
        multiplyByTransposed(
          way, firstWindow: first, count: images.count * windows.windowCount, to: target + first * depth, pitch: depth)
        return
      }
      let scratch = spread.base + part * windows.windowCount * depthPitch
      for index in images {
        multiplyByTransposed(
          way, firstWindow: index * windows.windowCount, count: windows.windowCount, to: scratch, pitch: depthPitch)
        gather(scratch, to: target + index * windows.image.product, part)
      }
    }
  }

  private func transposeWeights() {
    let (source, target) = (usedWeights, transposed.base)
    context.workers.run(columnCount, grain: 8) { columns, _ in
      for first in stride(from: 0, to: depth, by: 16) {
        let terms = first..<min(first + 16, depth)
        for column in columns {
          for term in terms { target[column * depthPitch + term] = source[term * columnPitch + column] }
        }
      }
    }
  }

  private func multiplyByTransposed(
    _ way: LayerReturn, firstWindow: Int, count: Int, to target: UnsafeMutablePointer<Float>, pitch: Int
  ) {
    var product = quill_float_product(
      input: way.outputGradient, row_offsets: gradientOffsets.baseAddress + firstWindow, row_count: count,
      segment_offsets: zeroOffset.baseAddress, segment_count: 1, segment_length: columnCount,
      weights: transposed.base, block_pitch: 16, weight_pitch: depthPitch, bias: nil, output: target,
      output_pitch: pitch, column_count: depth, low: -.infinity, high: .infinity)
    quill_float_product(context.level.rawLevel, &product)
  }

  /// Adds the gradients of all windows' elements, `[window][depthPitch]`, into those of one image.
  private func gather(_ windowGradients: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, _ part: Int) {
    let image = windows.isPadded ? paddedGradient.base + part * windows.padded.product : target
    var work = quill_float_gather(
      windows: windowGradients, window_pitch: depthPitch, window_count: windows.windowCount,
      window_offsets: windows.windowOffsets.baseAddress, segment_offsets: segmentOffsets.baseAddress,
      segment_count: segmentOffsets.elements.count, segment_length: segmentLength, image: image,
      image_count: windows.padded.product)
    quill_float_gather(context.level.rawLevel, &work)
    if windows.isPadded { windows.unload(image, to: target) }
  }
}

extension LinearLayer {
  /// The weights as a graph has them: `[outputs][rows, columns, channels of the window]`.
  var graphWeights: [Float] {
    let values = context.store.values(weights)
    return (0..<columnCount).flatMap { column in (0..<depth).map { values[$0 * columnPitch + column] } }
  }

  /// Takes weights and biases over as a graph has them.
  func adopt(weights: [Float], bias: [Float]) {
    let (target, biases) = (context.store.values(self.weights), context.store.values(self.bias))
    for column in 0..<columnCount {
      for term in 0..<depth { target[term * columnPitch + column] = weights[column * depth + term] }
      biases[column] = bias[column]
    }
  }

  /// The biases.
  var graphBias: [Float] {
    let values = context.store.values(bias)
    return (0..<columnCount).map { values[$0] }
  }
}
