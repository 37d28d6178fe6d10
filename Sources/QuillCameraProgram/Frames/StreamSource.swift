import QuillCamera
import QuillImaging

/// Raw frames on standard input, without gaps between rows or frames; none is dropped.
struct StreamSource: ~Copyable, FrameSource {
  private let input: ByteInput
  private let shape: FrameShape
  private let format: PixelFormat
  private var bytes: [UInt8]
  private var count = 0
  private var beganNanoseconds: Int64 = 0
  private var sequence: UInt64 = 0

  init(_ format: PixelFormat, _ wish: CameraWish) throws(ProgramError) {
    input = try ByteInput(SystemPath([0x2D]))
    self.format = format
    shape = FrameShape(
      width: Int(wish.width), height: Int(wish.height), bytesPerRow: format.rowBytes(width: Int(wish.width)))
    // Sides are at most `FrameShape.longestSide`: every format's frame fits 32 bits.
    bytes = [UInt8](repeating: 0, count: format.frameByteCount(width: wish.width, height: wish.height))
  }

  mutating func step(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    if count == 0 { beganNanoseconds = Clock.nanoseconds }
    switch try input.fill(&bytes, &count, upTo: bytes.count) {
    case .stop: return .end
    case .partial: return .idle
    case .end:
      // An input without any frame is one whose writer failed.
      if count == 0, sequence > 0 { return .end }
      throw .cutFrame(byteCount: count, expected: bytes.count)
    case .full: return try take(into: &picture)
    }
  }

  private mutating func take(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    let now = Clock.nanoseconds
    do throws(ImagingError) {
      try picture.take(bytes.span, shape: shape, as: format)
    } catch {
      throw .picture(error)
    }
    count = 0
    defer { sequence += 1 }
    return .frame(
      FrameFacts(sequence: sequence, timestampNanoseconds: now, captureNanoseconds: now - beganNanoseconds))
  }
}
