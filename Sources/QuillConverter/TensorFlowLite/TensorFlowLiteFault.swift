import QuillFloat

/// The part of a TensorFlow Lite file that a fault concerns.
public enum TensorFlowLitePlace: Sendable, Equatable {
  /// A byte offset.
  case byte(Int)

  /// The file as a whole.
  case model

  /// A tensor, by its position and name.
  case tensor(index: Int, name: String)

  /// An operator, by its position and TensorFlow Lite's name for it.
  case node(index: Int, name: String)
}

/// What is wrong with a TensorFlow Lite network, or what in it is not read.
public enum TensorFlowLiteFault: Sendable, Equatable {
  /// The bytes lack the identifier `TFL3`.
  case notTensorFlowLite

  /// An offset or a length leaves the file.
  case outside

  /// The file describes more than a file of its size can.
  case tooLarge(permitted: Int)

  /// A version of the schema that is not read.
  case unknownVersion(Int)

  /// Several functions where one network was expected.
  case subgraphCount(Int)

  /// A field that must be there is not.
  case missing(String)

  /// An operator that is not read.
  case unsupportedOperator

  /// An operator of somebody's own.
  case customOperator(String)

  /// An option with a value that is not read.
  case unsupportedOption(String, found: String, expected: String)

  /// Too few or too many operands.
  case operandCount(found: Int, expected: ClosedRange<Int>)

  /// An index that stands for no tensor, buffer or operator code.
  case badIndex(String, found: Int, count: Int)

  /// A tensor whose extents are not all at least 1.
  case badShape([Int])

  /// Elements of a type that is not read here.
  case unsupportedType(String, expected: String)

  /// A network of integers that goes over to floats on the way.
  case floatsInside

  /// A constant with another number of bytes than its shape and type need.
  case byteCount(found: Int, expected: Int)

  /// A tensor that must be a constant is computed.
  case notConstant(String)

  /// Scales or zero points that are missing, not finite, not positive or out of range.
  case badQuantization

  /// Sparse weights whose places contradict their shape or each other.
  case badSparsity

  /// An operator that remembers values from one call to the next.
  case keepsState(String)

  /// A weight that is not finite, or an operand that is neither fed nor computed before it is read.
  case notReady(String)

  /// The nodes do not make a graph that can run.
  case graph(GraphError)
}
