import Quill
import QuillCamera
import QuillImaging

/// Keeps frames and their answers in a file that `--replay` reads.
///
/// A frame is written in one call when it is answered. What is written survives a killed program at once, and a power
/// cut once the kernel has written it back (about 30 s) or the program ended: flushing every frame would hold up the
/// camera. A recording that is there is gone on with, behind its last whole frame. When the disk is full the file is cut
/// back to its last whole frame, one line says so, and the answers go on without being recorded.
package struct FrameRecorder: ~Copyable {
  private let path: SystemPath
  private let file: FileDescriptor
  private var bytes: [UInt8] = []
  /// Where the last whole frame ends.
  private var wholeByteCount: Int64 = 0
  private var isOpen = true
  /// Frames in the file.
  package private(set) var frames: UInt64 = 0

  private init(_ path: SystemPath) throws(ProgramError) {
    self.path = path
    do throws(SystemError) {
      file = try FileDescriptor(updating: path)
    } catch {
      throw .write(path, error)
    }
  }

  /// Opens or creates the file.
  package static func open(_ path: SystemPath) throws(ProgramError) -> FrameRecorder {
    var recorder = try FrameRecorder(path)
    try recorder.prepare()
    return recorder
  }

  deinit {
    do throws(SystemError) {
      try file.sync()
    } catch {
      Program.complain("\(path.sentence): \(error.sentence)")
    }
  }

  /// Keeps a frame, what is known of it, and its answer, a line of JSON without measured times.
  package mutating func record(_ picture: Picture, _ facts: FrameFacts, answer: [UInt8]) {
    guard isOpen else { return }
    var header = RecordHeader(facts: facts)
    header.pixelCount = picture.pixels.count
    header.answerCount = answer.count
    header.nameCount = facts.name.count
    header.width = picture.shape.width
    header.height = picture.shape.height
    header.channels = picture.channels
    var sum = CRC32C()
    sum.update(picture.pixels.span)
    sum.update(answer.span)
    sum.update(facts.name.span)
    header.payloadSum = sum.value
    bytes.removeAll(keepingCapacity: true)
    header.append(to: &bytes)
    bytes.append(contentsOf: picture.pixels)
    bytes.append(contentsOf: answer)
    bytes.append(contentsOf: facts.name)
    do throws(SystemError) {
      try file.write(bytes.span)
      wholeByteCount += Int64(bytes.count)
      frames += 1
    } catch {
      giveUp(error)
    }
  }

  /// Cuts the file back to its last whole frame and records no more.
  private mutating func giveUp(_ cause: SystemError) {
    isOpen = false
    do throws(SystemError) {
      try file.cut(to: wholeByteCount)
    } catch {
      Program.complain("\(path.sentence): \(error.sentence)")
    }
    Program.complain(RecorderNotice.ended(path, cause, frames: frames).sentence)
  }

  /// Reads through what is there, cuts a torn frame off, and begins a new file.
  private mutating func prepare() throws(ProgramError) {
    var reader = RecordReader(path)
    if try reader.begin(file) {
      while case .record = try reader.next(file) {}
    }
    frames = reader.frames
    wholeByteCount = reader.wholeByteCount
    do throws(SystemError) {
      let torn = try file.byteCount() - wholeByteCount
      try file.cut(to: wholeByteCount)
      if wholeByteCount == 0 {
        try file.write(RecordHeader.fileStart.span)
        wholeByteCount = Int64(RecordHeader.fileStart.count)
      } else if torn > 0 {
        Program.complain(RecorderNotice.cutTornFrame(path, byteCount: torn, frames: frames).sentence)
      }
    } catch {
      throw .write(path, error)
    }
  }
}

/// What a recorder tells on standard error.
package enum RecorderNotice: Equatable, Sendable {
  /// The file ended in a frame that was cut short.
  case cutTornFrame(SystemPath, byteCount: Int64, frames: UInt64)
  /// Nothing more can be written.
  case ended(SystemPath, SystemError, frames: UInt64)
}
