/// A layer of a trainable network. Shapes are those of one sample: images are `[H, W, C]`, vectors `[N]`.
public enum Layer: Sendable, Equatable {
  /// Convolution of an image to `channels` channels.
  case convolution(channels: Int, window: Window, fused: FusedActivation = .none)

  /// Convolution of each channel by itself.
  case depthwiseConvolution(window: Window)

  /// A dense layer of a vector.
  case dense(units: Int, fused: FusedActivation = .none)

  /// In-bounds maximum over windows; where several are equal, the first takes the gradient.
  case maxPool(window: Window)

  /// Mean over the in-bounds elements of each window.
  case averagePool(window: Window)

  /// Mean over all pixels; a vector of channels.
  case globalAveragePool

  /// Normalisation of each channel to mean 0 and variance 1 over the batch, then a trained scale and shift. Outside
  /// training it uses running means of the statistics: `running = momentum * running + (1 - momentum) * batch`.
  case batchNormalization(momentum: Float = 0.99, epsilon: Float = 1e-3)

  /// Elements are dropped with probability `rate` in training, and the rest scaled by `1 / (1 - rate)`.
  case dropout(rate: Float)

  /// An activation, element by element.
  case activation(ActivationFunction)

  /// The same elements as a vector.
  case flatten

  /// The sum of two operands of one shape.
  case add

  /// The product of two operands: of one shape, or the second a vector with one factor a channel of the first.
  case multiply
}

extension Layer {
  /// A sliding window.
  public struct Window: Sendable, Equatable {
    /// Rows and columns of the window; at least 1.
    public var height: Int, width: Int

    /// Rows and columns between neighbouring windows; at least 1.
    public var strideHeight: Int, strideWidth: Int

    /// What lies around the image.
    public var padding: Padding

    /// A square window.
    public init(_ size: Int, stride: Int = 1, padding: Padding = .valid) {
      (height, width) = (size, size)
      (strideHeight, strideWidth) = (stride, stride)
      self.padding = padding
    }
  }

  /// The field's two ways of treating an image's edges.
  public enum Padding: Sendable, Equatable {
    /// No padding: windows lie within the image.
    case valid

    /// As much as makes the output `ceil(extent / stride)`, the larger part at the end (TensorFlow's SAME).
    case same

    /// Rows and columns as another tool gave them.
    case explicit(top: Int, left: Int, bottom: Int, right: Int)
  }

  /// An activation that a linear layer computes in the same pass.
  public enum FusedActivation: Sendable, Equatable {
    case none, relu, relu6

    /// The same activation of a graph's operation.
    var activation: Operation.Activation {
      switch self {
      case .none: .none
      case .relu: .relu
      case .relu6: .relu6
      }
    }
  }

  /// A function of one element.
  public enum ActivationFunction: Sendable, Equatable {
    case relu, relu6, sigmoid, tanh, hardSwish

    /// `x >= 0 ? x : alpha * x`.
    case leakyRelu(alpha: Float)

    /// The same function as a graph's operator.
    var unary: Operation.UnaryOperator {
      switch self {
      case .relu: .activation(.relu)
      case .relu6: .activation(.relu6)
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      case .hardSwish: .hardSwish
      case .leakyRelu(let alpha): .leakyRelu(alpha: alpha)
      }
    }
  }

  /// Whether the layer has something to learn.
  public var hasParameters: Bool {
    switch self {
    case .convolution, .depthwiseConvolution, .dense, .batchNormalization: true
    case .maxPool, .averagePool, .globalAveragePool, .dropout, .activation, .flatten, .add, .multiply: false
    }
  }

  /// Whether the layer keeps running statistics.
  public var hasStatistics: Bool { if case .batchNormalization = self { true } else { false } }

  /// The layer's kind, for names and messages.
  public var name: String {
    switch self {
    case .convolution: "convolution"
    case .depthwiseConvolution: "depthwise"
    case .dense: "dense"
    case .maxPool: "maxPool"
    case .averagePool: "averagePool"
    case .globalAveragePool: "globalAveragePool"
    case .batchNormalization: "batchNormalization"
    case .dropout: "dropout"
    case .activation(let function): function.unary.name
    case .flatten: "flatten"
    case .add: "add"
    case .multiply: "multiply"
    }
  }
}

extension Layer.Window {
  /// The padding around an image of the given extents.
  func padding(height imageHeight: Int, width imageWidth: Int) -> Operation.Padding {
    switch padding {
    case .valid: return .none
    case .explicit(let top, let left, let bottom, let right):
      return Operation.Padding(top: top, left: left, bottom: bottom, right: right)
    case .same: break
    }
    func total(_ extent: Int, _ window: Int, _ stride: Int) -> Int {
      // Out-of-range attributes are refused afterwards, by the shape rules.
      guard stride >= 1, window >= 1, window < 1 << 30, stride < 1 << 30 else { return 0 }
      return max(((extent + stride - 1) / stride - 1) * stride + window - extent, 0)
    }
    let rows = total(imageHeight, height, strideHeight)
    let columns = total(imageWidth, width, strideWidth)
    return Operation.Padding(
      top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
  }

  /// The window as a pool's parameters.
  func pooling(height imageHeight: Int, width imageWidth: Int) -> Operation.Pooling {
    Operation.Pooling(
      windowHeight: height, windowWidth: width, strideHeight: strideHeight, strideWidth: strideWidth,
      padding: padding(height: imageHeight, width: imageWidth))
  }

  /// The window as a convolution's parameters.
  func convolution(
    height imageHeight: Int, width imageWidth: Int, groups: Int = 1, activation: Operation.Activation = .none
  ) -> Operation.Convolution {
    Operation.Convolution(
      strideHeight: strideHeight, strideWidth: strideWidth,
      padding: padding(height: imageHeight, width: imageWidth), groups: groups, activation: activation)
  }
}
