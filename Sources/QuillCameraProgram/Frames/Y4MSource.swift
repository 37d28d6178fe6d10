import QuillCamera
import QuillImaging

/// A Y4M video from a file or standard input, as `ffmpeg` writes them; no frame is dropped.
struct Y4MSource: ~Copyable, FrameSource {
  private enum Phase {
    case header, frameLine, planes
  }

  /// The longest line that is taken, its line feed counted.
  private static let longestLine = 1_024

  private let path: SystemPath
  private let input: ByteInput
  private var phase = Phase.header
  private var header: Y4MHeader?
  private var line = [UInt8](repeating: 0, count: Self.longestLine)
  private var planes: [UInt8] = []
  /// Bytes of the line or the planes that are there.
  private var count = 0
  private var beganNanoseconds: Int64 = 0
  private var sequence: UInt64 = 0

  init(_ path: SystemPath) throws(ProgramError) {
    self.path = path
    input = try ByteInput(path)
  }

  mutating func step(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    if phase == .planes { return try stepInPlanes(into: &picture) }
    if count == 0 { beganNanoseconds = Clock.nanoseconds }
    // A byte at a time: lines are short and rare, and what follows them is not theirs.
    guard count < Self.longestLine else { throw .y4m(path, phase == .header ? .notY4M : .notAFrame(index: sequence)) }
    switch try input.fill(&line, &count, upTo: count + 1) {
    case .stop: return .end
    case .partial: return .idle
    case .full:
      if line[count - 1] == 0x0A { try endLine() }
      return .idle
    case .end:
      if phase == .header { throw .y4m(path, .notY4M) }
      if count == 0 { return .end }
      throw .y4m(path, .cut(index: sequence, byteCount: count, expected: 6))
    }
  }

  /// Reads the line that has come.
  private mutating func endLine() throws(ProgramError) {
    if phase == .header {
      do throws(Y4MFault) {
        let found = try Y4MHeader(line[..<(count - 1)])
        planes = [UInt8](repeating: 0, count: found.frameByteCount)
        header = found
      } catch {
        throw .y4m(path, error)
      }
      phase = .frameLine
    } else {
      guard Array(line[..<5]).isText("FRAME"), line[5] == 0x0A || line[5] == 0x20 else {
        throw .y4m(path, .notAFrame(index: sequence))
      }
      phase = .planes
    }
    count = 0
  }

  private mutating func stepInPlanes(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    switch try input.fill(&planes, &count, upTo: planes.count) {
    case .stop: return .end
    case .partial: return .idle
    case .end: throw .y4m(path, .cut(index: sequence, byteCount: count, expected: planes.count))
    case .full: return try take(into: &picture)
    }
  }

  private mutating func take(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    guard let header else { return .end }
    let now = Clock.nanoseconds
    do throws(ImagingError) {
      try picture.take(
        planes.span, shape: FrameShape(width: header.width, height: header.height), as: header.format,
        range: header.range)
    } catch {
      throw .picture(error)
    }
    count = 0
    phase = .frameLine
    defer { sequence += 1 }
    return .frame(
      FrameFacts(sequence: sequence, timestampNanoseconds: now, captureNanoseconds: now - beganNanoseconds))
  }
}
