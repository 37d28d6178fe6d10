/// How one element of a data set or attribute is stored.
struct HDF5Datatype: Equatable {
  enum Class: Equatable {
    case integer(isSigned: Bool)
    case float
    case fixedString
    case variableString
    case other(String)
  }

  let elementClass: Class

  /// Bytes of one element.
  let byteCount: Int

  let isBigEndian: Bool

  /// Reads a datatype message and moves past it as far as it was read.
  init(_ reader: inout ByteReader) throws(ImportError) {
    let place = reader.offset
    let first = try reader.byte()
    guard (1...4).contains(first >> 4) else {
      throw .hdf5(offset: place, .unknownVersion(structure: "datatype", first >> 4))
    }
    let bits = try reader.count(3)
    byteCount = try reader.count(4)
    isBigEndian = bits & 1 != 0
    guard byteCount > 0 else { throw .hdf5(offset: place, .inconsistent(structure: "datatype")) }
    switch first & 15 {
    case 0:
      elementClass = [1, 2, 4, 8].contains(byteCount) ? .integer(isSigned: bits & 8 != 0) : .other("integer")
    case 1:
      var fields = reader
      let layout = try (0..<12).map { _ throws(ImportError) in try fields.byte() }
      elementClass = Self.isIEEE(byteCount, layout) && bits & 0x40 == 0 ? .float : .other("float")
    case 3: elementClass = .fixedString
    case 9: elementClass = bits & 15 == 1 ? .variableString : .other("sequence")
    case 6: elementClass = .other("compound")
    case 8: elementClass = .other("enumeration")
    default: elementClass = .other("class \(first & 15)")
    }
  }

  /// Whether a float's fields (offset, precision, exponent's place and size, mantissa's place and size, bias) are
  /// IEEE's.
  private static func isIEEE(_ byteCount: Int, _ fields: [Int]) -> Bool {
    let layout = Array(fields[4...7])
    return switch byteCount {
    case 2: layout == [10, 5, 0, 10]
    case 4: layout == [23, 8, 0, 23]
    case 8: layout == [52, 11, 0, 52]
    default: false
    }
  }

  /// The number at an offset that has `byteCount` bytes.
  func number(_ bytes: [UInt8], at offset: Int) -> Float {
    var raw: UInt64 = 0
    for position in 0..<byteCount {
      let byte = UInt64(bytes[offset + position])
      raw |= byte << UInt64(8 * (isBigEndian ? byteCount - 1 - position : position))
    }
    switch (elementClass, byteCount) {
    case (.float, 2): return Self.half(UInt16(raw))
    case (.float, 4): return Float(bitPattern: UInt32(raw))
    case (.float, 8): return Float(Double(bitPattern: raw))
    case (.integer(isSigned: false), _): return Float(raw)
    case (.integer(isSigned: true), 1): return Float(Int8(truncatingIfNeeded: raw))
    case (.integer(isSigned: true), 2): return Float(Int16(truncatingIfNeeded: raw))
    case (.integer(isSigned: true), 4): return Float(Int32(truncatingIfNeeded: raw))
    default: return Float(Int64(bitPattern: raw))
    }
  }

  /// IEEE half precision, widened.
  static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits >> 15) << 31
    let exponent = UInt32(bits >> 10 & 31)
    let mantissa = UInt32(bits & 1023)
    if exponent == 31 { return Float(bitPattern: sign | 0x7F80_0000 | mantissa << 13) }
    if exponent > 0 { return Float(bitPattern: sign | (exponent + 112) << 23 | mantissa << 13) }
    let magnitude = Float(mantissa) * 0x1p-24
    return sign == 0 ? magnitude : -magnitude
  }
}
