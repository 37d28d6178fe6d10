import CVideo4Linux
import Quill

/// A failed system call's errno.
package struct SystemError: Error, Equatable, Sendable {
  /// The errno, above zero.
  package var number: Int32

  package init(number: Int32) {
    self.number = number
  }

  package static let denied = Int32(QUILL_EACCES)
  static let busy = Int32(QUILL_EBUSY)
  package static let brokenPipe = Int32(QUILL_EPIPE)

  /// The value of a call that answers with a negated errno when it fails.
  static func check<Value: FixedWidthInteger & SignedInteger>(_ result: Value) throws(SystemError) -> Value {
    guard result >= 0 else { throw SystemError(number: Int32(truncatingIfNeeded: 0 - result)) }
    return result
  }
}

extension SystemError {
  /// The system's own sentence, such as `No such file or directory`.
  package var sentence: Sentence {
    var bytes = [UInt8](repeating: 0, count: 128)
    // The call writes at most the capacity it is given.
    let count = unsafe bytes.withUnsafeMutableBufferPointer { text in
      unsafe quill_error_text(number, text.baseAddress, text.count)
    }
    return Sentence(utf8: Array(bytes[..<count]))
  }
}
