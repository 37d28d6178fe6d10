import Quill
import QuillCamera
import QuillImaging

/// The frames of a recording, with what was known of them then.
struct ReplaySource: ~Copyable, FrameSource {
  private let path: SystemPath
  private let file: FileDescriptor
  private var reader: RecordReader
  private var hasBegun = false
  /// The answer that was recorded with the last frame.
  private var answer: [UInt8] = []

  init(_ path: SystemPath) throws(ProgramError) {
    self.path = path
    reader = RecordReader(path)
    do throws(SystemError) {
      file = try FileDescriptor(reading: path)
    } catch {
      throw .read(path, .system(error))
    }
  }

  func hasRecorded(_ answer: [UInt8]) -> Bool { answer == self.answer }

  mutating func step(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    if StopSignal.isRequested { return .end }
    if !hasBegun {
      guard try reader.begin(file) else { throw .recording(path, .notARecording) }
      hasBegun = true
    }
    switch try reader.next(file) {
    case .end: return .end
    case .torn:
      Program.complain("\(path.sentence): the last frame is cut short; \(reader.frames) before it are whole")
      return .end
    case .record(let header): return try take(header, into: &picture)
    }
  }

  private mutating func take(_ header: RecordHeader, into picture: inout Picture) throws(ProgramError) -> SourceStep {
    let answerEnd = header.pixelCount + header.answerCount
    answer.removeAll(keepingCapacity: true)
    answer.append(contentsOf: reader.payload[header.pixelCount..<answerEnd])
    var facts = header.facts
    facts.isReplayed = true
    if header.nameCount > 0 { facts.name = Array(reader.payload[answerEnd...]) }
    let shape = FrameShape(
      width: header.width, height: header.height, bytesPerRow: header.width * header.channels.rawValue)
    do throws(ImagingError) {
      try picture.take(reader.payload.span, shape: shape, as: header.channels == .grey ? .grey : .rgb24)
    } catch {
      throw .picture(error)
    }
    return .frame(facts)
  }
}
