/// What an `.npy` header says: a literal of Python's dictionary with three keys.
struct NumpyHeader {
  var element: NumpyArray.Element
  var fortranOrder: Bool
  var shape: [Int]

  /// Where in the file the shape begins, for errors.
  var shapeOffset: Int

  /// Reads the header that stands in a range of a file.
  init(parsing bytes: [UInt8], range: Range<Int>, path: String) throws(DataError) {
    var parser = NumpyHeaderParser(bytes: bytes, position: range.lowerBound, end: range.upperBound, path: path)
    var element: NumpyArray.Element?
    var fortranOrder: Bool?
    var shape: [Int]?
    var shapeOffset = range.lowerBound
    try parser.expect("{")
    while !parser.accept("}") {
      let keyOffset = parser.skipSpaces()
      let key = try parser.string()
      try parser.expect(":")
      let valueOffset = parser.skipSpaces()
      switch key {
      case "descr": element = try parser.element()
      case "fortran_order": fortranOrder = try parser.boolean()
      case "shape": (shape, shapeOffset) = (try parser.tuple(), valueOffset)
      default: throw parser.failure(keyOffset, "one of the keys 'descr', 'fortran_order', 'shape'")
      }
      if !parser.accept(",") {
        try parser.expect("}")
        break
      }
    }
    guard parser.skipSpaces() == range.upperBound else {
      throw parser.failure(parser.position, "nothing but spaces after the dictionary")
    }
    guard let element, let fortranOrder, let shape else {
      throw parser.failure(range.lowerBound, "the keys 'descr', 'fortran_order' and 'shape'")
    }
    self.element = element
    self.fortranOrder = fortranOrder
    self.shape = shape
    self.shapeOffset = shapeOffset
  }
}

/// The few literals of Python that an `.npy` header holds.
private struct NumpyHeaderParser {
  /// More axes than numpy itself allows (64 since version 2) are refused.
  static let axisLimit = 64

  let bytes: [UInt8]
  var position: Int
  let end: Int
  let path: String

  func failure(_ offset: Int, _ expected: String) -> DataError {
    DataError(path: path, .numpyHeader(offset: offset, expected: expected))
  }

  /// Skips white space and answers the position after it.
  @discardableResult mutating func skipSpaces() -> Int {
    while position < end, [0x20, 0x0a, 0x09, 0x0d].contains(bytes[position]) { position += 1 }
    return position
  }

  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < end, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(DataError) {
    guard accept(character) else { throw failure(position, "'\(character)'") }
  }

  /// A quoted string without escapes.
  mutating func string() throws(DataError) -> String {
    skipSpaces()
    guard position < end, bytes[position] == 0x27 || bytes[position] == 0x22 else {
      throw failure(position, "a quoted string")
    }
    let start = position + 1
    guard let close = bytes[start..<end].firstIndex(of: bytes[position]) else {
      throw failure(position, "a closing quote")
    }
    position = close + 1
    return String(decoding: bytes[start..<close], as: UTF8.self)
  }

  mutating func element() throws(DataError) -> NumpyArray.Element {
    let offset = skipSpaces()
    if position < end, bytes[position] == UInt8(ascii: "[") {
      throw DataError(path: path, .numpyElement(offset: offset, descriptor: "a record of several fields"))
    }
    let text = try string()
    // Byte order says nothing of single bytes, and a little-endian desk may write it as its own.
    let order = text.first ?? " "
    let kind = "|<>=".contains(order) ? String(text.dropFirst()) : text
    let isSingleByte = kind.hasSuffix("1") || kind == "?"
    if let found = NumpyArray.Element.allCases.first(where: {
      $0.rawValue.dropFirst() == kind || ($0 == .bool && kind == "?")
    }),
      isSingleByte || order == "<" || order == "="
    {
      return found
    }
    let printable = String(
      String.UnicodeScalarView(text.unicodeScalars.prefix(24).map { $0.isASCII && $0.value >= 32 ? $0 : "?" }))
    throw DataError(path: path, .numpyElement(offset: offset, descriptor: "'\(printable)'"))
  }

  mutating func boolean() throws(DataError) -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)] where bytes[position..<end].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw failure(position, "True or False")
  }

  /// A tuple of extents, each at least 0.
  mutating func tuple() throws(DataError) -> [Int] {
    try expect("(")
    var extents: [Int] = []
    while !accept(")") {
      guard extents.count < Self.axisLimit else { throw failure(position, "at most \(Self.axisLimit) axes") }
      extents.append(try integer())
      if !accept(",") {
        try expect(")")
        break
      }
    }
    return extents
  }

  mutating func integer() throws(DataError) -> Int {
    let start = skipSpaces()
    var value = 0
    while position < end, bytes[position] >= 0x30, bytes[position] <= 0x39 {
      let (shifted, firstOverflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, secondOverflow) = shifted.addingReportingOverflow(Int(bytes[position]) - 0x30)
      guard !firstOverflow, !secondOverflow else { throw failure(start, "an extent below 2^63") }
      value = sum
      position += 1
    }
    guard position > start else { throw failure(start, "an extent of at least 0") }
    return value
  }
}
