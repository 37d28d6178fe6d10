/// A text for people, put together as UTF-8 bytes.
///
/// It is written like a string, `"tensor \(index) is missing"`, and stands where a `String` would cost a board's program
/// tens of kilobytes of Unicode tables and code. Only whole numbers, bytes, literals and other sentences go into it.
public struct Sentence: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// The text in UTF-8.
  public private(set) var bytes: [UInt8]

  /// The text of a literal.
  @inline(never) public init(stringLiteral text: StaticString) {
    bytes = []
    append(text)
  }

  /// The text with its numbers filled in.
  public init(stringInterpolation parts: Interpolation) {
    bytes = parts.sentence.bytes
  }

  /// Text that is UTF-8 already.
  public init(utf8 bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether there is no text.
  public var isEmpty: Bool { bytes.isEmpty }

  /// Adds another text.
  @inline(never) public mutating func append(_ text: Sentence) {
    bytes.append(contentsOf: text.bytes)
  }

  /// Adds a constant text.
  @inline(never) public mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  /// Adds one byte of UTF-8.
  @inline(never) public mutating func append(byte: UInt8) {
    bytes.append(byte)
  }

  /// Room for so many bytes, so that filling it allocates nothing.
  @inline(never) package mutating func reserve(_ byteCount: Int) {
    bytes.reserveCapacity(byteCount)
  }

  /// Takes the text away and keeps its memory.
  @inline(never) package mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Adds a whole number in decimal.
  public mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    append(magnitude: UInt64(number.magnitude), isNegative: number < 0, base: 10, digits: 1)
  }

  /// Adds a number in hexadecimal, at least `digits` of them.
  public mutating func append(hexadecimal number: UInt64, digits: Int) {
    append(magnitude: number, isNegative: false, base: 16, digits: digits)
  }

  @inline(never) private mutating func append(magnitude: UInt64, isNegative: Bool, base: UInt64, digits: Int) {
    if isNegative { bytes.append(0x2D) }
    // Digits come highest first: 64 bits have at most 20 of them.
    var place: UInt64 = 1
    var count = 1
    while magnitude / place >= base || count < digits {
      place *= base
      count += 1
    }
    while place > 0 {
      let digit = UInt8(truncatingIfNeeded: magnitude / place % base)
      bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      place /= base
    }
  }

  /// A sentence of two parts.
  public static func + (first: Sentence, second: Sentence) -> Sentence {
    var whole = first
    whole.append(second)
    return whole
  }

  /// What `"\(...)"` is made of.
  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var sentence = Sentence(utf8: [])

    /// Begins a text.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Adds what stands between the numbers.
    public mutating func appendLiteral(_ text: StaticString) { sentence.append(text) }

    /// Adds a whole number in decimal.
    public mutating func appendInterpolation<Number: FixedWidthInteger>(_ number: Number) { sentence.append(number) }

    /// Adds a constant text.
    public mutating func appendInterpolation(_ text: StaticString) { sentence.append(text) }

    /// Adds another text.
    public mutating func appendInterpolation(_ text: Sentence) { sentence.append(text) }

    /// Adds bytes that are UTF-8.
    public mutating func appendInterpolation(_ text: [UInt8]) { sentence.append(Sentence(utf8: text)) }
  }
}

extension Sentence: CustomStringConvertible {
  /// The text as a `String`, for the desk.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
