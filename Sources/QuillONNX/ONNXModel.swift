/// What an ONNX file says, as it says it: the parts of `onnx.proto3` that the reader uses, with weights still in place.
struct ONNXModel {
  /// The file, in which the ranges of `Tensor` lie.
  var bytes: [UInt8]

  /// Operator set versions by domain; the standard domain is the empty string.
  var opsets: [String: Int64] = [:]

  /// The exporter's name and version.
  var producerName = "", producerVersion = ""

  /// Pairs that the exporter or user added.
  var metadata: [Entry] = []

  /// The network's name.
  var name = ""

  /// The nodes in the order of the file.
  var nodes: [Node] = []

  /// Constants by name.
  var initializers: [Tensor] = []

  /// What is fed and what is answered.
  var inputs: [ValueInfo] = [], outputs: [ValueInfo] = []

  /// Whether the file has a graph at all.
  var hasGraph = false

  /// A key and a value.
  struct Entry: Equatable {
    var key = "", value = ""
  }

  /// One operator applied to named tensors.
  struct Node {
    var name = "", operatorName = "", domain = ""
    var inputs: [String] = [], outputs: [String] = []
    var attributes: [Attribute] = []
  }

  /// One attribute of a node.
  struct Attribute {
    var name = ""
    var value = Value.absent

    /// What an attribute holds.
    enum Value {
      case absent
      case float(Float)
      case int(Int64)
      case string([UInt8])
      case tensor(Tensor)
      case floats([Float])
      case ints([Int64])
      case strings
      case other
    }
  }

  /// A constant: its type and extents, and where its elements are.
  struct Tensor {
    var name = ""
    var dims: [Int64] = []
    var dataType = 0

    /// The range in the file of `raw_data`.
    var raw: Range<Int>?

    /// The ranges in the file of packed typed fields, in order; unpacked elements are ranges of their own.
    var typed: [TypedRun] = []

    /// The entries of `external_data`, where the elements are in another file.
    var external: [Entry]?

    /// The offset in the file of the message.
    var offset = 0
  }

  /// Elements in a typed field.
  struct TypedRun {
    /// The typed fields.
    enum Field { case floats, int32s, int64s, doubles, uint64s }

    var field: Field
    var range: Range<Int>
  }

  /// What is said of an input or output.
  struct ValueInfo {
    var name = ""
    var isTensor = false
    var elementType = 0

    /// The extents, or `nil` where the rank is unknown.
    var dims: [Dimension]?
  }

  /// An extent: a number, a symbol, or nothing.
  struct Dimension: Equatable {
    var value: Int64?
    var symbol = ""
  }
}
