import CSystemLibraries
import QuillImaging

/// Reading image files: PNG through the system's libpng, JPEG through its TurboJPEG, PGM and PPM here. The kind is
/// found by content; the file's name says nothing.
public enum ImageFile {
  /// The most pixels that an image may have: 64 Mi, a square of 8,192.
  public static let pixelLimit = 1 << 26

  /// Reads an image file, or standard input where the path is `-`.
  /// - Throws: what `FileBytes.read` and `decode` throw.
  public static func read(_ path: String) throws(DataError) -> PixelImage {
    try decode(try FileBytes.read(path, limit: 1 << 29), path: FileBytes.displayName(path))
  }

  /// Reads an image. Transparency is composited on white (on black where nothing would be left to see), in the samples'
  /// own (sRGB) values; 16-bit samples are brought to 8 bits; the picture is turned as its EXIF orientation says.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - path: its name, for errors.
  /// - Throws: `imageKind`, `imageRefused`, `imageTooLarge`, `anyMap...`, `libraryAbsent`.
  public static func decode(_ bytes: [UInt8], path: String) throws(DataError) -> PixelImage {
    switch ImageKind(of: bytes) {
    case .png: return try decodePNG(bytes, path: path)
    case .jpeg: return try decodeJPEG(bytes, path: path)
    case .anyMap: return try PortableAnyMap.decode(bytes, path: path)
    case .unread(let name), .other(let name): throw DataError(path: path, .imageKind(found: name))
    }
  }

  private static func decodePNG(_ bytes: [UInt8], path: String) throws(DataError) -> PixelImage {
    let library = (name: "libpng16.so.16", package: "libpng16-16")
    var header = quill_image_header()
    var outcome = SystemLibrary.call { quill_png_read_header(bytes, bytes.count, &header, $0) }
    try check(outcome, kind: "PNG", library: library, path: path)
    try checkExtents(header, path: path)
    let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
    var samples = [UInt8](repeating: 0, count: width * height * (channels + 1))
    outcome = SystemLibrary.call { quill_png_read_pixels(bytes, bytes.count, &header, &samples, $0) }
    try check(outcome, kind: "PNG", library: library, path: path)
    let pixels = Transparency.flattened(samples, channels: channels)
    return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
      .turned(ImageOrientation(ofPNG: bytes))
  }

  private static func decodeJPEG(_ bytes: [UInt8], path: String) throws(DataError) -> PixelImage {
    let library = (name: "libturbojpeg.so.0", package: "libturbojpeg0")
    var header = quill_image_header()
    var outcome = SystemLibrary.call { quill_jpeg_read_header(bytes, bytes.count, &header, $0) }
    try check(outcome, kind: "JPEG", library: library, path: path)
    try checkExtents(header, path: path)
    let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
    var samples = [UInt8](repeating: 0, count: width * height * channels)
    outcome = SystemLibrary.call { quill_jpeg_read_pixels(bytes, bytes.count, &header, &samples, $0) }
    try check(outcome, kind: "JPEG", library: library, path: path)
    return PixelImage(width: width, height: height, channels: channels, pixels: samples)
      .turned(ImageOrientation(ofJPEG: bytes))
  }

  private static func check(
    _ outcome: (status: quill_library_status, message: String), kind: String,
    library: (name: String, package: String), path: String
  ) throws(DataError) {
    switch outcome.status {
    case QUILL_LIBRARY_OK: return
    case QUILL_LIBRARY_ABSENT:
      throw DataError(path: path, .libraryAbsent(library: library.name, package: library.package))
    case QUILL_LIBRARY_MEMORY: throw DataError(path: path, .outOfMemory)
    default: throw DataError(path: path, .imageRefused(kind: kind, message: outcome.message))
    }
  }

  private static func checkExtents(_ header: quill_image_header, path: String) throws(DataError) {
    let (width, height) = (Int(header.width), Int(header.height))
    guard width > 0, height > 0, width <= pixelLimit / height else {
      throw DataError(path: path, .imageTooLarge(width: width, height: height, limit: pixelLimit))
    }
  }
}

/// The kind of an image file, by its first bytes.
enum ImageKind: Equatable {
  case png, jpeg, anyMap
  /// An image of a kind that is known but not read.
  case unread(String)

  case other(String)

  init(of bytes: [UInt8]) {
    func begins(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
    func begins(_ text: String) -> Bool { bytes.starts(with: text.utf8) }
    if begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if begins([0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if bytes.count >= 3, bytes[0] == UInt8(ascii: "P"), [0x09, 0x0a, 0x0d, 0x20, 0x23].contains(bytes[2]) {
      switch bytes[1] {
      case UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "5"), UInt8(ascii: "6"): self = .anyMap
      case UInt8(ascii: "1"), UInt8(ascii: "4"): self = .unread("a PBM bitmap")
      case UInt8(ascii: "7"): self = .unread("a PAM image")
      default: self = .other("no image that is known here")
      }
    } else if begins("GIF8") {
      self = .unread("a GIF image")
    } else if begins("BM") {
      self = .unread("a BMP image")
    } else if begins("II*\0") || begins("MM\0*") {
      self = .unread("a TIFF image")
    } else if begins("RIFF"), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .unread("a WebP image")
    } else if bytes.dropFirst(4).starts(with: "ftyp".utf8) {
      self = .unread("a HEIF or AVIF image, or a film")
    } else if begins("%PDF") {
      self = .other("a PDF document")
    } else if begins([0x1f, 0x8b]) {
      self = .other("a gzip stream")
    } else if begins(NumpyFile.magic) {
      self = .other("a .npy array")
    } else {
      self = .other("no image that is known here")
    }
  }
}
