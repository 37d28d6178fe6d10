/// What a node computes. The closed list of float operations: a `switch` over it has no `default`, so that a new case
/// breaks the build exactly where work is due.
///
/// Unless said otherwise there is one operand and it keeps its shape. `H`, `W` are spatial extents, `C`, `I`, `O` channels.
public enum Operation: Sendable, Equatable {
  /// Operands: input `[N, H, W, I]`, weights `[O, KH, KW, I / groups]`, and optionally bias `[O]`.
  case conv2D(Convolution)

  /// Operands: input `[N, H, W, C]`, weights `[1, KH, KW, C * multiplier]`, and optionally bias `[C * multiplier]`;
  /// output channel `c * multiplier + k` reads input channel `c`. `groups` is `C`.
  case depthwiseConv2D(Convolution)

  /// Operands: input `[..., I]`, weights `[O, I]`, and optionally bias `[O]`. Output `[..., O]`.
  case fullyConnected(Activation)

  /// Operands: `[..., M, K]` and `[..., K, N]`, leading axes broadcast (numpy's `matmul`).
  case matrixMultiply

  /// In-bounds maximum over windows of `[N, H, W, C]`.
  case maxPool2D(Pooling)

  /// Mean over the in-bounds taps of each window, or over all its taps where `countsPadding`.
  case averagePool2D(Pooling, countsPadding: Bool)

  /// Mean over `axes`, which stay with extent 1 where `keepsAxes`.
  case mean(axes: [Int], keepsAxes: Bool)

  /// Sum over `axes`, which stay with extent 1 where `keepsAxes`.
  case sum(axes: [Int], keepsAxes: Bool)

  /// Operands: input `[..., C]`, then scale, shift, mean and variance, each `[C]`:
  /// `scale * (x - mean) / sqrt(variance + epsilon) + shift`.
  case batchNormalization(epsilon: Float)

  /// `(x - mean) / sqrt(spread + epsilon)`: mean over `axes` (0 unless `centers`), and `spread` the mean of `(x - mean)^2`
  /// there. What layer, group, instance and root mean square normalisation do before scale and shift.
  case normalize(axes: [Int], centers: Bool, epsilon: Float)

  /// Two operands, broadcast (numpy's rule), then an activation.
  case binary(BinaryOperator, Activation)

  /// One operand, element by element.
  case unary(UnaryOperator)

  /// `exp(x) / sum(exp(x))` along `axis`, with the maximum subtracted first.
  case softmax(axis: Int)

  /// `log(softmax(x))` along `axis`.
  case logSoftmax(axis: Int)

  /// Constant padding by `before[i]` and `after[i]` elements on axis `i`.
  case pad(before: [Int], after: [Int], value: Float)

  /// The same elements in row-major order under another shape (the output tensor's).
  case reshape

  /// Output axis `i` is input axis `permutation[i]`.
  case transpose(permutation: [Int])

  /// The operands joined along `axis`.
  case concatenate(axis: Int)

  /// Elements `starts[i], starts[i] + steps[i], ...` of each axis `i`, as many as the output's extent says.
  case slice(starts: [Int], steps: [Int])

  /// Nearest-neighbour resize of `[N, H, W, C]` to the output tensor's extents.
  case resizeNearest(ResizeNearest)
}

extension Operation {
  /// Parameters of a convolution.
  public struct Convolution: Sendable, Equatable {
    /// Rows and columns between neighbouring windows; at least 1.
    public var strideHeight: Int, strideWidth: Int

    /// Rows and columns between neighbouring taps; at least 1.
    public var dilationHeight: Int, dilationWidth: Int

    /// Zeros around the input.
    public var padding: Padding

    /// Independent groups of channels; 1 for an ordinary convolution.
    public var groups: Int

    /// What follows the sum.
    public var activation: Activation

    /// The parameters of a convolution; by default stride 1, no padding, one group.
    public init(
      strideHeight: Int = 1, strideWidth: Int = 1, dilationHeight: Int = 1, dilationWidth: Int = 1,
      padding: Padding = .none, groups: Int = 1, activation: Activation = .none
    ) {
      self.strideHeight = strideHeight
      self.strideWidth = strideWidth
      self.dilationHeight = dilationHeight
      self.dilationWidth = dilationWidth
      self.padding = padding
      self.groups = groups
      self.activation = activation
    }
  }

  /// Parameters of a pool.
  public struct Pooling: Sendable, Equatable {
    /// The window's rows and columns; at least 1.
    public var windowHeight: Int, windowWidth: Int

    /// Rows and columns between neighbouring windows; at least 1.
    public var strideHeight: Int, strideWidth: Int

    /// Taps around the input that count for nothing (see `averagePool2D` for the exception).
    public var padding: Padding

    /// The parameters of a pool.
    public init(windowHeight: Int, windowWidth: Int, strideHeight: Int, strideWidth: Int, padding: Padding = .none) {
      self.windowHeight = windowHeight
      self.windowWidth = windowWidth
      self.strideHeight = strideHeight
      self.strideWidth = strideWidth
      self.padding = padding
    }
  }

  /// Rows and columns added around an image.
  public struct Padding: Sendable, Equatable {
    /// Elements added on each side; at least 0.
    public var top: Int, left: Int, bottom: Int, right: Int

    /// Padding by side.
    public init(top: Int, left: Int, bottom: Int, right: Int) {
      self.top = top
      self.left = left
      self.bottom = bottom
      self.right = right
    }

    /// No padding (the field's VALID).
    public static let none = Padding(top: 0, left: 0, bottom: 0, right: 0)
  }

  /// An activation that a linear operation can carry.
  public enum Activation: Sendable, Equatable {
    /// The identity.
    case none

    /// `max(x, 0)`.
    case relu

    /// `min(max(x, 0), 6)`.
    case relu6

    /// `min(max(x, -1), 1)`.
    case reluMinus1To1
  }

  /// An operation on two elements.
  public enum BinaryOperator: Sendable, Equatable {
    case add, subtract, multiply, divide, maximum, minimum, power
  }

  /// An operation on one element.
  public enum UnaryOperator: Sendable, Equatable {
    /// An activation standing alone.
    case activation(Activation)

    /// `x >= 0 ? x : alpha * x`.
    case leakyRelu(alpha: Float)

    /// `x >= 0 ? x : alpha * (exp(x) - 1)`.
    case elu(alpha: Float)

    /// `min(max(x, low), high)`, with infinities where an end is open.
    case clip(low: Float, high: Float)

    /// `1 / (1 + exp(-x))`.
    case sigmoid

    /// `max(0, min(1, alpha * x + beta))`.
    case hardSigmoid(alpha: Float, beta: Float)

    /// `x * relu6(x + 3) / 6`.
    case hardSwish

    /// The function of that name.
    case tanh, exp, log, squareRoot, absolute, negate, reciprocal

    /// `2 / sqrt(pi)` times the integral of `exp(-t * t)` from 0 to `x`.
    case errorFunction

    /// `log(1 + exp(x))`.
    case softplus
  }

  /// How nearest-neighbour resizing finds the source of an output element.
  public struct ResizeNearest: Sendable, Equatable {
    /// Corner elements stand on corner elements.
    public var alignsCorners: Bool

    /// Element centres stand at one half.
    public var halfPixelCenters: Bool

    /// The parameters of a nearest-neighbour resize.
    public init(alignsCorners: Bool, halfPixelCenters: Bool) {
      self.alignsCorners = alignsCorners
      self.halfPixelCenters = halfPixelCenters
    }
  }
}
