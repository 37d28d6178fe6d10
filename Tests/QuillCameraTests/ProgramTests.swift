import QuillCamera
import QuillCameraProgram
import QuillImaging
import Testing

/// The words of a command line.
private func words(_ line: String) -> [[UInt8]] {
  line.split(separator: " ").map { Array($0.utf8) }
}

@Suite struct CommandTests {
  @Test func optionsOfAClassification() throws {
    let command = try Command(
      parsing: words("m.quill --device /dev/video3 --width 320 --height 240 --fps 15 --format yuyv --frames 9 --text"))
    guard case .classify(let options) = command else { return #expect(Bool(false)) }
    #expect(options.model == SystemPath("m.quill".utf8))
    #expect(options.asText)
    #expect(options.source.kind == .camera(SystemPath("/dev/video3".utf8)))
    #expect(options.source.wish.width == 320)
    #expect(options.source.wish.height == 240)
    #expect(options.source.wish.millihertz == 15_000)
    #expect(options.source.wish.format == .raw(.yuyv))
    #expect(options.source.frameLimit == 9)
    #expect(!options.source.waits)
  }

  @Test func optionsOfTheOutput() throws {
    guard
      case .classify(let options) = try Command(
        parsing: words("m.quill --on-change --hold 5 --margin 30 --preview --record r.frames"))
    else { return #expect(Bool(false)) }
    #expect(options.onlyChanges)
    #expect(options.hold == 5)
    #expect(options.marginPercent == 30)
    #expect(options.preview)
    #expect(options.record == SystemPath("r.frames".utf8))
    guard case .doctor(let wish) = try Command(parsing: words("doctor --width 320")) else {
      return #expect(Bool(false))
    }
    #expect(wish.width == 320)
  }

  @Test func optionsOfDigits() throws {
    guard case .classify(let options) = try Command(parsing: words("m.quill --multi --equalise clahe --explain steps"))
    else { return #expect(Bool(false)) }
    #expect(options.readsNumbers)
    #expect(options.equalisation == .contrastLimited)
    #expect(options.explain == SystemPath("steps".utf8))
    #expect(options.source.frameLimit == 1)
    guard case .classify(let several) = try Command(parsing: words("m.quill --explain steps --folder pictures")) else {
      return #expect(Bool(false))
    }
    #expect(several.source.frameLimit == nil)
  }

  /// What is not named is looked for beside the program when it runs.
  @Test func withoutAModel() throws {
    guard case .classify(let options) = try Command(parsing: []) else { return #expect(Bool(false)) }
    #expect(options.model == nil)
    #expect(options.source.kind == .camera(nil))
    #expect(try Command(parsing: words("verify")) == .verify(nil))
    #expect(try Command(parsing: words("verify -")) == .verify(SystemPath("-".utf8)))
    #expect(SystemPath.besideProgram("model.quill")?.bytes.last == UInt8(ascii: "l"))
  }

  @Test func controlsOfACamera() throws {
    guard case .classify(let options) = try Command(parsing: words("m.quill --exposure 156 --gain auto")) else {
      return #expect(Bool(false))
    }
    #expect(options.source.wish.controls.exposure == .value(156))
    #expect(options.source.wish.controls.gain == .automatic)
    #expect(options.source.wish.controls.focus == nil)
  }

  @Test func aFormatByItsCode() throws {
    guard case .classify(let options) = try Command(parsing: words("m.quill --format NM12")) else {
      return #expect(Bool(false))
    }
    #expect(options.source.wish.format == .raw(.nv12))
    #expect(options.source.wish.code == PixelCode("NM12"))
  }

  @Test func theOtherCommands() throws {
    #expect(try Command(parsing: words("--help")) == .help)
    #expect(try Command(parsing: words("m.quill --version")) == .version)
    #expect(try Command(parsing: words("verify m.quill")) == .verify(SystemPath("m.quill".utf8)))
    guard case .run(let run) = try Command(parsing: words("run m.quill -i a.npy --output -")) else {
      return #expect(Bool(false))
    }
    #expect(run.input == SystemPath("a.npy".utf8))
    #expect(run.output.isStandardStream)
    guard case .capture(let capture) = try Command(parsing: words("capture --stdin --output x.pgm")) else {
      return #expect(Bool(false))
    }
    #expect(capture.source.kind == .standardInput)
    #expect(capture.source.frameLimit == 1)
  }

  @Test(arguments: [
    (
      "run --input x.npy --output y.npy",
      "no model is named, and no model.quill lies beside the program; `quill convert` makes one"
    ),
    ("verify --loud", "\"--loud\" is no option here"),
    ("verify m.quill more", "\"more\" is no option here"),
    ("m.quill --equalise some", "--equalise is none, global or clahe; found \"some\""),
    ("m.quill --explain", "--explain needs a value"),
    ("m.quill --loud", "\"--loud\" is no option here"),
    ("m.quill other", "\"other\" is no option here"),
    ("m.quill --device", "--device needs a value"),
    ("m.quill --width 0", "--width takes a whole number from 1 to 8192; found \"0\""),
    (
      "m.quill --width 99999999999999999999",
      "--width takes a whole number from 1 to 8192; found \"99999999999999999999\""
    ),
    ("m.quill --fps -1", "--fps takes a whole number from 1 to 1000; found \"-1\""),
    (
      "m.quill --format h264",
      "--format is one of grey, yuyv, uyvy, nv12, nv21, yu12, rgb24, bgr24, bayer8, bayer10, bayer10p, "
        + "nv16, mjpeg; found \"h264\""
    ),
    ("m.quill --hold 0", "--hold takes a whole number from 1 to 1000; found \"0\""),
    ("doctor m.quill", "\"m.quill\" is no option here"),
    ("run m.quill --input x.npy", "--output is missing"),
    ("run m.quill --output x.npy", "--input is missing"),
    ("capture", "--output is missing"),
    ("m.quill --gain -3", "--gain takes auto or a whole number from 0 to 2147483647; found \"-3\""),
    ("m.quill --y4m", "--y4m needs a value"),
    ("m.quill --frames 3 --text --frames 4", "--frames is given twice"),
    ("run m.quill --input x.npy --input y.npy -o z.npy", "--input is given twice"),
    ("m.quill --stdin --folder pictures", "more than one source is named"),
    ("m.quill --device auto --synthetic", "more than one source is named"),
    ("m.quill --replay kept --seed 4", "more than one source is named"),
    ("m.quill --seed x", "--seed takes a whole number from 0 to 4294967295; found \"x\""),
  ])
  func mistakesGetASentence(line: String, sentence: String) {
    do throws(ProgramError) {
      _ = try Command(parsing: words(line))
      Issue.record("\(line) was taken")
    } catch {
      #expect(error.sentence.description == sentence + "; see `quill-camera --help`")
    }
  }

  @Test func errorsSayWhatToDo() {
    let path = SystemPath("a.npy".utf8)
    let table: [(ProgramError, String)] = [
      (.noCamera, "no camera under /dev/video*; name one with --device, or give raw frames with --stdin"),
      (.noFrames, "no frame on standard input"),
      (
        .cutFrame(byteCount: 5, expected: 12),
        "standard input ended after 5 bytes of a frame of 12; check its writer, --width, --height and --format"
      ),
      (.camera(path, .sourceChanged), "a.npy: the camera changed its picture size or format"),
      (.read(path, .tooLong(limit: 3)), "a.npy: more than 3 bytes, the most that is read"),
      (.write(path, SystemError(number: 28)), "a.npy: No space left on device"),
      (.output(SystemError(number: 28)), "standard output: No space left on device"),
      (.input(SystemError(number: 5)), "standard input: Input/output error"),
      (
        .kernelsUnknown(Array("sse".utf8)),
        "QUILL_KERNELS: there are no kernels 'sse'; expected plain, simd128, neon, neon-dot, avx2 or avx512vnni"
      ),
      (.kernelsUnavailable(Array("neon".utf8)), "QUILL_KERNELS: this machine or build lacks the kernels 'neon'"),
      (.notADigitModel(path), "a.npy: the network does not take one digit of 28 x 28 pixels; give arrays with run"),
      (.notAClassifier(path), "a.npy: the network does not name one class for one input; give arrays with run"),
      (
        .notAPictureModel(path, height: 1, width: 49, channels: 10),
        "a.npy: the network takes 1 x 49 x 10 values; expected a picture of 1 channel or 3, as its preprocessing says; "
          + "give arrays with run"
      ),
      (
        .differentModel(path), "a.npy: it answers differently on this machine; `quill-camera verify` says where"
      ),
      (
        .notForDigits(path, option: "--multi"),
        "a.npy: --multi is for networks of digits, 28 x 28 grey; this one takes another picture"
      ),
      (.noTerminal, "--preview draws on standard error, which is no terminal here"),
      (.inputShape(path, shape: [2, 3], valueCount: 784), "a.npy: shape (2, 3); expected a batch of 784 values each"),
      (
        .outputTooLarge(path, byteCount: 9, limit: 8),
        "a.npy: the output would have 9 values; at most 8 are written: split the batch"
      ),
      (
        .severalInputs(path, inputs: 2, outputs: 1),
        "a.npy: 2 inputs and 1 outputs; run takes networks with one of each"
      ),
      (
        .usage(.smallSynthetic(width: 47, height: 90, shortest: 48)),
        "--synthetic draws on at least 48x48 pixels; found 47x90; see `quill-camera --help`"
      ),
      (.y4m(SystemPath("-".utf8), .badSize), "standard input: " + Y4MFault.badSize.sentence.description),
      (.pictureFile(path, .badHeader), "a.npy: " + PictureFault.badHeader.sentence.description),
      (.unreadablePictures(path, count: 1), "a.npy: 1 picture could not be read"),
      (.unreadablePictures(path, count: 2), "a.npy: 2 pictures could not be read"),
      (
        .noPictures(path),
        "a.npy: no picture in this folder; expected names that end in .pgm, .ppm, .pnm, .png, .jpg or .jpeg"
      ),
      (.numpy(path, .notNumpy), "a.npy: not an .npy file"),
      (.numpy(path, .fortranOrder), "a.npy: the array is in Fortran order; save it with numpy.ascontiguousarray"),
      (.numpy(path, .valueCount(found: 3, expected: 4)), "a.npy: 3 values; the shape in the header has 4"),
      (.numpy(path, .missingKey(.shape)), "a.npy: the .npy header has no shape that can be read"),
      (
        .numpy(path, .notInt8(found: Array("<f4".utf8))),
        "a.npy: values of type <f4; expected |i1 (int8): convert them with quill run"
      ),
      (
        .numpy(path, .cutHeader(byteCount: 9, needed: 12)),
        "a.npy: 9 bytes; the header of this .npy file needs 12: it is cut short"
      ),
    ]
    for (error, sentence) in table { #expect(error.sentence.description == sentence) }
  }
}

@Suite struct TextLineTests {
  private func text(_ body: (inout TextLine) -> Void) -> String {
    var line = TextLine()
    body(&line)
    return String(decoding: line.bytes, as: UTF8.self)
  }

  @Test func numbers() {
    #expect(text { $0.append(0) } == "0")
    #expect(text { $0.append(Int64.min) } == "-9223372036854775808")
    #expect(text { $0.append(UInt64.max) } == "18446744073709551615")
    #expect(text { $0.append(fraction: 255, over: 256, digits: 4) } == "0.9961")
    #expect(text { $0.append(fraction: 1, over: 3, digits: 3) } == "0.333")
    #expect(text { $0.append(fraction: 1_999, over: 1_000, digits: 2) } == "2.00")
  }

  @Test func quotedTextIsJSON() {
    #expect(text { $0.append(quoted: Array("a\"b\\c\n\u{1F}é".utf8)) } == #""a\"b\\c\u000a\u001fé""#)
  }

  @Test func clearingKeepsTheMemory() {
    var line = TextLine(capacity: 8)
    line.append("1234567890")
    line.clear()
    line.append("x")
    #expect(line.bytes == [0x78])
  }
}

@Suite struct AnswerLineTests {
  private static let facts = FrameFacts(
    sequence: 7, timestampNanoseconds: 5_000_000_000, captureNanoseconds: 1_500, dropped: 2)

  @Test func anAnswer() {
    var answer = FrameAnswer(facts: Self.facts)
    answer.best = FrameAnswer.Guess(classIndex: 1, probabilityIn256ths: 255)
    answer.runnerUp = FrameAnswer.Guess(classIndex: 0, probabilityIn256ths: 1)
    answer.box = PixelBox(left: 3, top: 4, right: 33, bottom: 54)
    answer.preprocessNanoseconds = 2_000_999
    answer.inferenceNanoseconds = 30_000
    answer.ageNanoseconds = 3_449_000
    var writer = AnswerLine(labels: [Array("zero".utf8), Array("one".utf8)])
    #expect(
      String(decoding: writer.json(answer).bytes, as: UTF8.self)
        == #"{"class":1,"label":"one","probability":0.9961,"runnerUp":{"class":0,"label":"zero","probability":0.0039},"#
        + #""unsure":false,"box":{"x":3,"y":4,"width":30,"height":50},"sequence":7,"#
        + #""timestampNanoseconds":5000000000,"ageMicroseconds":3449,"captureMicroseconds":1,"#
        + #""preprocessMicroseconds":2000,"inferenceMicroseconds":30,"dropped":2,"lost":0}"# + "\n")
    #expect(
      String(decoding: writer.text(answer).bytes, as: UTF8.self)
        == "one 99.6 % (zero 0.4 %)  at 3,4 30x50  frame 7  3.4 ms\n")
  }

  @Test func aNumber() {
    let box = PixelBox(left: 1, top: 2, right: 4, bottom: 6)
    func digit(_ index: Int, _ isUnsure: Bool) -> NumberAnswer.Digit {
      NumberAnswer.Digit(
        guess: FrameAnswer.Guess(classIndex: index, probabilityIn256ths: 128), isUnsure: isUnsure, box: box)
    }
    var number = NumberAnswer()
    number.append(digit(1, false), label: Array("1".utf8), startsRow: true)
    number.append(digit(0, true), label: Array("0".utf8), startsRow: false)
    number.append(digit(1, false), label: Array("1".utf8), startsRow: true)
    var answer = FrameAnswer(facts: Self.facts)
    answer.number = number
    answer.box = box
    answer.isUnsure = true
    answer.held = .number(number.text)
    var writer = AnswerLine(labels: [Array("0".utf8), Array("1".utf8)])
    let one =
      #"{"class":1,"label":"1","probability":0.5000,"unsure":false,"box":{"x":1,"y":2,"width":3,"height":4}}"#
    let zero =
      #"{"class":0,"label":"0","probability":0.5000,"unsure":true,"box":{"x":1,"y":2,"width":3,"height":4}}"#
    #expect(
      String(decoding: writer.json(answer).bytes, as: UTF8.self).hasPrefix(
        #"{"number":"10 1","digits":["# + [one, zero, one].joined(separator: ",")
          + #"],"unsure":true,"box":{"x":1,"y":2,"width":3,"height":4},"held":{"number":"10 1"},"sequence":7,"#))
    #expect(
      String(decoding: writer.text(answer).bytes, as: UTF8.self)
        == "10 1 unsure  at 1,2 3x4  held 10 1  frame 7  0.0 ms\n")
    answer.number = NumberAnswer()
    #expect(String(decoding: writer.json(answer).bytes, as: UTF8.self).hasPrefix(#"{"number":"","digits":[],"#))
  }

  @Test func noDigit() {
    var writer = AnswerLine(labels: [])
    let answer = FrameAnswer(facts: Self.facts)
    let json = String(decoding: writer.json(answer).bytes, as: UTF8.self)
    #expect(json.hasPrefix(#"{"class":null,"label":null,"probability":null,"runnerUp":{"class":null,"#))
    #expect(json.contains(#""box":null"#))
    #expect(String(decoding: writer.text(answer).bytes, as: UTF8.self) == "-  frame 7  0.0 ms\n")
  }
}

@Suite struct NumpyInt8Tests {
  private func file(_ header: String, _ values: [UInt8]) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + values
  }

  @Test func readsWhatItWrites() throws {
    let header = NumpyInt8.header(shape: [2, 3])
    #expect(header.count % 64 == 0)
    let array = try NumpyInt8(header + [1, 2, 3, 4, 5, 0x80])
    #expect(array.shape == [2, 3])
    #expect(array.value(5) == -128)
    #expect(try NumpyInt8(NumpyInt8.header(shape: [1]) + [9]).shape == [1])
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", NumpyFault.notInt8(found: Array("<f4".utf8))),
    ("{'descr': '|i1', 'fortran_order': True, 'shape': (4,), }", .fortranOrder),
    ("{'descr': '|i1', 'fortran_order': False, 'shape': (5,), }", .valueCount(found: 4, expected: 5)),
    ("{'descr': '|i1', 'fortran_order': False, 'shape': (4294967295, 4294967295, 4294967295), }", .badShape),
    ("{'descr': '|i1', 'fortran_order': False, 'shape': (-4,), }", .missingKey(.shape)),
    ("{'descr': '|i1', 'shape': (4,), }", .missingKey(.fortranOrder)),
    ("{'fortran_order': False, 'shape': (4,), }", .missingKey(.descr)),
    ("{'descr': '", .missingKey(.descr)),
  ])
  func refuses(header: String, fault: NumpyFault) {
    #expect(throws: fault) { try NumpyInt8(file(header, [1, 2, 3, 4])) }
  }

  @Test func everyCutFileIsRefused() {
    let whole = NumpyInt8.header(shape: [4]) + [1, 2, 3, 4]
    for count in 0..<whole.count {
      #expect(throws: NumpyFault.self) { try NumpyInt8(Array(whole[..<count])) }
    }
  }
}
