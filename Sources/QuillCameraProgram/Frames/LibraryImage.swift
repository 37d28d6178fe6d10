import CSystemLibraries
import QuillImaging

/// A picture as one of the system's libraries reads it.
struct LibraryImage {
  let width: Int
  let height: Int
  /// 1 for grey, 3 for red, green, blue.
  let channels: Int
  /// Rows without gaps; of a PNG, each pixel's alpha follows its channels.
  private(set) var bytes: [UInt8]

  /// Reads the whole of a file's bytes.
  init(_ library: PictureLibrary, _ file: [UInt8]) throws(PictureFault) {
    var message = [CChar](repeating: 0, count: Int(QUILL_LIBRARY_MESSAGE_BYTES))
    var header = quill_image_header()
    // The calls read within the file's count, and write at most the message's bytes and the header.
    let opened = unsafe file.withUnsafeBufferPointer { source in
      unsafe message.withUnsafeMutableBufferPointer { text in
        switch library {
        case .png: unsafe quill_png_read_header(source.baseAddress, source.count, &header, text.baseAddress)
        case .jpeg: unsafe quill_jpeg_read_header(source.baseAddress, source.count, &header, text.baseAddress)
        }
      }
    }
    try Self.check(opened, library, message)
    let sides: ClosedRange<UInt32> = 1...UInt32(FrameShape.longestSide)
    guard sides.contains(header.width), sides.contains(header.height) else {
      throw .badSize(width: UInt64(header.width), height: UInt64(header.height))
    }
    width = Int(header.width)
    height = Int(header.height)
    channels = Int(header.channels)
    bytes = [UInt8](repeating: 0, count: width * height * (library == .png ? channels + 1 : channels))
    // As above, and `bytes` was just made for this header.
    let read = unsafe file.withUnsafeBufferPointer { source in
      unsafe bytes.withUnsafeMutableBufferPointer { target in
        unsafe message.withUnsafeMutableBufferPointer { text in
          switch library {
          case .png:
            unsafe quill_png_read_pixels(
              source.baseAddress, source.count, &header, target.baseAddress, text.baseAddress)
          case .jpeg:
            unsafe quill_jpeg_read_pixels(
              source.baseAddress, source.count, &header, target.baseAddress, text.baseAddress)
          }
        }
      }
    }
    try Self.check(read, library, message)
  }

  private static func check(
    _ status: quill_library_status, _ library: PictureLibrary, _ message: [CChar]
  ) throws(PictureFault) {
    switch status {
    case QUILL_LIBRARY_OK: return
    case QUILL_LIBRARY_ABSENT: throw .noLibrary(library, isStatic: quill_library_is_static())
    default: throw .refused(message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    }
  }
}
