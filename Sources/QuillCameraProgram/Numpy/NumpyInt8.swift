import QuillCamera

/// Why bytes are not an int8 array in an `.npy` file (NEP 1).
package enum NumpyFault: Error, Equatable, Sendable {
  case notNumpy
  /// The file ends within its header.
  case cutHeader(byteCount: Int, needed: Int)
  case missingKey(Key)
  /// The values are not int8.
  case notInt8(found: [UInt8])
  case fortranOrder
  case badShape
  case valueCount(found: Int, expected: UInt64)

  package enum Key: Equatable, Sendable {
    case descr, fortranOrder, shape
  }
}

/// An int8 array in an `.npy` file of version 1, 2 or 3, in C order.
package struct NumpyInt8: Sendable {
  package private(set) var shape: [UInt64] = []
  /// The whole file.
  package let bytes: [UInt8]
  /// Where the values begin in `bytes`; they reach to its end.
  package private(set) var valueOffset = 0

  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// Reads a file. Every shape whose product is not exactly the number of values is refused.
  package init(_ bytes: [UInt8]) throws(NumpyFault) {
    self.bytes = bytes
    let header = try Self.headerRange(in: bytes)
    valueOffset = header.upperBound
    let literal = NumpyLiteral(bytes: bytes[header])
    guard let type = literal.text(after: "'descr':") else { throw .missingKey(.descr) }
    guard type.isText("|i1") || type.isText("<i1") || type.isText("i1") else { throw .notInt8(found: type) }
    guard let isFortran = literal.isTrue(after: "'fortran_order':") else { throw .missingKey(.fortranOrder) }
    if isFortran { throw .fortranOrder }
    guard let shape = literal.tuple(after: "'shape':") else { throw .missingKey(.shape) }
    self.shape = shape
    var expected: UInt64 = 1
    for extent in shape {
      let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
      if overflow { throw .badShape }
      expected = product
    }
    let found = bytes.count - valueOffset
    guard UInt64(found) == expected else { throw .valueCount(found: found, expected: expected) }
  }

  /// The value at a place in C order.
  package func value(_ index: Int) -> Int8 {
    Int8(bitPattern: bytes[valueOffset + index])
  }

  private static func headerRange(in bytes: [UInt8]) throws(NumpyFault) -> Range<Int> {
    guard bytes.count >= 10, Array(bytes[..<6]) == magic, 1...3 ~= bytes[6] else { throw .notNumpy }
    let isFirstVersion = bytes[6] == 1
    guard bytes.count >= 12 else { throw .cutHeader(byteCount: bytes.count, needed: 12) }
    var byteCount = Int(bytes[8]) | Int(bytes[9]) << 8
    if !isFirstVersion {
      // A header of 16 MiB and more is nobody's.
      guard bytes[11] == 0 else { throw .notNumpy }
      byteCount |= Int(bytes[10]) << 16
    }
    let start = isFirstVersion ? 10 : 12
    guard bytes.count >= start + byteCount else { throw .cutHeader(byteCount: bytes.count, needed: start + byteCount) }
    return start..<start + byteCount
  }

  /// The header of a file that holds values of this shape; they follow it. A multiple of 64 bytes.
  package static func header(shape: [Int]) -> [UInt8] {
    var text = TextLine(capacity: 128)
    text.append("{'descr': '|i1', 'fortran_order': False, 'shape': (")
    for (axis, extent) in shape.enumerated() {
      if axis > 0 { text.append(" ") }
      text.append(extent)
      if axis + 1 < shape.count || shape.count == 1 { text.append(",") }
    }
    text.append("), }")
    while (10 + text.bytes.count + 1) % 64 != 0 { text.append(" ") }
    text.append("\n")
    let byteCount = text.bytes.count
    return magic + [1, 0, UInt8(byteCount & 0xFF), UInt8(byteCount >> 8)] + text.bytes
  }
}
