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
    let source = try FrameInput(options.source)
    var picture = Picture()
    var file = TextLine()
    var taken: UInt64 = 0
    while taken < options.source.frameLimit ?? UInt64.max {
      switch try source.step(into: &picture) {
      case .idle: continue
      case .end:
        if taken == 0 && !StopSignal.isRequested { throw .noFrames }
        return .success
      case .frame:
        file.clear()
        file.append(
          picture: picture.pixels, width: picture.shape.width, height: picture.shape.height, channels: picture.channels)
        try write(file, number: taken)
        taken += 1
      }
    }
    return .success
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
    name.append(number, digits: 6)
    name.append(".pgm")
    return name.bytes
  }
}
