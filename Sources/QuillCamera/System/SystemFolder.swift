import CVideo4Linux

/// Folders of the file system.
package enum SystemFolder {
  /// The names in a folder, in no order, `.` and `..` left out.
  package static func names(in path: SystemPath) throws(SystemError) -> [[UInt8]] {
    var error: Int32 = 0
    guard let folder = unsafe path.withCString({ unsafe quill_folder_open($0, &error) }) else {
      throw SystemError(number: error)
    }
    var names: [[UInt8]] = []
    var name = [UInt8](repeating: 0, count: Int(QUILL_LONGEST_NAME))
    while true {
      // The call writes at most the capacity it is given.
      let count = unsafe name.withUnsafeMutableBufferPointer { text in
        unsafe quill_folder_next(folder, text.baseAddress, text.count)
      }
      if count <= 0 { break }
      let found = Array(name[..<Int(count)])
      if found != [0x2E] && found != [0x2E, 0x2E] { names.append(found) }
    }
    unsafe quill_folder_close(folder)
    return names
  }

  /// Makes a folder in one that is there; nothing is done where it is there already.
  package static func make(_ path: SystemPath) throws(SystemError) {
    let result = unsafe path.withCString { unsafe quill_make_folder($0) }
    _ = try SystemError.check(result)
  }
}
