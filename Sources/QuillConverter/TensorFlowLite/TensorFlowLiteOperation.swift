import QuillFloat

/// What an operator computes, with its options; TensorFlow Lite's names.
package enum TensorFlowLiteOperation: Sendable, Equatable {
  /// How a window that leaves the image is treated.
  package enum Padding: Int, Sendable, Equatable {
    case same = 0, valid
  }

  /// Options of a convolution.
  package struct Convolution: Sendable, Equatable {
    package var padding: Padding
    package var strideHeight: Int, strideWidth: Int
    package var dilationHeight: Int, dilationWidth: Int
    package var activation: Operation.Activation

    /// What stands in the place of `padding`, where the file spells it out.
    package var explicitPadding: Operation.Padding?
  }

  /// Options of a pool.
  package struct Pooling: Sendable, Equatable {
    package var padding: Padding
    package var windowHeight: Int, windowWidth: Int
    package var strideHeight: Int, strideWidth: Int
    package var activation: Operation.Activation
  }

  /// Options of a slice; bit i of a mask concerns axis i.
  package struct StridedSlice: Sendable, Equatable {
    package var beginMask: Int, endMask: Int, ellipsisMask: Int, newAxisMask: Int, shrinkAxisMask: Int
  }

  /// Operators of two operands that are broadcast.
  package enum Binary: Sendable, Equatable {
    case add, subtract, multiply, divide, maximum, minimum, power, squaredDifference
  }

  /// Operators of one operand, element by element.
  package enum Unary: Sendable, Equatable {
    case relu, relu6, reluMinus1To1, relu0To1, logistic, tanh, elu, hardSwish, exp, log, squareRoot, negate, absolute
    case reciprocalSquareRoot, square
    case leakyRelu(alpha: Float)

    /// `x * Phi(x)` with the normal distribution's Phi, or with a hyperbolic tangent near it.
    case gelu(isApproximate: Bool)
  }

  /// Operators that reduce axes.
  package enum Reduction: Sendable, Equatable {
    case mean, sum, maximum, minimum, product
  }

  case conv2D(Convolution)
  case depthwiseConv2D(Convolution)

  /// Operands, in this order whatever the file's: image, weights, bias or none, the result's shape.
  case transposedConv2D(Convolution)
  case fullyConnected(Operation.Activation, keepsAxes: Bool)
  case maxPool2D(Pooling)
  case averagePool2D(Pooling)
  case binary(Binary, Operation.Activation)
  case unary(Unary)
  case reduction(Reduction, keepsAxes: Bool)
  case softmax(beta: Float)
  case logSoftmax
  case concatenation(axis: Int, Operation.Activation)

  /// The new shape, where the options give it rather than a second operand.
  case reshape([Int]?)
  case squeeze([Int])
  case expandDims
  case pad
  case padV2
  case transpose
  case slice
  case stridedSlice(StridedSlice)
  case resizeNearest(Operation.ResizeNearest)
  case resizeBilinear(Operation.ResizeNearest)
  case prelu
  case quantize
  case dequantize
  case shape
  case pack(axis: Int)
  case cast

  /// As many equal parts along an axis, which is the first operand.
  case split(count: Int)

  /// Parts along an axis; their extents are the second operand, the axis the third.
  case splitV(count: Int)

  /// The elements of an axis, which goes.
  case unpack(axis: Int, count: Int)

  /// Elements of an axis by constant positions.
  case gather(axis: Int)

  /// Copies side by side, as many for each axis.
  case tile

  /// Blocks of pixels to blocks of channels, and back.
  case spaceToDepth(block: Int)
  case depthToSpace(block: Int)

  /// Padding with what lies next to the edge, the edge itself left out or not.
  case mirrorPad(keepsEdge: Bool)

  /// An image taken apart for a dilated convolution, and put together after it.
  case spaceToBatch
  case batchToSpace
}
