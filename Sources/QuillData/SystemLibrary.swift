import CSystemLibraries

/// The calling convention of `CSystemLibraries`: a status, and a message in the caller's memory.
enum SystemLibrary {
  static func call(
    _ body: (UnsafeMutablePointer<CChar>) -> quill_library_status
  ) -> (status: quill_library_status, message: String) {
    var message = [CChar](repeating: 0, count: Int(QUILL_LIBRARY_MESSAGE_BYTES))
    let status = message.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map(body) ?? QUILL_LIBRARY_MEMORY
    }
    let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (status, String(decoding: text, as: UTF8.self))
  }
}
