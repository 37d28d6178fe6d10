import CQuillFloatKernels

/// Batch normalisation (Ioffe and Szegedy, 2015). Statistics add in double precision, over the batch's pixels in order.
///
/// What is running is the mean of all batches at first, and then a mean that forgets by the layer's momentum. One that
/// began at mean 0 and variance 1, as Keras's does, would still hold a third of these after a hundred steps.
final class NormalizationLayer {
  /// The factor and the summand of each channel.
  let scale: ParameterStore.Stretch, shift: ParameterStore.Stretch

  /// The running mean and variance of each channel, for use outside training.
  let runningMean: FloatStorage, runningVariance: FloatStorage

  /// Added to the variance.
  let epsilon: Float

  private let momentum: Float

  /// Whether what is running was given, so that the first batch only moves it.
  private var isGiven = false
  private let channelCount: Int
  private let pixelCount: Int
  private let context: LayerContext

  // Of the current batch.
  private let mean: FloatStorage
  private let deviationInverse: FloatStorage
  private let means: DoubleStorage, sums: DoubleStorage, products: DoubleStorage

  /// A layer for `batchNormalization`.
  init(_ context: LayerContext, momentum: Float, epsilon: Float) {
    self.context = context
    self.momentum = momentum
    self.epsilon = epsilon
    let shape = context.inputShape
    channelCount = shape[shape.count - 1]
    pixelCount = shape.product / channelCount
    scale = context.store.reserve(channelCount, decays: false)
    shift = context.store.reserve(channelCount, decays: false)
    runningMean = FloatStorage(count: channelCount)
    runningVariance = FloatStorage(count: channelCount)
    mean = FloatStorage(count: channelCount)
    deviationInverse = FloatStorage(count: channelCount)
    (means, sums) = (DoubleStorage(count: channelCount), DoubleStorage(count: channelCount))
    products = DoubleStorage(count: channelCount)
  }

  /// Scale 1, shift 0, mean 0, variance 1.
  func initialize() {
    for channel in 0..<channelCount {
      context.store.values(scale)[channel] = 1
      runningVariance.base[channel] = 1
    }
  }

  /// Computes the result for a batch, and updates the running statistics where they are gathered.
  func forward(_ pass: LayerPass) {
    let rowCount = pass.count * pixelCount
    context.workers.run(channelCount, grain: 8) { channels, _ in
      measure(pass, rowCount: rowCount, channels)
    }
    context.workers.run(rowCount, grain: 64) { rows, _ in
      var work = applied(to: pass, rows)
      quill_float_normalize(context.level.rawLevel, &work)
    }
  }

  /// The normalisation of some rows.
  private func applied(to pass: LayerPass, _ rows: Range<Int>) -> quill_float_normalize {
    let offset = rows.lowerBound * channelCount
    return quill_float_normalize(
      values: pass.inputs[0] + offset, gradients: nil, mean: mean.base, inverse: deviationInverse.base,
      scale: context.store.values(scale), shift: context.store.values(shift), scale_gradient: nil,
      row_count: rows.count, channel_count: channelCount, share: 0, output: pass.output + offset)
  }

  /// Fills `mean` and `deviationInverse` of some channels from the batch, or from what is running.
  private func measure(_ pass: LayerPass, rowCount: Int, _ channels: Range<Int>) {
    guard let gathered = pass.gatheredBatchCount else {
      for channel in channels {
        mean.base[channel] = runningMean.base[channel]
        deviationInverse.base[channel] = 1 / (runningVariance.base[channel] + epsilon).squareRoot()
      }
      return
    }
    var work = quill_float_moments(
      values: pass.inputs[0] + channels.lowerBound, factors: nil, centre: nil, mean: nil, inverse: nil,
      row_count: rowCount, pitch: channelCount, channel_count: channels.count, sums: sums.base + channels.lowerBound,
      products: products.base + channels.lowerBound)
    quill_float_moments(context.level.rawLevel, &work)
    for channel in channels { means.base[channel] = sums.base[channel] / Double(rowCount) }
    let memory = pass.isTraining && isGiven ? momentum : min(Float(gathered) / Float(gathered + 1), momentum)
    work.centre = UnsafePointer(means.base + channels.lowerBound)
    quill_float_moments(context.level.rawLevel, &work)
    for channel in channels {
      let variance = Float(products.base[channel] / Double(rowCount))
      mean.base[channel] = Float(means.base[channel])
      deviationInverse.base[channel] = 1 / (variance + epsilon).squareRoot()
      runningMean.base[channel] = memory * runningMean.base[channel] + (1 - memory) * mean.base[channel]
      runningVariance.base[channel] = memory * runningVariance.base[channel] + (1 - memory) * variance
    }
  }

  /// Computes the gradients of scale, shift and input.
  func backward(_ way: LayerReturn) {
    let rowCount = way.pass.count * pixelCount
    let (scaleGradient, shiftGradient) = (context.store.gradients(scale), context.store.gradients(shift))
    // A frozen layer's statistics are not the batch's, and its gradients stay zero.
    if way.wantsParameters {
      context.workers.run(channelCount, grain: 8) { channels, _ in
        let first = channels.lowerBound
        var work = quill_float_moments(
          values: way.outputGradient + first, factors: way.pass.inputs[0] + first, centre: nil, mean: mean.base + first,
          inverse: deviationInverse.base + first, row_count: rowCount, pitch: channelCount,
          channel_count: channels.count, sums: sums.base + first, products: products.base + first)
        quill_float_moments(context.level.rawLevel, &work)
        for channel in channels {
          shiftGradient[channel] = Float(sums.base[channel])
          scaleGradient[channel] = Float(products.base[channel])
        }
      }
    }
    guard let target = way.inputGradients[0] else { return }
    context.workers.run(rowCount, grain: 64) { rows, _ in
      var work = applied(to: way.pass, rows)
      let offset = rows.lowerBound * channelCount
      work.gradients = UnsafePointer(way.outputGradient + offset)
      work.shift = UnsafePointer(shiftGradient)
      work.scale_gradient = UnsafePointer(scaleGradient)
      work.share = way.wantsParameters ? 1 / Float(rowCount) : 0
      work.output = target + offset
      quill_float_normalize(context.level.rawLevel, &work)
    }
  }
}

extension NormalizationLayer {
  /// Scale, shift, mean and variance as a graph has them.
  var graphConstants: [[Float]] {
    [context.store.values(scale), context.store.values(shift), runningMean.base, runningVariance.base].map { values in
      (0..<channelCount).map { values[$0] }
    }
  }

  /// Takes scale, shift, mean and variance over.
  func adopt(_ constants: [[Float]]) {
    isGiven = true
    let targets = [context.store.values(scale), context.store.values(shift), runningMean.base, runningVariance.base]
    for (target, values) in zip(targets, constants) {
      for channel in 0..<channelCount { target[channel] = values[channel] }
    }
  }
}
