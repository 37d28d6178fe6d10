import QuillCamera
import QuillImaging

/// Where frames come from.
package struct SourceOptions: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// The camera at this path; nil: the first there is.
    case camera(SystemPath?)
    /// Raw frames on standard input.
    case standardInput
    /// A Y4M video; `-` is standard input.
    case y4m(SystemPath)
    /// The pictures of a folder.
    case folder(SystemPath)
    /// The frames of a recording.
    case replay(SystemPath)
    /// Digits that the program draws, by this seed.
    case synthetic(seed: UInt32)
  }

  package var kind = Kind.camera(nil)
  /// Whether the command line has named a source.
  private var isNamed = false
  package var wish = CameraWish()
  /// Frames to take before ending; nil goes on for ever.
  package var frameLimit: UInt64?
  /// Whether to wait for a camera that is not there at the start, as it is always waited for one that goes.
  package var waits = false
  /// Whether changes of state are kept from standard error.
  package var isQuiet = false

  package init() {}

  /// Takes `argument` if it is an option of a source; gives whether it was.
  mutating func take(_ argument: [UInt8], _ reader: inout ArgumentReader) throws(ProgramError) -> Bool {
    let sides: ClosedRange<UInt32> = 1...CameraLayout.maximumSide
    if argument.isText("--device") {
      let path = try reader.value(of: "--device")
      try name(.camera(path.isText("auto") ? nil : SystemPath(path)))
    } else if argument.isText("--stdin") {
      try name(.standardInput)
    } else if argument.isText("--y4m") {
      try name(.y4m(SystemPath(try reader.value(of: "--y4m"))))
    } else if argument.isText("--folder") {
      try name(.folder(SystemPath(try reader.value(of: "--folder"))))
    } else if argument.isText("--replay") {
      try name(.replay(SystemPath(try reader.value(of: "--replay"))))
    } else if argument.isText("--synthetic") {
      if case .synthetic = kind { return true }
      try name(.synthetic(seed: 0))
    } else if argument.isText("--seed") {
      let seed = try reader.number(of: "--seed", in: 0...UInt32.max)
      if case .synthetic = kind {
        kind = .synthetic(seed: seed)
      } else {
        try name(.synthetic(seed: seed))
      }
    } else if argument.isText("--width") {
      wish.width = try reader.number(of: "--width", in: sides)
    } else if argument.isText("--height") {
      wish.height = try reader.number(of: "--height", in: sides)
    } else if argument.isText("--fps") {
      wish.millihertz = try reader.number(of: "--fps", in: 1...1_000) * 1_000
    } else if argument.isText("--format") {
      let name = try reader.value(of: "--format")
      wish.code = PixelCode(text: name)
      wish.format = try Self.format(name, wish.code)
    } else if argument.isText("--frames") {
      frameLimit = UInt64(try reader.number(of: "--frames", in: 1...UInt32.max))
    } else if argument.isText("--exposure") {
      wish.controls.exposure = try Self.control("--exposure", &reader)
    } else if argument.isText("--gain") {
      wish.controls.gain = try Self.control("--gain", &reader)
    } else if argument.isText("--focus") {
      wish.controls.focus = try Self.control("--focus", &reader)
    } else if argument.isText("--wait") {
      waits = true
    } else if argument.isText("--quiet") {
      isQuiet = true
    } else {
      return false
    }
    return true
  }

  /// Takes the only source that may be named.
  private mutating func name(_ source: Kind) throws(ProgramError) {
    if isNamed { throw .usage(.severalSources) }
    (kind, isNamed) = (source, true)
  }

  /// `auto` or a value.
  private static func control(
    _ option: StaticString, _ reader: inout ArgumentReader
  ) throws(ProgramError) -> ControlWish {
    let text = try reader.value(of: option)
    if text.isText("auto") { return .automatic }
    guard let number = text.decimalNumber, let value = Int32(exactly: number) else {
      throw .usage(.badControl(option: option, found: text))
    }
    return .value(value)
  }

  private static func format(_ name: [UInt8], _ code: PixelCode?) throws(ProgramError) -> CaptureFormat {
    guard let format = CaptureFormat(name: name) ?? code.flatMap({ CaptureFormat(code: $0) }) else {
      throw .usage(.unknownFormat(found: name))
    }
    return format
  }
}
