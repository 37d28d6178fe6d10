import CVideo4Linux
import Quill

/// A file's path as the system takes it: bytes and a zero at the end.
package struct SystemPath: Equatable, Sendable {
  let terminated: [UInt8]

  /// The path of these bytes, which hold no zero; what follows a zero is cut off.
  package init(_ bytes: some Sequence<UInt8>) {
    terminated = bytes.prefix { $0 != 0 } + [0]
  }

  /// The bytes without the zero.
  package var bytes: ArraySlice<UInt8> { terminated.dropLast() }

  /// Whether it is `-`, a standard stream by custom.
  package var isStandardStream: Bool { terminated == [0x2D, 0] }

  /// The path with these bytes behind it.
  package func appending(_ text: StaticString) -> SystemPath {
    var joined = Array(bytes)
    text.withUTF8Buffer { unsafe joined.append(contentsOf: $0) }
    return SystemPath(joined)
  }

  /// The path with these bytes behind it.
  package func appending(_ text: [UInt8]) -> SystemPath {
    SystemPath(Array(bytes) + text)
  }

  /// A file of this name in the folder of the program that runs; `nil` where the system does not say where that is.
  package static func besideProgram(_ name: StaticString) -> SystemPath? {
    var program = [UInt8](repeating: 0, count: 4_096)
    // The call writes at most the capacity it is given.
    let length = unsafe program.withUnsafeMutableBufferPointer { text in
      unsafe quill_program_path(text.baseAddress, text.count)
    }
    guard length > 0, let slash = program[..<Int(length)].lastIndex(of: 0x2F) else { return nil }
    return SystemPath(program[...slash]).appending(name)
  }

  /// Calls `body` with the C string, which is only valid within.
  func withCString<Result>(_ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    // The array ends in a zero and holds no other.
    unsafe terminated.withUnsafeBytes { bytes in
      unsafe body(bytes.assumingMemoryBound(to: CChar.self).baseAddress)
    }
  }
}

extension SystemPath {
  /// The path as the user wrote it, in a text.
  package var sentence: Sentence { Sentence(utf8: Array(bytes)) }
}
