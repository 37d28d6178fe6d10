import Quill
import QuillCamera

/// A line of output in the making, in memory that is kept: after its first use it allocates only for a longer line.
package struct TextLine: Sendable {
  private var text = Sentence(utf8: [])

  /// The line in UTF-8.
  package var bytes: [UInt8] { text.bytes }

  package init(capacity: Int = 1_024) {
    text.reserve(capacity)
  }

  /// Begins anew.
  package mutating func clear() {
    text.clear()
  }

  package mutating func append(byte: UInt8) {
    text.append(byte: byte)
  }

  package mutating func append(_ part: StaticString) {
    text.append(part)
  }

  package mutating func append(_ part: [UInt8]) {
    text.append(Sentence(utf8: part))
  }

  /// A whole number in decimal.
  package mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    text.append(number)
  }

  /// `numerator` / `denominator` with `digits` decimal places, rounded half up; neither is below zero.
  package mutating func append(fraction numerator: UInt64, over denominator: UInt64, digits: Int) {
    precondition(denominator > 0 && digits > 0 && digits < 10, "a fraction has a denominator and decimal places")
    var scale: UInt64 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = (numerator * scale + denominator / 2) / denominator
    append(scaled / scale)
    append(byte: 0x2E)
    var place = scale / 10
    while place > 0 {
      append(byte: 0x30 + UInt8(truncatingIfNeeded: scaled / place % 10))
      place /= 10
    }
  }

  /// A JSON string with its quotes (RFC 8259, section 7). The bytes are UTF-8.
  package mutating func append(quoted content: [UInt8]) {
    append(byte: 0x22)
    for byte in content {
      switch byte {
      case 0x22, 0x5C:
        append(byte: 0x5C)
        append(byte: byte)
      case 0..<0x20:
        append("\\u00")
        append(byte: byte < 0x10 ? 0x30 : 0x31)
        let low = byte & 0xF
        append(byte: low < 10 ? 0x30 + low : 0x57 + low)
      default: append(byte: byte)
      }
    }
    append(byte: 0x22)
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
