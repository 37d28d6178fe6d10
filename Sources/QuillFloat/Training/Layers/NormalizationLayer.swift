/// Batch normalisation (Ioffe and Szegedy, 2015). Statistics add in double precision, over the batch's pixels in order.
final class NormalizationLayer {
  /// The factor and the summand of each channel.
  let scale: ParameterStore.Stretch, shift: ParameterStore.Stretch

  /// The running mean and variance of each channel, for use outside training.
  let runningMean: FloatStorage, runningVariance: FloatStorage

  /// Added to the variance.
  let epsilon: Float

  private let momentum: Float
  private let channelCount: Int
  private let pixelCount: Int
  private let context: LayerContext

  // Of the current batch.
  private let mean: FloatStorage
  private let deviationInverse: FloatStorage

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
  }

  /// Scale 1, shift 0, mean 0, variance 1.
  func initialize() {
    for channel in 0..<channelCount {
      context.store.values(scale)[channel] = 1
      runningVariance.base[channel] = 1
    }
  }

  /// Computes the result for a batch, and in training updates the running statistics.
  func forward(_ pass: LayerPass) {
    let rowCount = pass.count * pixelCount
    context.workers.run(channelCount, grain: 8) { channels, _ in
      measure(pass, rowCount: rowCount, channels)
    }
    let (scale, shift) = (context.store.values(scale), context.store.values(shift))
    let (mean, inverse) = (mean.base, deviationInverse.base)
    context.workers.run(rowCount, grain: 64) { rows, _ in
      var (source, target) = (
        pass.inputs[0] + rows.lowerBound * channelCount, pass.output + rows.lowerBound * channelCount
      )
      for _ in rows {
        for channel in 0..<channelCount {
          target[channel] = (source[channel] - mean[channel]) * (scale[channel] * inverse[channel]) + shift[channel]
        }
        source += channelCount
        target += channelCount
      }
    }
  }

  /// Fills `mean` and `deviationInverse` of some channels from the batch, or from what is running.
  private func measure(_ pass: LayerPass, rowCount: Int, _ channels: Range<Int>) {
    guard pass.isTraining else {
      for channel in channels {
        mean.base[channel] = runningMean.base[channel]
        deviationInverse.base[channel] = 1 / (runningVariance.base[channel] + epsilon).squareRoot()
      }
      return
    }
    let means = sums(rowCount, channels) { row, channel in Double(pass.inputs[0][row * channelCount + channel]) }
      .map { $0 / Double(rowCount) }
    let variances = sums(rowCount, channels) { row, channel in
      let difference = Double(pass.inputs[0][row * channelCount + channel]) - means[channel - channels.lowerBound]
      return difference * difference
    }
    for channel in channels {
      let variance = Float(variances[channel - channels.lowerBound] / Double(rowCount))
      mean.base[channel] = Float(means[channel - channels.lowerBound])
      deviationInverse.base[channel] = 1 / (variance + epsilon).squareRoot()
      runningMean.base[channel] = momentum * runningMean.base[channel] + (1 - momentum) * mean.base[channel]
      runningVariance.base[channel] = momentum * runningVariance.base[channel] + (1 - momentum) * variance
    }
  }

  /// The sum over rows of a function of row and channel, for some channels.
  @inline(__always)
  private func sums(_ rowCount: Int, _ channels: Range<Int>, _ function: (Int, Int) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: channels.count)
    for row in 0..<rowCount {
      for channel in channels { sums[channel - channels.lowerBound] += function(row, channel) }
    }
    return sums
  }

  /// Computes the gradients of scale, shift and input.
  func backward(_ way: LayerReturn) {
    let rowCount = way.pass.count * pixelCount
    let (source, gradient) = (way.pass.inputs[0], way.outputGradient)
    let (mean, inverse) = (mean.base, deviationInverse.base)
    let (scaleGradient, shiftGradient) = (context.store.gradients(scale), context.store.gradients(shift))
    context.workers.run(channelCount, grain: 8) { channels, _ in
      let shifts = sums(rowCount, channels) { row, channel in Double(gradient[row * channelCount + channel]) }
      let scales = sums(rowCount, channels) { row, channel in
        let index = row * channelCount + channel
        return Double(gradient[index]) * Double((source[index] - mean[channel]) * inverse[channel])
      }
      for channel in channels {
        shiftGradient[channel] = Float(shifts[channel - channels.lowerBound])
        scaleGradient[channel] = Float(scales[channel - channels.lowerBound])
      }
    }
    guard let target = way.inputGradients[0] else { return }
    let scale = context.store.values(scale)
    let share = 1 / Float(rowCount)
    context.workers.run(rowCount, grain: 64) { rows, _ in
      for row in rows {
        for channel in 0..<channelCount {
          let index = row * channelCount + channel
          let normal = (source[index] - mean[channel]) * inverse[channel]
          let centred = gradient[index] - share * (shiftGradient[channel] + normal * scaleGradient[channel])
          target[index] = scale[channel] * inverse[channel] * centred
        }
      }
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
}
