import QuillCamera
import QuillImaging

/// Frames from a camera, newest first: older ones are dropped, and the source never ends by itself.
struct CameraSource: ~Copyable, FrameSource {
  private var camera: Camera
  private let waits: Bool
  private let isQuiet: Bool
  private var before = CameraCounters()

  init(path: SystemPath?, options: SourceOptions) throws(ProgramError) {
    guard let path = path ?? Camera.firstPath() else { throw .noCamera }
    camera = Camera(path: path, wish: options.wish)
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
      try take(captured, into: &picture)
      return .frame(facts(of: captured))
    }
  }

  /// Logs a change of state. A camera that cannot be had at the start ends the program, unless it is to be waited for.
  private func handle(_ notice: CameraNotice) throws(ProgramError) {
    if case .lost(let fault) = notice, !camera.hasStreamed, !waits { throw .camera(camera.path, fault) }
    if !isQuiet { Program.complain("\(camera.path.description): \(notice.description)") }
  }

  private func take(_ captured: CapturedFrame, into picture: inout Picture) throws(ProgramError) {
    guard let format = captured.layout.format else { return }
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
