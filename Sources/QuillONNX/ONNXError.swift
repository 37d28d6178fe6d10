import QuillFloat

/// Why bytes are not a network that can be read, or a graph not one that can be written, and where. The wording stands
/// in `ONNXError+Description.swift`.
public struct ONNXError: Error, Sendable, Equatable {
  /// The place of the fault.
  public var place: Place

  /// The fault.
  public var problem: Problem

  /// A fault at a place.
  public init(at place: Place, _ problem: Problem) {
    self.place = place
    self.problem = problem
  }
}

extension ONNXError {
  /// The part of a file that a fault concerns.
  public enum Place: Sendable, Equatable {
    /// The file as a whole.
    case file

    /// A byte of the file.
    case offset(Int)

    /// A tensor by its name.
    case tensor(String)

    /// An input of the network by its name.
    case input(String)

    /// An output of the network by its name.
    case output(String)

    /// A node by its position in the file, its operator and its name.
    case node(index: Int, operator: String, name: String)

    /// A path in the file system.
    case path(String)
  }

  /// How a protobuf field is encoded.
  public enum WireKind: Sendable, Equatable {
    case varint, fixed32, fixed64, bytes
  }

  /// What an operand should have been.
  public enum Expectation: Sendable, Equatable {
    /// So many axes.
    case rank(ClosedRange<Int>)

    /// Exactly these extents.
    case shape([Int])

    /// So many elements.
    case elementCount(Int)

    /// One element.
    case scalar

    /// Extents that broadcast to these.
    case broadcastable([Int])

    /// Weights of a convolution over so many channels in so many groups.
    case convolutionWeights(channels: Int, groups: Int)
  }

  /// The fault, with what was found and what was expected.
  public enum Problem: Sendable, Equatable {
    // Of the file.

    /// There is nothing in the file.
    case empty

    /// The file is larger than protobuf and Quill allow.
    case tooLarge(byteCount: Int)

    /// The file could not be read.
    case unreadable(Obstacle)

    /// The bytes are protobuf, but hold no graph.
    case noGraph

    /// More parts of a kind than Quill reads.
    case tooMany(part: Part, maximum: Int)

    // Of the wire format.

    /// The file ends inside a number.
    case truncated(needed: Int, available: Int)

    /// A field is longer than what contains it.
    case lengthPastEnd(UInt64, available: Int)

    /// A number of more than 64 bits.
    case varintTooLong

    /// A field number that protobuf does not allow.
    case fieldNumber(UInt64)

    /// A wire type that protobuf does not define, or no longer uses.
    case wireType(Int, field: Int)

    /// A field that is encoded in another way than ONNX says.
    case wireKind(field: Int, found: WireKind, expected: WireKind)

    /// Text that is not UTF-8.
    case notUTF8(field: Int)

    // Of the model.

    /// No version of the standard operators is declared.
    case noOpset

    /// A version of the standard operators that is not read.
    case opset(Int64, supported: ClosedRange<Int>)

    /// A network without outputs.
    case noOutputs

    /// A name that stands for nothing computed before.
    case undefinedTensor(String)

    /// A name that is computed twice.
    case duplicateTensor(String)

    /// An input that is no tensor.
    case notATensor

    /// An input without a shape, or an axis of it without an extent.
    case unknownShape

    /// An axis whose extent only the user can say.
    case unknownExtent(axis: Int, symbol: String)

    /// An extent below 1.
    case emptyAxis(axis: Int, extent: Int64)

    /// A shape with more elements than Quill handles.
    case shapeTooLarge([Int])

    /// A value that the caller gave does not fit the input.
    case givenShape([Int], declared: [Int?])

    // Of a constant.

    /// Elements of a type that is not read.
    case elementType(Int, name: String?)

    /// More or fewer elements than the shape has.
    case elementCount(found: Int, expected: Int)

    /// A constant whose values are in another file that is not there.
    case externalDataMissing(location: String)

    /// A constant whose place in another file is not one that may be read.
    case externalDataPlace(location: String, offset: Int64, length: Int64, available: Int)

    /// A constant with an infinite value, or one that is not a number.
    case notFinite(position: Int)

    /// Constants computed while reading would need memory out of proportion to the file.
    case foldingTooLarge(elementCount: Int, maximum: Int)

    // Of a node.

    /// An operator that is not read.
    case unsupportedOperator(domain: String, opset: Int)

    /// An operator that finds its scales while it runs.
    case dynamicQuantization

    /// An attribute with a value that is not read.
    case unsupportedAttribute(String, found: String, supported: String)

    /// An attribute that must be there.
    case missingAttribute(String)

    /// An attribute of another type than ONNX says.
    case attributeType(String)

    /// An attribute with a value that makes no sense.
    case attributeValue(String, found: [Int64])

    /// Too few or too many operands.
    case operandCount(found: Int, expected: ClosedRange<Int>)

    /// An operand that is left out but needed.
    case missingOperand(Int)

    /// An operand that must be known when the file is read.
    case operandNotConstant(Int, tensor: String)

    /// An operand of integers or truth values that the network computes while it runs.
    case integerOperand(Int, tensor: String)

    /// An operand of a type that the operator does not take.
    case operandType(Int, tensor: String, found: ElementType)

    /// An operand of a shape that does not fit.
    case operandShape(Int, tensor: String, found: [Int], expected: Expectation)

    /// A second result, which is not computed, is used.
    case unsupportedOutput(Int)

    /// A target shape that the elements do not fill.
    case reshape(from: [Int], to: [Int64])

    /// An integer calculation that has no result.
    case arithmetic

    /// What this node was read as breaks a rule of the float graph.
    case graph(GraphError.Problem)
  }

  /// What keeps a file from being read.
  public enum Obstacle: Sendable, Equatable {
    case notFound, notPermitted
  }

  /// A kind of part, of which a file has too many.
  public enum Part: Sendable, Equatable {
    case nodes, tensors, attributes, windowTaps, pieces
  }
}
