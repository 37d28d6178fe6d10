/// An array as numpy stores one: elements in row-major (C) order, little-endian.
public struct NumpyArray: Sendable, Equatable {
  /// The type of an element.
  public enum Element: String, Sendable, CaseIterable {
    case float16 = "<f2", float32 = "<f4", float64 = "<f8"
    case int8 = "|i1", int16 = "<i2", int32 = "<i4", int64 = "<i8"
    case uint8 = "|u1", uint16 = "<u2", uint32 = "<u4", uint64 = "<u8"
    case bool = "|b1"

    /// The bytes of one element.
    public var byteCount: Int {
      switch self {
      case .int8, .uint8, .bool: 1
      case .float16, .int16, .uint16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64: 8
      }
    }
  }

  /// The type of the elements.
  public let element: Element

  /// The extent of each axis, outermost first; empty for a scalar.
  public let shape: [Int]

  /// `shape.product` elements, row-major, little-endian.
  public let bytes: [UInt8]

  /// An array over its stored bytes, whose count must be the product of the shape times the element's bytes.
  public init(element: Element, shape: [Int], bytes: [UInt8]) {
    precondition(
      bytes.count == shape.reduce(element.byteCount, *), "\(bytes.count) bytes do not fill \(element) \(shape)")
    self.element = element
    self.shape = shape
    self.bytes = bytes
  }

  /// A float32 array of the given shape.
  public init(shape: [Int], floats: [Float]) {
    self.init(element: .float32, shape: shape, bytes: floats.withUnsafeBytes { [UInt8]($0) })
  }

  /// An int8 array of the given shape.
  public init(shape: [Int], int8s: [Int8]) {
    self.init(element: .int8, shape: shape, bytes: int8s.map { UInt8(bitPattern: $0) })
  }

  /// The number of elements.
  public var count: Int { bytes.count / element.byteCount }

  /// The elements as float32, rounded to nearest where float32 cannot hold them; booleans become 0 and 1.
  public func floats() -> [Float] {
    switch element {
    case .float16: load(UInt16.self).map { Self.float(half: $0) }
    case .float32: load(UInt32.self).map { Float(bitPattern: $0) }
    case .float64: load(UInt64.self).map { Float(Double(bitPattern: $0)) }
    case .int8: bytes.map { Float(Int8(bitPattern: $0)) }
    case .int16: load(Int16.self).map { Float($0) }
    case .int32: load(Int32.self).map { Float($0) }
    case .int64: load(Int64.self).map { Float($0) }
    case .uint8: bytes.map { Float($0) }
    case .uint16: load(UInt16.self).map { Float($0) }
    case .uint32: load(UInt32.self).map { Float($0) }
    case .uint64: load(UInt64.self).map { Float($0) }
    case .bool: bytes.map { $0 == 0 ? 0 : 1 }
    }
  }

  /// The elements of an int8 array; `nil` for every other element type.
  public func int8s() -> [Int8]? {
    element == .int8 ? bytes.map { Int8(bitPattern: $0) } : nil
  }

  private func load<Value: FixedWidthInteger>(_ type: Value.Type) -> [Value] {
    bytes.withUnsafeBytes { bytes in
      (0..<count).map { index in
        Value(littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.size, as: Value.self))
      }
    }
  }

  /// IEEE 754 binary16 by its bits, since `Float16` does not exist on every desk.
  private static func float(half bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 0x1f
    let fraction = Float(bits & 0x3ff)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
