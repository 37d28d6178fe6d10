/// A layer made ready to train.
enum TrainingLayer {
  case linear(LinearLayer)
  case depthwise(DepthwiseLayer)
  case pool(PoolLayer)
  case globalAverage(GlobalAverageLayer)
  case normalization(NormalizationLayer)
  case dropout(DropoutLayer)
  case activation(ActivationLayer)
  case combination(CombinationLayer)

  /// Shares the memory of its operand.
  case flatten

  /// The layer for a node of a description.
  init(_ layer: Layer, _ context: LayerContext) {
    switch layer {
    case .convolution(let channels, let window, let fused):
      self = .linear(LinearLayer(context, columnCount: channels, window: window, fused: fused))
    case .dense(let units, let fused):
      self = .linear(LinearLayer(context, columnCount: units, window: Layer.Window(1), fused: fused))
    case .depthwiseConvolution(let window): self = .depthwise(DepthwiseLayer(context, window: window))
    case .maxPool(let window): self = .pool(PoolLayer(context, window: window, isMaximum: true))
    case .averagePool(let window): self = .pool(PoolLayer(context, window: window, isMaximum: false))
    case .globalAveragePool: self = .globalAverage(GlobalAverageLayer(context))
    case .batchNormalization(let momentum, let epsilon):
      self = .normalization(NormalizationLayer(context, momentum: momentum, epsilon: epsilon))
    case .dropout(let rate): self = .dropout(DropoutLayer(context, rate: rate))
    case .activation(let function): self = .activation(ActivationLayer(context, function))
    case .add: self = .combination(CombinationLayer(context, isSum: true))
    case .multiply: self = .combination(CombinationLayer(context, isSum: false))
    case .flatten: self = .flatten
    }
  }

  /// Gives the parameters their first values.
  func initialize(_ random: inout TrainingRandom) {
    switch self {
    case .linear(let layer): layer.initialize(&random)
    case .depthwise(let layer): layer.initialize(&random)
    case .normalization(let layer): layer.initialize()
    case .pool, .globalAverage, .dropout, .activation, .combination, .flatten: break
    }
  }

  /// Computes the result for a batch.
  func forward(_ pass: LayerPass) {
    switch self {
    case .linear(let layer): layer.forward(pass)
    case .depthwise(let layer): layer.forward(pass)
    case .pool(let layer): layer.forward(pass)
    case .globalAverage(let layer): layer.forward(pass)
    case .normalization(let layer): layer.forward(pass)
    case .dropout(let layer): layer.forward(pass)
    case .activation(let layer): layer.forward(pass)
    case .combination(let layer): layer.forward(pass)
    case .flatten: break
    }
  }

  /// Computes the gradients of parameters and operands.
  func backward(_ way: LayerReturn) {
    switch self {
    case .linear(let layer): layer.backward(way)
    case .depthwise(let layer): layer.backward(way)
    case .pool(let layer): layer.backward(way)
    case .globalAverage(let layer): layer.backward(way)
    case .normalization(let layer): layer.backward(way)
    case .dropout(let layer): layer.backward(way)
    case .activation(let layer): layer.backward(way)
    case .combination(let layer): layer.backward(way)
    case .flatten: break
    }
  }
}
