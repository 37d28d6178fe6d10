import QuillCamera
import QuillImaging

/// `capture`: writes what the camera sees as PGM pictures, so that a user can look at it.
struct CaptureCommand {
  private let options: CaptureOptions
  private let toStandardOutput: Bool
  private let toFolder: Bool

  init(_ options: CaptureOptions) {
    self.options = options
    toStandardOutput = options.output.isStandardStream
    toFolder = WholeFile.isFolder(options.output)
  }

  func run() throws(ProgramError) -> ExitCode {
    if options.source.frameLimit != 1 && !toStandardOutput && !toFolder {
      throw .usage(.manyFramesIntoOneFile)
    }
    switch options.source.kind {
    case .camera(let path):
      try capture(from: CameraSource(path: path, options: options.source))
    case .standardInput:
      try capture(from: StreamSource(options.source.wish))
    }
    return .success
  }

  private func capture<Source: FrameSource & ~Copyable>(from source: consuming Source) throws(ProgramError) {
    var frame = GreyFrame()
    var picture = TextLine()
    var taken: UInt64 = 0
    while taken < options.source.frameLimit ?? UInt64.max, try source.next(into: &frame) != nil {
      picture.clear()
      picture.append("P5\n")
      picture.append(frame.shape.width)
      picture.append(" ")
      picture.append(frame.shape.height)
      picture.append("\n255\n")
      picture.append(frame.pixels)
      try write(picture, number: taken)
      taken += 1
    }
    if taken == 0 && !StopSignal.isRequested { throw .noFrames }
  }

  private func write(_ picture: TextLine, number: UInt64) throws(ProgramError) {
    if toStandardOutput { return try picture.write() }
    let path = toFolder ? options.output.appending(fileName(number)) : options.output
    do throws(SystemError) {
      try WholeFile.write(picture.bytes, to: path)
    } catch {
      throw .write(path, error)
    }
  }

  /// `/frame-000001.pgm`, from 0 on.
  private func fileName(_ number: UInt64) -> [UInt8] {
    var name = TextLine(capacity: 32)
    name.append("/frame-")
    var place: UInt64 = 100_000
    while place > max(number, 1) {
      name.append("0")
      place /= 10
    }
    name.append(number)
    name.append(".pgm")
    return name.bytes
  }
}
