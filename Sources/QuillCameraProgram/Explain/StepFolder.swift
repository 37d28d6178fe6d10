import QuillCamera

/// Writes the steps to an answer into a folder: `--explain`.
struct StepFolder {
  private let folder: SystemPath
  /// Whether names begin with the frame's number, because there may be several.
  private let numbersFrames: Bool
  private var frames: UInt64 = 0

  /// - Parameter folder: made where there is none; its parent must exist.
  init(_ folder: SystemPath, numbersFrames: Bool) throws(ProgramError) {
    self.folder = folder
    self.numbersFrames = numbersFrames
    do throws(SystemError) {
      try SystemFolder.make(folder)
    } catch {
      throw .write(folder, error)
    }
  }

  /// Writes a frame's steps as `01-searched.pgm`, ..., or `000001-01-searched.pgm`; pictures in colour as .ppm.
  mutating func write(_ steps: [StepPicture]) throws(ProgramError) {
    for index in steps.indices {
      let step = steps[index]
      var name = TextLine(capacity: 64)
      name.append("/")
      if numbersFrames {
        name.append(frames, digits: 6)
        name.append("-")
      }
      name.append(UInt64(index + 1), digits: 2)
      name.append("-")
      name.append(step.name)
      name.append(step.channels == .grey ? ".pgm" : ".ppm")
      let path = folder.appending(name.bytes)
      var file = TextLine(capacity: step.pixels.count + 32)
      file.append(picture: step.pixels, width: step.width, height: step.height, channels: step.channels)
      do throws(SystemError) {
        try WholeFile.write(file.bytes, to: path)
      } catch {
        throw .write(path, error)
      }
    }
    frames += 1
  }
}
