import QuillCamera

/// The dictionary in an `.npy` header: a literal of Python's, of which three keys matter.
struct NumpyLiteral {
  let bytes: ArraySlice<UInt8>

  /// The quoted text that follows a key.
  func text(after key: StaticString) -> [UInt8]? {
    guard var rest = rest(after: key), let quote = rest.popFirst(), quote == 0x27 || quote == 0x22 else { return nil }
    guard let end = rest.firstIndex(of: quote) else { return nil }
    return Array(rest[..<end])
  }

  /// The truth value that follows a key.
  func isTrue(after key: StaticString) -> Bool? {
    guard let rest = rest(after: key) else { return nil }
    if Array(rest.prefix(5)).isText("False") { return false }
    return Array(rest.prefix(4)).isText("True") ? true : nil
  }

  /// The tuple of whole numbers that follows a key; at most 64 of them, each within 32 bits.
  func tuple(after key: StaticString) -> [UInt64]? {
    guard var rest = rest(after: key), rest.popFirst() == 0x28 else { return nil }
    var numbers: [UInt64] = []
    var digits: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case 0x30...0x39: digits.append(byte)
      case 0x20: continue
      case 0x2C, 0x29:
        if !digits.isEmpty {
          guard let number = digits.decimalNumber, numbers.count < 64 else { return nil }
          numbers.append(UInt64(number))
          digits = []
        }
        if byte == 0x29 { return numbers }
      default: return nil
      }
    }
    return nil
  }

  /// What stands behind the first place where `key` stands, spaces left out.
  private func rest(after key: StaticString) -> ArraySlice<UInt8>? {
    let length = key.utf8CodeUnitCount
    guard bytes.count >= length else { return nil }
    for start in bytes.startIndex...(bytes.endIndex - length)
    where Array(bytes[start..<start + length]).isText(key) {
      return bytes[(start + length)...].drop { $0 == 0x20 }
    }
    return nil
  }
}
