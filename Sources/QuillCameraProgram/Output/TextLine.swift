import QuillCamera

/// A line of output in the making, in memory that is kept: after its first use it allocates only for a longer line.
package struct TextLine: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 1_024) {
    bytes.reserveCapacity(capacity)
  }

  /// Begins anew.
  package mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }

  package mutating func append(byte: UInt8) {
    bytes.append(byte)
  }

  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  package mutating func append(_ text: [UInt8]) {
    bytes.append(contentsOf: text)
  }

  /// A whole number in decimal.
  package mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    if number < 0 { bytes.append(0x2D) }
    let magnitude = number.magnitude
    // Digits come highest first: reversing a slice of the array would copy it.
    var place: Number.Magnitude = 1
    while magnitude / place >= 10 { place *= 10 }
    while place > 0 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: magnitude / place % 10))
      place /= 10
    }
  }

  /// `numerator` / `denominator` with `digits` decimal places, rounded half up; neither is below zero.
  package mutating func append(fraction numerator: UInt64, over denominator: UInt64, digits: Int) {
    precondition(denominator > 0 && digits > 0 && digits < 10, "a fraction has a denominator and decimal places")
    var scale: UInt64 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = (numerator * scale + denominator / 2) / denominator
    append(scaled / scale)
    bytes.append(0x2E)
    var place = scale / 10
    while place > 0 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: scaled / place % 10))
      place /= 10
    }
  }

  /// A JSON string with its quotes (RFC 8259, section 7). The bytes are UTF-8.
  package mutating func append(quoted text: [UInt8]) {
    bytes.append(0x22)
    for byte in text {
      switch byte {
      case 0x22, 0x5C:
        bytes.append(0x5C)
        bytes.append(byte)
      case 0..<0x20:
        append("\\u00")
        bytes.append(byte < 0x10 ? 0x30 : 0x31)
        let low = byte & 0xF
        bytes.append(low < 10 ? 0x30 + low : 0x57 + low)
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }

  /// Writes the line to standard output in one piece.
  package func write() throws(ProgramError) {
    do throws(SystemError) {
      try FileDescriptor.standardOutput.write(bytes.span)
    } catch {
      throw .output(error)
    }
  }

  /// Writes the line to standard error; where that is closed there is nobody to tell.
  func writeToStandardError() {
    do throws(SystemError) {
      try FileDescriptor.standardError.write(bytes.span)
    } catch {
      return
    }
  }
}
