import QuillFloat

/// A network whose every tensor is int8 with a scale and a zero point: what quantising a float network gives, what an
/// int8 file of another runtime is read into, and what the flat file is written from.
///
/// Tensors have one to four axes, batch (1) first, images NHWC. Weights and biases belong to their operations.
package struct QuantizedGraph: Sendable, Equatable {
  /// A tensor of int8 values: `real = scale * (value - zeroPoint)`.
  package struct Tensor: Sendable, Equatable {
    /// The name in the network that it came from.
    package var name: String
    /// The extents, batch first.
    package var shape: [Int]
    /// Real units a step; positive and finite.
    package var scale: Float
    /// The value that stands for zero, -128...127.
    package var zeroPoint: Int32

    package init(name: String, shape: [Int], scale: Float, zeroPoint: Int32) {
      self.name = name
      self.shape = shape
      self.scale = scale
      self.zeroPoint = zeroPoint
    }
  }

  /// An operation on tensors by their positions.
  package struct Node: Sendable, Equatable {
    package var name: String
    package var operation: QuantizedOperation
    package var inputs: [Int]
    package var output: Int

    package init(name: String, operation: QuantizedOperation, inputs: [Int], output: Int) {
      self.name = name
      self.operation = operation
      self.inputs = inputs
      self.output = output
    }
  }

  package var name: String
  package var tensors: [Tensor] = []
  /// In an order in which they can run.
  package var nodes: [Node] = []
  package var inputs: [Int] = []
  package var outputs: [Int] = []

  package init(name: String) {
    self.name = name
  }

  /// Adds a tensor and answers its position.
  package mutating func addTensor(_ tensor: Tensor) -> Int {
    tensors.append(tensor)
    return tensors.count - 1
  }
}

/// What a node of a quantised network computes; the same names as in the core.
package enum QuantizedOperation: Sendable, Equatable {
  /// Weights `[O, KH, KW, I / groups]`.
  case conv2D(Operation.Convolution, QuantizedWeights)
  /// Weights `[1, KH, KW, C * multiplier]`.
  case depthwiseConv2D(Operation.Convolution, QuantizedWeights)
  /// Weights `[O, I]`; the input's values are taken `I` at a time.
  case fullyConnected(Operation.Activation, QuantizedWeights)
  case maxPool2D(Operation.Pooling, Operation.Activation)
  case averagePool2D(Operation.Pooling, Operation.Activation)
  /// Axes count the batch: 1 is height of a four-axis tensor. Negative axes wrap.
  case mean(axes: [Int])
  case sum(axes: [Int])
  case add(Operation.Activation)
  case subtract(Operation.Activation)
  case multiply(Operation.Activation)
  case maximum
  case minimum
  case lookup(LookupFunction)
  case softmax(beta: Float)
  /// Elements before and after, an entry an axis, batch included.
  case pad(before: [Int], after: [Int])
  case reshape
  /// Output axis `i` is input axis `permutation[i]`, batch included.
  case transpose(permutation: [Int])
  /// The axis counts the batch.
  case concatenate(axis: Int)
  case slice(starts: [Int], steps: [Int])
  case resizeNearest(Operation.ResizeNearest)
  /// By a sample's own mean and spread; axes count the batch. `epsilon` is in squared units of the input.
  case normalize(axes: [Int], centers: Bool, epsilon: Float)
  /// Values in row-major order; no operands.
  case constant([Int8])
}

/// The function behind a 256-entry table (`arithmetic.md`, "Element-wise" and "Fixed-point functions").
package enum LookupFunction: Sendable, Equatable {
  case requantize
  case relu
  case relu6
  case reluMinus1To1
  case leakyRelu(alpha: Float)
  case elu(alpha: Float)
  case logistic
  case tanh
  case hardSwish
  /// The byte itself.
  case identity
  /// `-1 - byte`, which turns the order round.
  case reversed
  /// What lies below the zero point; the zero point for the rest.
  case negativePart
  /// The byte's own negation, scales and zero points unseen; -128 stays.
  case negatedByte
  case absolute
  case squareRoot
  case relu0To1
  case reciprocalSquareRoot
  /// Division by a constant of so many steps from its zero point, each of `divisorScale`.
  case quotient(divisor: Int32, divisorScale: Float, Operation.Activation)
  case tabulated(Tabulated)
  /// Any other function of one number: Float32 on the dequantised value, then quantised.
  case other(Operation.UnaryOperator)
  /// A graph of 256 numbers to as many, computed in Float32.
  case composed(Graph)

  /// Functions that TensorFlow Lite keeps in a table of Float32 results.
  package enum Tabulated: Sendable, Equatable {
    case exponential, logarithm
    case gelu(isApproximate: Bool)
  }
}

/// A linear operation's weights and bias.
package struct QuantizedWeights: Sendable, Equatable {
  /// -127...127, row-major in the operation's shape.
  package var values: [Int8]
  /// The operation's weight shape.
  package var shape: [Int]
  /// One scale an output channel, or a single one for all.
  package var scales: [Float]
  /// One a channel, in steps of input scale x weight scale; `nil` where there is none.
  package var bias: [Int32]?

  package init(values: [Int8], shape: [Int], scales: [Float], bias: [Int32]?) {
    self.values = values
    self.shape = shape
    self.scales = scales
    self.bias = bias
  }

  /// The scale of an output channel.
  package func scale(_ channel: Int) -> Float { scales.count == 1 ? scales[0] : scales[channel] }
}
