import CVideo4Linux

/// The environment that the program was started in.
package enum Environment {
  /// A variable's value, cut to 64 bytes; `nil` where it is not set.
  package static func value(of name: StaticString) -> [UInt8]? {
    var text = [UInt8](repeating: 0, count: 64)
    // A StaticString of more than one character ends in a zero; the call writes at most the capacity it is given.
    let length = unsafe text.withUnsafeMutableBufferPointer { target in
      name.withUTF8Buffer { bytes in
        unsafe bytes.withMemoryRebound(to: CChar.self) {
          unsafe quill_environment($0.baseAddress, target.baseAddress, target.count)
        }
      }
    }
    return length < 0 ? nil : Array(text[..<min(Int(length), text.count)])
  }
}
