import QuillCamera

// The sentences about files that frames come from; the file's name stands before each.

extension Y4MFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notY4M: "no Y4M video: its first line does not begin with YUV4MPEG2"
    case .badSize: "the first line of this Y4M video has no width and height from 1 to 8192"
    case .colourSpace(let found):
      "colour space C\(String(decoding: found, as: UTF8.self)); expected 8 bits: 420, 422, 411, 444, 444alpha or mono; "
        + "`ffmpeg -pix_fmt yuv420p` converts"
    case .notAFrame(let index): "frame \(index) does not begin with FRAME"
    case .cut(let index, let byteCount, let expected):
      "the video ends after \(byteCount) of \(expected) bytes of frame \(index)"
    }
  }
}

extension PictureFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownKind: "no picture: expected binary PGM or PPM, PNG or JPEG"
    case .badHeader: "the header of this PGM or PPM picture makes no sense"
    case .badSize(let width, let height): "\(width)x\(height) pixels; expected sides from 1 to 8192"
    case .cut(let byteCount, let expected): "the picture ends after \(byteCount) of \(expected) bytes"
    case .unreadable(let error): error.description
    case .noLibrary(let library, isStatic: true):
      "a static program cannot read \(library.kind.description); use the dynamic one, or convert to PGM"
    case .noLibrary(let library, isStatic: false):
      "\(library.kind.description) needs \(library.file.description); `sudo apt-get install \(library.package.description)`"
    case .refused(let message): String(decoding: message, as: UTF8.self)
    }
  }
}

extension PictureLibrary {
  fileprivate var kind: StaticString {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    }
  }

  fileprivate var file: StaticString {
    switch self {
    case .png: "libpng16.so.16"
    case .jpeg: "libturbojpeg.so.0"
    }
  }

  /// The Debian package that holds the file.
  fileprivate var package: StaticString {
    switch self {
    case .png: "libpng16-16"
    case .jpeg: "libturbojpeg0"
    }
  }
}
