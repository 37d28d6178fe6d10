import Quill
import QuillCamera
import QuillImaging

// Every sentence of the program's errors, pinned by exact-string tests; the program puts its name in front.

extension ProgramError {
  /// How the program ends because of it.
  var exitCode: ExitCode {
    switch self {
    case .usage: .usage
    case .different: .different
    default: .failure
    }
  }
}

extension ProgramError {
  package var sentence: Sentence {
    switch self {
    case .usage(let usage): "\(usage.sentence); see `quill-camera --help`"
    case .signals(let error): "cannot handle signals: \(error.sentence)"
    case .output(let error): "standard output: \(error.sentence)"
    case .read(let path, let error): "\(path.sentence): \(error.sentence)"
    case .write(let path, let error): "\(path.sentence): \(error.sentence)"
    case .input(let error): "standard input: \(error.sentence)"
    case .cutFrame(let byteCount, let expected):
      "standard input ended after \(byteCount) bytes of a frame of \(expected); check its writer, --width, --height and --format"
    case .y4m(let path, let fault):
      "\(path.isStandardStream ? "standard input" as Sentence : path.sentence): \(fault.sentence)"
    case .recording(let path, let fault): "\(path.sentence): \(fault.sentence)"
    case .pictureFile(let path, let fault): "\(path.sentence): \(fault.sentence)"
    case .unreadablePictures(let path, let count):
      "\(path.sentence): \(count) \(count == 1 ? "picture" as StaticString : "pictures") could not be read"
    case .noPictures(let path):
      "\(path.sentence): no picture in this folder; expected names that end in .pgm, .ppm, .pnm, .png, .jpg or .jpeg"
    case .noCamera:
      "no camera under /dev/video*; name one with --device, or give raw frames with --stdin"
    case .noFrames: "no frame on standard input"
    case .camera(let path, let fault): "\(path.sentence): \(fault.sentence)"
    case .picture(let error): error.sentence
    case .model(let path, let error): "\(path.sentence): \(error.sentence)"
    case .kernelsUnknown(let name):
      "QUILL_KERNELS: there are no kernels '\(name)'; expected plain, simd128, neon, neon-dot, avx2 or avx512vnni"
    case .kernelsUnavailable(let name): "QUILL_KERNELS: this machine or build lacks the kernels '\(name)'"
    case .notADigitModel(let path):
      "\(path.sentence): the network does not take one digit of 28 x 28 pixels; give arrays with run"
    case .notAClassifier(let path):
      "\(path.sentence): the network does not name one class for one input; give arrays with run"
    case .notForDigits(let path, let option):
      "\(path.sentence): \(option) is for networks of digits, 28 x 28 grey; this one takes another picture"
    case .notAPictureModel(let path, let height, let width, let channels):
      "\(path.sentence): the network takes \(height) x \(width) x \(channels) values; expected a picture of 1 channel or "
        + "3, as its preprocessing says; give arrays with run"
    case .differentModel(let path):
      "\(path.sentence): it answers differently on this machine; `quill-camera verify` says where"
    case .noTerminal: "--preview draws on standard error, which is no terminal here"
    case .different(let path, let difference): "\(path.sentence): \(difference.sentence)"
    case .numpy(let path, let fault): "\(path.sentence): \(fault.sentence)"
    case .inputShape(let path, let shape, let valueCount):
      "\(path.sentence): shape \(Self.shown(shape)); expected a batch of \(valueCount) values each"
    case .outputTooLarge(let path, let byteCount, let limit):
      "\(path.sentence): the output would have \(byteCount) values; at most \(limit) are written: split the batch"
    case .severalInputs(let path, let inputs, let outputs):
      "\(path.sentence): \(inputs) inputs and \(outputs) outputs; run takes networks with one of each"
    }
  }
}

extension ProgramError {
  private static func shown(_ shape: [UInt64]) -> Sentence {
    var text: Sentence = "("
    for extent in shape { text.append(text.bytes.count > 1 ? ", \(extent)" : "\(extent)") }
    return text + ")"
  }
}

extension NumpyFault {
  package var sentence: Sentence {
    switch self {
    case .notNumpy: return "not an .npy file"
    case .cutHeader(let byteCount, let needed):
      return "\(byteCount) bytes; the header of this .npy file needs \(needed): it is cut short"
    case .missingKey(let key):
      let name: StaticString
      switch key {
      case .descr: name = "descr"
      case .fortranOrder: name = "fortran_order"
      case .shape: name = "shape"
      }
      return "the .npy header has no \(name) that can be read"
    case .notInt8(let found):
      return
        "values of type \(found); expected |i1 (int8): convert them with quill run"
    case .fortranOrder: return "the array is in Fortran order; save it with numpy.ascontiguousarray"
    case .badShape: return "the shape has more values than any file holds"
    case .valueCount(let found, let expected):
      return "\(found) values; the shape in the header has \(expected)"
    }
  }
}

extension UsageError {
  package var sentence: Sentence {
    switch self {
    case .missingModel:
      "no model is named, and no model.quill lies beside the program; `quill convert` makes one"
    case .unknown(let argument): "\"\(argument)\" is no option here"
    case .missingValue(let option): "\(option) needs a value"
    case .repeated(let option): "\(option) is given twice"
    case .severalSources: "more than one source is named"
    case .missingOption(let option): "\(option) is missing"
    case .badNumber(let option, let found, let range):
      "\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound); "
        + "found \"\(found)\""
    case .unknownFormat(let found):
      "--format is one of \(CaptureFormat.nameList); found \"\(found)\""
    case .badEqualisation(let found): "--equalise is none, global or clahe; found \"\(found)\""
    case .badControl(let option, let found):
      "\(option) takes auto or a whole number from 0 to 2147483647; found \"\(found)\""
    case .rawFramesOnly:
      "--stdin reads raw frames, not mjpeg; `ffmpeg -i - -f yuv4mpegpipe -` turns a stream into one for --y4m -"
    case .manyFramesIntoOneFile:
      "several frames need a folder that exists, or - for standard output, as --output"
    case .smallSynthetic(let width, let height, let shortest):
      "--synthetic draws on at least \(shortest)x\(shortest) pixels; found \(width)x\(height)"
    }
  }
}
