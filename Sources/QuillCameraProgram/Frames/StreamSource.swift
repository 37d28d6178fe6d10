import QuillCamera
import QuillImaging

/// Raw frames on standard input, without gaps between rows or frames; none is dropped.
struct StreamSource: ~Copyable, FrameSource {
  private let input = FileDescriptor.standardInput
  private let layout: CameraLayout
  private let format: PixelFormat
  private var bytes: [UInt8]
  private var sequence: UInt64 = 0

  init(_ wish: CameraWish) {
    format = wish.format ?? .grey
    // Sides are at most `FrameShape.longestSide`: every format's frame fits 32 bits.
    let byteCount = format.frameByteCount(width: wish.width, height: wish.height)
    layout = CameraLayout(
      code: format.code, width: wish.width, height: wish.height,
      bytesPerLine: UInt32(format.rowBytes(width: Int(wish.width))), byteCount: UInt32(byteCount))
    bytes = [UInt8](repeating: 0, count: byteCount)
  }

  mutating func next(into frame: inout GreyFrame) throws(ProgramError) -> FrameFacts? {
    let began = Clock.nanoseconds
    guard try fill() else { return nil }
    let now = Clock.nanoseconds
    do throws(ImagingError) {
      try frame.take(bytes.span, layout: layout, as: format)
    } catch {
      throw .picture(error)
    }
    defer { sequence += 1 }
    return FrameFacts(
      sequence: sequence, timestampNanoseconds: now, captureNanoseconds: now - began, dropped: 0)
  }

  /// Reads one frame; false at the end of the stream or when the program is asked to stop.
  private mutating func fill() throws(ProgramError) -> Bool {
    var count = 0
    while count < bytes.count {
      let moved: Int
      do throws(SystemError) {
        guard try input.waitUntilReadable() else { return false }
        moved = try input.read(into: &bytes, from: count)
      } catch {
        throw .input(error)
      }
      if moved == 0 {
        if count == 0 { return false }
        throw .cutFrame(byteCount: count, expected: bytes.count)
      }
      count += moved
    }
    return true
  }
}
