import CSystemLibraries

/// A decoder for a camera's JPEG frames, by the system's TurboJPEG; it is kept from frame to frame.
@safe struct JPEGFrames: ~Copyable {
  private let decoder: OpaquePointer

  /// Nil where the system has no TurboJPEG, as in a static program.
  init?() {
    guard let opened = unsafe quill_jpeg_frames_open() else { return nil }
    unsafe decoder = opened
  }

  deinit {
    unsafe quill_jpeg_frames_close(decoder)
  }

  /// Whether frames can be decoded at all.
  static var exist: Bool { quill_jpeg_frames_exist() }

  /// Decodes a frame of this size into `picture`; gives whether it was whole.
  func read(_ frame: Span<UInt8>, width: Int, height: Int, into picture: inout Picture) -> Bool {
    let channels = UInt32(picture.channels.rawValue)
    var isWhole = false
    picture.draw(width: width, height: height) { target in
      // The picture has just been given width x height x channels bytes; the call reads within the frame's count.
      isWhole = unsafe frame.withUnsafeBufferPointer { source in
        unsafe target.withUnsafeMutableBufferPointer { pixels in
          unsafe quill_jpeg_frames_read(
            decoder, source.baseAddress, source.count, UInt32(width), UInt32(height), channels, pixels.baseAddress)
        }
      }
    }
    return isWhole
  }
}
