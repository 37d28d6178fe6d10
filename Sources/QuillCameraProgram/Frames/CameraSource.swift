import Quill
import QuillCamera
import QuillImaging

/// Frames from a camera, newest first: older ones are dropped, and the source never ends by itself.
struct CameraSource: ~Copyable, FrameSource {
  private var camera: Camera
  private let waits: Bool
  private let isQuiet: Bool
  private var before = CameraCounters()
  /// Opened with the first JPEG frame.
  private var jpeg: JPEGFrames?

  init(path: SystemPath?, options: SourceOptions) throws(ProgramError) {
    var wish = options.wish
    wish.readsJPEG = JPEGFrames.exist
    if path == nil, !options.waits, Camera.firstPath(for: wish) == nil { throw .noCamera }
    camera = Camera(path: path, wish: wish)
    waits = options.waits
    isQuiet = options.isQuiet
  }

  mutating func step(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    if StopSignal.isRequested { return .end }
    switch camera.step() {
    case .working: return .idle
    case .notice(let notice):
      try handle(notice)
      return .idle
    case .frame(let captured):
      guard try take(captured, into: &picture) else {
        camera.rejectFrame()
        return .idle
      }
      camera.giveBack()
      return .frame(facts(of: captured))
    }
  }

  /// Logs a change of state. A camera that cannot be had at the start ends the program, unless it is to be waited for.
  private func handle(_ notice: CameraNotice) throws(ProgramError) {
    if case .lost(let fault) = notice, !camera.hasStreamed, !waits { throw .camera(camera.path, fault) }
    if !isQuiet { Program.complain("\(camera.path.sentence): \(notice.sentence)") }
  }

  /// Takes the frame over; false where it is a JPEG that cannot be decoded.
  private mutating func take(
    _ captured: CapturedFrame, into picture: inout Picture
  ) throws(ProgramError) -> Bool {
    guard let format = captured.layout.pixels else { return takeJPEG(captured.layout.shape, into: &picture) }
    var failure: ImagingError?
    camera.withPixels { pixels in
      do throws(ImagingError) {
        try picture.take(
          pixels, shape: captured.layout.shape, as: format, range: captured.layout.limitedRange ? .limited : .full)
      } catch {
        failure = error
      }
    }
    if let failure { throw .picture(failure) }
    return true
  }

  private mutating func takeJPEG(_ shape: FrameShape, into picture: inout Picture) -> Bool {
    if jpeg == nil { jpeg = JPEGFrames() }
    return camera.withPixels { pixels in
      jpeg?.read(pixels, width: shape.width, height: shape.height, into: &picture) ?? false
    } ?? false
  }

  private mutating func facts(of captured: CapturedFrame) -> FrameFacts {
    let taken = captured.buffer.timestampNanoseconds
    let now = captured.counters
    defer { before = now }
    return FrameFacts(
      sequence: UInt64(captured.buffer.sequence),
      timestampNanoseconds: taken > 0 ? taken : captured.receivedNanoseconds,
      captureNanoseconds: taken > 0 ? max(0, captured.receivedNanoseconds - taken) : 0,
      dropped: now.dropped - before.dropped, lost: now.lost - before.lost)
  }
}
