import QuillCamera

/// The program, called by `main` in `Sources/quill-camera/main.c`.
@c(quill_camera_main)
public func quillCameraMain(
  argumentCount: Int32, arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  0
}
