import QuillCamera
import QuillImaging

/// Frames from a camera, newest first: older ones are dropped, and the source never ends by itself.
struct CameraSource: ~Copyable, FrameSource {
  private var camera: Camera
  private let waits: Bool
  private let isQuiet: Bool
  private var droppedBefore: UInt64 = 0

  init(path: SystemPath?, options: SourceOptions) throws(ProgramError) {
    guard let path = path ?? Camera.firstPath() else { throw .noCamera }
    camera = Camera(path: path, wish: options.wish)
    waits = options.waits
    isQuiet = options.isQuiet
  }

  mutating func next(into frame: inout GreyFrame) throws(ProgramError) -> FrameFacts? {
    while !StopSignal.isRequested {
      switch camera.step() {
      case .working: continue
      case .notice(let notice): try handle(notice)
      case .frame(let captured):
        try take(captured, into: &frame)
        return facts(of: captured)
      }
    }
    return nil
  }

  /// Logs a change of state. A camera that cannot be had at the start ends the program, unless it is to be waited for.
  private func handle(_ notice: CameraNotice) throws(ProgramError) {
    if case .lost(let fault) = notice, !camera.hasStreamed, !waits { throw .camera(camera.path, fault) }
    if !isQuiet { Program.complain("\(camera.path.description): \(notice.description)") }
  }

  private func take(_ captured: CapturedFrame, into frame: inout GreyFrame) throws(ProgramError) {
    guard let format = captured.layout.format else { return }
    var failure: ImagingError?
    camera.withPixels { pixels in
      do throws(ImagingError) {
        try frame.take(pixels, layout: captured.layout, as: format)
      } catch {
        failure = error
      }
    }
    if let failure { throw .picture(failure) }
  }

  private mutating func facts(of captured: CapturedFrame) -> FrameFacts {
    let taken = captured.buffer.timestampNanoseconds
    let dropped = captured.counters.dropped
    defer { droppedBefore = dropped }
    return FrameFacts(
      sequence: UInt64(captured.buffer.sequence),
      timestampNanoseconds: taken > 0 ? taken : captured.receivedNanoseconds,
      captureNanoseconds: taken > 0 ? max(0, captured.receivedNanoseconds - taken) : 0,
      dropped: dropped - droppedBefore)
  }
}
