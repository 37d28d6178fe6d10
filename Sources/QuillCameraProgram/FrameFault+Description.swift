import Quill
import QuillCamera

// The sentences about files that frames come from; the file's name stands before each.

extension Y4MFault {
  package var sentence: Sentence {
    switch self {
    case .notY4M: "no Y4M video: its first line does not begin with YUV4MPEG2"
    case .badSize: "the first line of this Y4M video has no width and height from 1 to 8192"
    case .colourSpace(let found):
      "colour space C\(found); expected 8 bits: 420, 422, 411, 444, 444alpha or mono; "
        + "`ffmpeg -pix_fmt yuv420p` converts"
    case .notAFrame(let index): "frame \(index) does not begin with FRAME"
    case .cut(let index, let byteCount, let expected):
      "the video ends after \(byteCount) of \(expected) bytes of frame \(index)"
    }
  }
}

extension RecordingFault {
  package var sentence: Sentence {
    switch self {
    case .notARecording: "no recording of quill-camera"
    case .otherVersion(let version): "a recording of version \(version); expected 1"
    case .damaged(let frames):
      "the recording is damaged after \(frames) whole frames; record into another file to keep them"
    }
  }
}

extension RecorderNotice {
  package var sentence: Sentence {
    switch self {
    case .cutTornFrame(let path, let byteCount, let frames):
      "\(path.sentence): goes on behind \(frames) whole frames; \(byteCount) bytes of one cut short were removed"
    case .ended(let path, let error, let frames):
      "\(path.sentence): \(error.sentence); recording ended after \(frames) whole frames, answers go on"
    }
  }
}

extension PictureFault {
  package var sentence: Sentence {
    switch self {
    case .unknownKind: "no picture: expected binary PGM or PPM, PNG or JPEG"
    case .badHeader: "the header of this PGM or PPM picture makes no sense"
    case .badSize(let width, let height): "\(width)x\(height) pixels; expected sides from 1 to 8192"
    case .cut(let byteCount, let expected): "the picture ends after \(byteCount) of \(expected) bytes"
    case .unreadable(let error): error.sentence
    case .noLibrary(let library, isStatic: true):
      "a static program cannot read \(library.kind); use the dynamic one, or convert to PGM"
    case .noLibrary(let library, isStatic: false):
      "\(library.kind) needs \(library.file); `sudo apt-get install \(library.package)`"
    case .refused(let message): Sentence(utf8: message)
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
