import CVideo4Linux

/// A V4L2 camera that streams into mapped buffers, and does so again after every fault: it carries out what a
/// `CameraSession` decides.
///
/// Nothing is allocated from the first frame on, until a fault. Public because Embedded Swift does not see the `deinit`
/// of a package type from another module.
public struct Camera: ~Copyable {
  /// A buffer of the driver's, mapped for reading.
  @safe private struct Mapping {
    let address: UnsafeMutableRawPointer
    let byteCount: Int
  }

  /// Where it was last found; before that, where it is looked for.
  package private(set) var path: SystemPath
  /// Whether any camera will do, until one sent a frame.
  private let takesAny: Bool
  package let wish: CameraWish
  private var session: CameraSession
  private var nextAction: CameraAction
  private var identity: CameraIdentity?
  private var descriptor: Int32 = -1
  private var isMultiPlanar = false
  private var planeCount: UInt32 = 1
  private var mappings: [Mapping] = []
  /// The buffer that the program may read until the next step.
  private var lent: CapturedBuffer?
  /// Faults of controls that are not told yet, and those that were told last.
  private var controlNotices: [CameraNotice] = []
  private var toldFaults: [ControlFault?] = [nil, nil, nil]
  /// Whether the last wait ended with the driver's error and nothing to read.
  private var waitFailed = false
  /// When the camera counts as stalled, CLOCK_MONOTONIC nanoseconds; nil from a frame to the next wait.
  private var waitDeadline: Int64?

  /// The camera at `path`, or the first there is; nothing is opened yet. Later it is found again by its name and socket,
  /// wherever it is.
  package init(path: SystemPath?, wish: CameraWish = CameraWish(), stallMilliseconds: Int32 = 2_000) {
    self.path = path ?? SystemPath("/dev/video0".utf8)
    takesAny = path == nil
    self.wish = wish
    session = CameraSession(stallMilliseconds: stallMilliseconds)
    nextAction = session.firstAction
  }

  deinit {
    Self.release(descriptor: descriptor, isMultiPlanar: isMultiPlanar, mappings: mappings)
  }

  /// The node that is taken where the user names none; nil where there is none.
  package static func firstPath(for wish: CameraWish) -> SystemPath? {
    CameraSurvey.preferred(CameraSurvey.all(for: wish))
  }

  /// Whether a frame ever came.
  package var hasStreamed: Bool { session.hasStreamed }

  package var counters: CameraCounters { session.counters }

  /// Carries out one action: at most one wait, which ends when the program is asked to stop.
  package mutating func step() -> CameraStep {
    if let notice = session.takeNotice() { return .notice(notice) }
    if let notice = controlNotices.popLast() { return .notice(notice) }
    if case .deliver(let buffer) = nextAction, let layout = session.layout {
      // The next step gives the buffer back.
      nextAction = session.next(after: .done)
      lent = buffer
      return .frame(
        CapturedFrame(
          layout: layout, buffer: buffer, receivedNanoseconds: Clock.nanoseconds, counters: session.counters))
    }
    lent = nil
    let event = perform(nextAction)
    nextAction = session.next(after: event)
    return .working
  }

  /// Shows the pixels of the frame that the last step gave: the first plane, from its first pixel on. Camera memory may
  /// be slow to read: read each byte once. Nil when the last step gave no frame.
  package func withPixels<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
    guard let lent, Int(lent.index) < mappings.count else { return nil }
    let mapping = mappings[Int(lent.index)]
    let end = min(Int(lent.bytesUsed), mapping.byteCount)
    let start = min(Int(lent.dataOffset), end)
    // start <= end <= the mapping's length, and the mapping lives until the next step.
    let bytes = unsafe UnsafeRawBufferPointer(start: mapping.address + start, count: end - start)
    return unsafe body(Span(_bytes: bytes.bytes))
  }

  /// Gives the buffer of the last step's frame back at once, when its pixels were copied: the driver fills it while the
  /// program is at work. Otherwise the next step does so.
  package mutating func giveBack() {
    guard lent != nil else { return }
    lent = nil
    nextAction = session.next(after: perform(nextAction))
  }

  /// Counts the frame that the last step gave as damaged.
  package mutating func rejectFrame() {
    if lent != nil { session.rejectDelivered() }
  }

  private mutating func perform(_ action: CameraAction) -> CameraEvent {
    switch action {
    case .open: return open()
    case .chooseMode: return chooseMode()
    case .negotiate(let mode): return negotiate(mode)
    case .requestBuffers(let count): return requestBuffers(count)
    case .queue(let index):
      return answer(quill_video_queue(descriptor, isMultiPlanar, planeCount, index), .queueBuffer)
    case .start:
      return answer(quill_video_stream(descriptor, isMultiPlanar, true), .startStreaming)
    case .wait(let milliseconds): return wait(milliseconds)
    case .dequeue: return dequeue()
    case .deliver: return .done
    case .close:
      Self.release(descriptor: descriptor, isMultiPlanar: isMultiPlanar, mappings: mappings)
      descriptor = -1
      mappings.removeAll(keepingCapacity: true)
      waitDeadline = nil
      return .done
    case .pause(let milliseconds):
      StopSignal.pause(milliseconds: milliseconds)
      return .done
    }
  }

  private func answer(_ result: Int32, _ call: CameraCall) -> CameraEvent {
    result < 0 ? .failed(.failed(call, errno: -result)) : .done
  }

  private mutating func open() -> CameraEvent {
    if takesAny, !session.hasStreamed {
      // A camera that never sent a frame may be the wrong one.
      identity = nil
      path = Self.firstPath(for: wish) ?? path
    }
    switch CameraFinder.find(at: path, identity: identity) {
    case .failure(let fault):
      return .failed(fault)
    case .success(let found):
      descriptor = found.descriptor
      isMultiPlanar = found.isMultiPlanar
      path = found.path
      identity = found.identity
      return .opened
    }
  }

  private func chooseMode() -> CameraEvent {
    let modes = ModeList(descriptor: descriptor, isMultiPlanar: isMultiPlanar)
    guard let mode = modes.best(for: wish) else {
      guard let wanted = wish.format, wanted != .jpeg || wish.readsJPEG else {
        return .failed(.noUsableFormat(offered: wish.format == .jpeg ? PixelCode("MJPG") : modes.firstCode))
      }
      return .failed(.formatNotOffered(wanted))
    }
    return .chosen(mode)
  }

  private mutating func negotiate(_ mode: CameraMode) -> CameraEvent {
    var given = quill_video_layout()
    given.width = mode.width
    given.height = mode.height
    given.pixel_format = mode.code.rawValue
    let result = unsafe quill_video_set_layout(descriptor, isMultiPlanar, &given)
    guard result >= 0 else { return answer(result, .setFormat) }
    // A driver that has one rate only may refuse this; the frames come all the same.
    var interval = quill_video_interval(numerator: 1_000, denominator: wish.millihertz)
    _ = unsafe quill_video_set_interval(descriptor, isMultiPlanar, &interval)
    _ = quill_video_subscribe(descriptor)
    setControls()
    planeCount = given.plane_count
    let code = PixelCode(rawValue: given.pixel_format)
    let claim = QuantizationClaim(quantization: given.quantization, colorspace: given.colorspace)
    return .negotiated(
      CameraLayout(
        code: code, width: given.width, height: given.height,
        bytesPerLine: given.bytes_per_line, byteCount: given.size_image, planeCount: given.plane_count,
        limitedRange: claim.isLimited(for: code),
        alternatesFields: given.field == UInt32(QUILL_VIDEO_FIELD_ALTERNATE)))
  }

  /// Sets what the user wishes to set; a camera that was gone may have forgotten it.
  private mutating func setControls() {
    let setter = ControlSetter(descriptor: descriptor)
    for control in CameraControl.allCases {
      guard let wished = wish.controls[control] else { continue }
      let fault = setter.set(control, to: wished)
      if let fault, fault != toldFaults[control.rawValue] { controlNotices.insert(.control(control, fault), at: 0) }
      toldFaults[control.rawValue] = fault
    }
  }

  private mutating func requestBuffers(_ count: UInt32) -> CameraEvent {
    let granted = quill_video_request(descriptor, isMultiPlanar, count)
    guard granted > 0 else { return .failed(.failed(.requestBuffers, errno: -granted)) }
    for index in 0..<UInt32(granted) {
      var address: UnsafeMutableRawPointer?
      var byteCount = 0
      let result = unsafe quill_video_map(descriptor, isMultiPlanar, planeCount, index, &address, &byteCount)
      guard result >= 0, let mapped = unsafe address else { return .failed(.failed(.mapBuffer, errno: -result)) }
      unsafe mappings.append(Mapping(address: mapped, byteCount: byteCount))
      // A buffer smaller than the picture that was agreed on.
      if let layout = session.layout, byteCount < layout.neededByteCount { return .failed(.badLayout(layout)) }
    }
    return .buffersReady(count: UInt32(granted))
  }

  /// Waits until so long after the last frame: neither a signal nor a node that is ready for nothing makes it longer.
  private mutating func wait(_ milliseconds: Int32) -> CameraEvent {
    let now = Clock.nanoseconds
    let deadline = waitDeadline ?? now + Int64(milliseconds) * 1_000_000
    waitDeadline = deadline
    // Rounded up, so that the wait that is the last one reaches the deadline.
    let left = (deadline - now + 999_999) / 1_000_000
    if left <= 0 { return .timedOut }
    let ready = quill_wait(descriptor, Int32(clamping: left))
    guard ready >= 0 else { return answer(ready, .wait) }
    func has(_ bit: quill_ready) -> Bool { ready & Int32(bit.rawValue) != 0 }
    if has(QUILL_READY_STOP) { return .interrupted }
    if has(QUILL_READY_EVENT), quill_video_event(descriptor) == 1 { return .sourceChanged }
    // With an error, taking a buffer says which.
    waitFailed = has(QUILL_READY_ERROR) && !has(QUILL_READY_READ)
    if has(QUILL_READY_READ) || has(QUILL_READY_ERROR) { return .readable }
    return ready == 0 ? .timedOut : .interrupted
  }

  private mutating func dequeue() -> CameraEvent {
    var buffer = quill_video_buffer()
    let result = unsafe quill_video_dequeue(descriptor, isMultiPlanar, planeCount, &buffer)
    if result == -QUILL_EAGAIN && !waitFailed { return .empty }
    guard result >= 0 else { return answer(result, .dequeueBuffer) }
    guard Int(buffer.index) < mappings.count else { return .failed(.failed(.dequeueBuffer, errno: 0)) }
    waitDeadline = nil
    let now = Clock.nanoseconds
    return .dequeued(
      CapturedBuffer(
        index: buffer.index, sequence: buffer.sequence, bytesUsed: buffer.bytes_used,
        byteCount: UInt32(clamping: mappings[Int(buffer.index)].byteCount), dataOffset: buffer.data_offset,
        // A frame cannot be of later than now, though a driver that counts in whole periods may say so.
        timestampNanoseconds: buffer.monotonic ? min(buffer.timestamp_nanoseconds, now) : 0, receivedNanoseconds: now,
        isDamaged: buffer.damaged))
  }

  private static func release(descriptor: Int32, isMultiPlanar: Bool, mappings: [Mapping]) {
    guard descriptor >= 0 else { return }
    _ = quill_video_stream(descriptor, isMultiPlanar, false)
    for mapping in mappings {
      _ = unsafe quill_video_unmap(mapping.address, mapping.byteCount)
    }
    _ = quill_video_request(descriptor, isMultiPlanar, 0)
    _ = quill_close(descriptor)
  }
}
