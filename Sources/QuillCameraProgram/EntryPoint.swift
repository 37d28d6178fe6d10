import QuillCamera

/// The program, called by `main` in `Sources/quill-camera/main.c`; gives its exit code.
///
/// `arguments` are `argumentCount` C strings, the program's own name first, as `main` gets them.
@c(quill_camera_main)
public func quillCameraMain(
  argumentCount: Int32, arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  var list: [[UInt8]] = []
  var index = 1
  // `main` promises `argumentCount` strings, each ending in a zero.
  while index < Int(argumentCount), let text = unsafe arguments?[index] {
    var bytes: [UInt8] = []
    var position = 0
    while unsafe text[position] != 0 {
      unsafe bytes.append(UInt8(bitPattern: text[position]))
      position += 1
    }
    list.append(bytes)
    index += 1
  }
  return Program.run(list).rawValue
}
