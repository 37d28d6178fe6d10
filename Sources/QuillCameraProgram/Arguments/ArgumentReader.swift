import QuillCamera

/// Takes a command line apart, one argument after the other.
struct ArgumentReader {
  private var rest: ArraySlice<[UInt8]>

  init(_ arguments: [[UInt8]]) {
    rest = arguments[...]
  }

  /// The next argument, nil at the end.
  @inline(never) mutating func next() -> [UInt8]? {
    rest.popFirst()
  }

  /// Takes the next argument if it is this word.
  @inline(never) mutating func take(_ word: StaticString) -> Bool {
    guard let first = rest.first, first.isText(word) else { return false }
    rest.removeFirst()
    return true
  }

  /// The value that must follow `option`, which must not stand again.
  @inline(never) mutating func value(of option: StaticString) throws(ProgramError) -> [UInt8] {
    guard let value = next() else { throw .usage(.missingValue(option: option)) }
    for other in rest where other.isText(option) { throw .usage(.repeated(option: option)) }
    return value
  }

  /// The whole number in `range` that must follow `option`.
  @inline(never) mutating func number(
    of option: StaticString, in range: ClosedRange<UInt32>
  ) throws(ProgramError) -> UInt32 {
    let text = try value(of: option)
    guard let number = text.decimalNumber, range.contains(number) else {
      throw .usage(.badNumber(option: option, found: text, range: range))
    }
    return number
  }
}

extension [UInt8] {
  /// The number that the bytes spell in decimal digits, nil for anything else and past 32 bits.
  var decimalNumber: UInt32? {
    guard !isEmpty, count <= 10 else { return nil }
    var number: UInt64 = 0
    for byte in self {
      guard 0x30...0x39 ~= byte else { return nil }
      number = number * 10 + UInt64(byte - 0x30)
    }
    return UInt32(exactly: number)
  }
}
