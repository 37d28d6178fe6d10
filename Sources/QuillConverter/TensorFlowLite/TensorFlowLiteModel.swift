import QuillFloat

/// A TensorFlow Lite network as its file describes it: tensors with their scales, operators with their options.
///
/// Float networks become a `Graph` (`TensorFlowLiteReader`); int8 networks keep their scales and become a
/// `QuantizedGraph`.
package struct TensorFlowLiteModel: Sendable, Equatable {
  /// Types of elements, as the schema numbers them.
  package enum ElementType: Int, Sendable, Equatable {
    case float32 = 0, float16, int32, uint8, int64, string, bool, int16, complex64, int8, float64

    /// Bytes of one element; nil where elements have no size of their own.
    package var byteCount: Int? {
      switch self {
      case .uint8, .bool, .int8: 1
      case .float16, .int16: 2
      case .float32, .int32: 4
      case .int64, .complex64, .float64: 8
      case .string: nil
      }
    }
  }

  /// What a quantised tensor's integers mean: `real = scale * (value - zeroPoint)`.
  package struct Quantization: Sendable, Equatable {
    /// One for the tensor, or one for each channel; positive and finite.
    package var scales: [Float]

    /// As many as scales.
    package var zeroPoints: [Int32]

    /// The axis whose channels have scales of their own.
    package var axis: Int
  }

  /// One tensor.
  package struct Tensor: Sendable, Equatable {
    package var name: String

    /// Extents as the file gives them, each at least 1; what varies at run time is 1.
    package var shape: [Int]

    package var type: ElementType
    package var quantization: Quantization?

    /// The bytes of a constant, `shape.product` elements; nil for what is fed or computed.
    package var data: ArraySlice<UInt8>?
  }

  /// One operator.
  package struct Node: Sendable, Equatable {
    package var operation: TensorFlowLiteOperation

    /// TensorFlow Lite's name, for errors.
    package var name: String

    /// Positions in `tensors`; nil for an optional operand that is left out.
    package var inputs: [Int?]
    package var outputs: [Int]
  }

  /// What the file says of itself.
  package var summary: String
  package var tensors: [Tensor]
  package var nodes: [Node]
  package var inputs: [Int]
  package var outputs: [Int]

  /// Bytes of the file.
  package var byteCount: Int

  /// Whether a convolution, product or other operator works on integers: then the network is re-hosted with its own
  /// scales rather than read as floats.
  package var isInteger: Bool {
    nodes.contains { node in
      switch node.operation {
      // A cast to float begins a float network that takes bytes.
      case .quantize, .dequantize, .shape, .cast: return false
      default:
        // Weights alone may be integers: such a network calculates with floats.
        return node.inputs.contains { input in
          guard let input, tensors[input].data == nil else { return false }
          let type = tensors[input].type
          return type == .int8 || type == .uint8 || type == .int16
        }
      }
    }
      || (nodes.allSatisfy { $0.operation == .quantize || $0.operation == .reshape(nil) }
        && inputs.contains { tensors[$0].type != .float32 })
  }
}
