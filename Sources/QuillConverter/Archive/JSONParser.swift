/// Parses JSON text (RFC 8259), and the `NaN`, `Infinity` and `-Infinity` that Python writes.
package struct JSONParser {
  /// The deepest nesting of arrays and objects that is read.
  package static let permittedDepth = 200

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value that the text holds.
  package static func parse(_ bytes: [UInt8]) throws(ImportError) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.failure(.unexpectedByte) }
    return value
  }

  private func failure(_ fault: JSONFault) -> ImportError { .json(offset: position, fault) }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  /// The next byte that is not space.
  private mutating func next() throws(ImportError) -> UInt8 {
    skipSpace()
    guard position < bytes.count else { throw failure(.endOfText) }
    return bytes[position]
  }

  private mutating func expect(_ byte: Character) throws(ImportError) {
    guard try next() == byte.asciiValue else { throw failure(.unexpectedByte) }
    position += 1
  }

  private mutating func skips(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func value() throws(ImportError) -> JSONValue {
    switch try next() {
    case UInt8(ascii: "{"): return try nested { parser throws(ImportError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(ImportError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    default:
      if skips("null") { return .null }
      if skips("true") { return .bool(true) }
      if skips("false") { return .bool(false) }
      if skips("NaN") { return .number(.nan) }
      if skips("Infinity") { return .number(.infinity) }
      if skips("-Infinity") { return .number(-.infinity) }
      return .number(try number())
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(ImportError) -> JSONValue
  ) throws(ImportError) -> JSONValue {
    guard depth < Self.permittedDepth else { throw failure(.tooDeep(permitted: Self.permittedDepth)) }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws(ImportError) -> JSONValue {
    var members: [String: JSONValue] = [:]
    if try next() == UInt8(ascii: "}") {
      position += 1
      return .object(members)
    }
    while true {
      guard try next() == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
      let key = try string()
      try expect(":")
      members[key] = try value()
      let separator = try next()
      position += 1
      if separator == UInt8(ascii: "}") { return .object(members) }
      guard separator == UInt8(ascii: ",") else {
        position -= 1
        throw failure(.unexpectedByte)
      }
    }
  }

  private mutating func array() throws(ImportError) -> JSONValue {
    var elements: [JSONValue] = []
    if try next() == UInt8(ascii: "]") {
      position += 1
      return .array(elements)
    }
    while true {
      elements.append(try value())
      let separator = try next()
      position += 1
      if separator == UInt8(ascii: "]") { return .array(elements) }
      guard separator == UInt8(ascii: ",") else {
        position -= 1
        throw failure(.unexpectedByte)
      }
    }
  }

  private mutating func number() throws(ImportError) -> Double {
    let start = position
    while position < bytes.count, position - start < 400 {
      let byte = bytes[position]
      guard (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) else { break }
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text) else {
      position = start
      throw failure(text.isEmpty ? .unexpectedByte : .badNumber)
    }
    return value
  }

  private mutating func string() throws(ImportError) -> String {
    position += 1
    var units: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &units)
      case 0..<0x20: throw failure(.badString)
      default:
        units.append(byte)
        position += 1
      }
    }
    throw failure(.endOfText)
  }

  private mutating func escape(into units: inout [UInt8]) throws(ImportError) {
    guard position < bytes.count else { throw failure(.endOfText) }
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 8,
      UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
    ]
    let byte = bytes[position]
    if let value = plain[byte] {
      position += 1
      units.append(value)
      return
    }
    guard byte == UInt8(ascii: "u") else { throw failure(.badString) }
    position += 1
    var code = try hexadecimal()
    if (0xD800..<0xDC00).contains(code), skips("\\u") {
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else { throw failure(.badString) }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    units.append(contentsOf: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
  }

  private mutating func hexadecimal() throws(ImportError) -> UInt32 {
    guard position + 4 <= bytes.count,
      let value = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
    else { throw failure(.badString) }
    position += 4
    return value
  }
}
