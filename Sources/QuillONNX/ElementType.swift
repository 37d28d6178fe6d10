/// The type of a tensor's elements, by ONNX's `TensorProto.DataType`.
public enum ElementType: Int, Sendable, Equatable {
  case float32 = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case string = 8
  case bool = 9
  case float16 = 10
  case float64 = 11
  case uint32 = 12
  case uint64 = 13
  case complex64 = 14
  case complex128 = 15
  case bfloat16 = 16
  case float8e4m3fn = 17
  case float8e4m3fnuz = 18
  case float8e5m2 = 19
  case float8e5m2fnuz = 20
  case uint4 = 21
  case int4 = 22
  case float4e2m1 = 23

  /// What a reader does with elements of a type.
  enum Kind {
    /// Held as `Float`.
    case float

    /// Held as `Int64`.
    case integer

    /// Not read.
    case unsupported
  }

  /// What the reader does with elements of this type.
  var kind: Kind {
    switch self {
    case .float32, .float16, .float64, .bfloat16: .float
    case .uint8, .int8, .uint16, .int16, .int32, .int64, .bool, .uint32, .uint64: .integer
    case .string, .complex64, .complex128, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .uint4, .int4,
      .float4e2m1:
      .unsupported
    }
  }

  /// Whether elements are integers of eight bits.
  var isByte: Bool { self == .int8 || self == .uint8 }

  /// Bytes an element takes in `raw_data`, for the types that are read.
  var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    case .string, .complex64, .complex128, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .uint4, .int4,
      .float4e2m1:
      0
    }
  }

  /// ONNX's word for the type.
  public var name: String {
    switch self {
    case .float32: "float"
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .string: "string"
    case .bool: "bool"
    case .float16: "float16"
    case .float64: "double"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .complex64: "complex64"
    case .complex128: "complex128"
    case .bfloat16: "bfloat16"
    case .float8e4m3fn: "float8e4m3fn"
    case .float8e4m3fnuz: "float8e4m3fnuz"
    case .float8e5m2: "float8e5m2"
    case .float8e5m2fnuz: "float8e5m2fnuz"
    case .uint4: "uint4"
    case .int4: "int4"
    case .float4e2m1: "float4e2m1"
    }
  }
}
