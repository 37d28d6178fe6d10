extension Operation {
  /// The operation's name, the same in every layer, for messages and reports.
  public var name: String {
    switch self {
    case .conv2D: "Conv2D"
    case .depthwiseConv2D: "DepthwiseConv2D"
    case .fullyConnected: "FullyConnected"
    case .matrixMultiply: "MatrixMultiply"
    case .maxPool2D: "MaxPool2D"
    case .averagePool2D: "AveragePool2D"
    case .mean: "Mean"
    case .sum: "Sum"
    case .batchNormalization: "BatchNormalization"
    case .normalize: "Normalize"
    case .binary(let binaryOperator, _): binaryOperator.name
    case .unary(let unaryOperator): unaryOperator.name
    case .softmax: "Softmax"
    case .logSoftmax: "LogSoftmax"
    case .pad: "Pad"
    case .reshape: "Reshape"
    case .transpose: "Transpose"
    case .concatenate: "Concatenate"
    case .slice: "Slice"
    case .resizeNearest: "ResizeNearest"
    }
  }
}

extension Operation.BinaryOperator {
  /// The operator's name, as in `Operation.name`.
  public var name: String {
    switch self {
    case .add: "Add"
    case .subtract: "Subtract"
    case .multiply: "Multiply"
    case .divide: "Divide"
    case .maximum: "Maximum"
    case .minimum: "Minimum"
    case .power: "Power"
    }
  }
}

extension Operation.UnaryOperator {
  /// The operator's name, as in `Operation.name`.
  public var name: String {
    switch self {
    case .activation(let activation): activation.name
    case .leakyRelu: "LeakyReLU"
    case .elu: "ELU"
    case .clip: "Clip"
    case .sigmoid: "Sigmoid"
    case .hardSigmoid: "HardSigmoid"
    case .hardSwish: "HardSwish"
    case .tanh: "Tanh"
    case .exp: "Exp"
    case .log: "Log"
    case .squareRoot: "SquareRoot"
    case .absolute: "Absolute"
    case .negate: "Negate"
    case .reciprocal: "Reciprocal"
    case .errorFunction: "ErrorFunction"
    case .softplus: "Softplus"
    }
  }
}

extension Operation.Activation {
  /// The activation's name, as in `Operation.name`.
  public var name: String {
    switch self {
    case .none: "Identity"
    case .relu: "ReLU"
    case .relu6: "ReLU6"
    case .reluMinus1To1: "ReLUMinus1To1"
    }
  }

  /// The smallest and the largest value that the activation lets through.
  package var bounds: (low: Float, high: Float) {
    switch self {
    case .none: (-.infinity, .infinity)
    case .relu: (0, .infinity)
    case .relu6: (0, 6)
    case .reluMinus1To1: (-1, 1)
    }
  }
}
