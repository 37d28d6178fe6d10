import CQuillFloatKernels

/// How parameters follow their gradients.
public enum Optimizer: Sendable, Equatable {
  /// Adam (Kingma and Ba, 2015), with Keras's defaults.
  case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-7)

  /// Gradient descent with momentum: `velocity = momentum * velocity - rate * gradient`, which is then added to the
  /// parameter; with `nesterov`, `momentum * velocity - rate * gradient` is.
  case descent(momentum: Float = 0, nesterov: Bool = false)
}

/// An optimiser's memory of the steps before.
package final class OptimizerState {
  /// The optimiser.
  package let optimizer: Optimizer

  /// The steps so far.
  package internal(set) var stepCount = 0

  /// Adam's first moments, or descent's velocities.
  let first: FloatStorage

  /// Adam's second moments; empty for descent.
  let second: FloatStorage

  /// A fresh memory for the parameters of a network.
  package init(_ optimizer: Optimizer, for network: TrainableNetwork) {
    self.optimizer = optimizer
    first = FloatStorage(count: network.store.count)
    if case .adam = optimizer {
      second = FloatStorage(count: network.store.count)
    } else {
      second = FloatStorage(count: 0)
    }
  }

  /// Changes a network's parameters by the gradients of its last `backward`.
  ///
  /// `weightDecay` adds `weightDecay * sum(w * w)` of all weights, but not of biases, scales and shifts, to the loss
  /// (Keras's `l2`).
  package func step(_ network: TrainableNetwork, rate: Float, weightDecay: Float = 0) {
    stepCount += 1
    let store = network.store
    if weightDecay != 0 { Self.decay(store, weightDecay, except: network.frozenStretches) }
    let blockCount = store.count / 16
    switch optimizer {
    case .adam(let beta1, let beta2, let epsilon):
      // The corrections of both moments' bias, in one factor.
      let correction = (1 - Self.power(beta2, stepCount)).squareRoot() / (1 - Self.power(beta1, stepCount))
      network.workers.run(blockCount, grain: 256) { blocks, _ in
        let offset = blocks.lowerBound * 16
        var adam = quill_float_adam(
          parameters: store.values.base + offset, gradients: store.gradients.base + offset,
          first_moments: first.base + offset, second_moments: second.base + offset, count: blocks.count * 16,
          rate: Float(Double(rate) * correction), one_minus_beta1: 1 - beta1, one_minus_beta2: 1 - beta2,
          epsilon: epsilon)
        quill_float_adam(network.level.rawLevel, &adam)
      }
    case .descent(let momentum, let nesterov):
      let (values, gradients, velocities) = (store.values.base, store.gradients.base, first.base)
      network.workers.run(store.count, grain: 4096) { indices, _ in
        for index in indices {
          let push = rate * gradients[index]
          velocities[index] = momentum * velocities[index] - push
          values[index] += nesterov ? momentum * velocities[index] - push : velocities[index]
        }
      }
    }
  }

  private static func decay(_ store: ParameterStore, _ weightDecay: Float, except frozen: Set<Int>) {
    for (index, stretch) in store.stretches.enumerated() where stretch.decays && !frozen.contains(index) {
      let (values, gradients) = (store.values(stretch), store.gradients(stretch))
      for index in 0..<stretch.count { gradients[index] += 2 * weightDecay * values[index] }
    }
  }

  /// A power with a whole exponent, by multiplication alone, so that every machine has the same.
  private static func power(_ base: Float, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, Double(base), exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}

extension TrainableNetwork {
  /// The sum of the squares of all weights, which weight decay adds to the loss.
  package var squaredWeights: Double {
    var sum = 0.0
    for stretch in store.stretches where stretch.decays {
      let values = store.values(stretch)
      for index in 0..<stretch.count { sum += Double(values[index]) * Double(values[index]) }
    }
    return sum
  }
}
