/// The life of a camera as a state machine without a system call in it: it is told what happened and says what to do.
///
/// open -> choose -> negotiate -> request -> queue each -> start -> (wait -> dequeue until empty -> deliver newest ->
/// queue)*. Any fault leads through close and a pause back to open, for ever. Every buffer that was taken goes back to
/// the driver on every path, or with the close that frees them all.
///
/// `next` does not allocate once frames flow.
package struct CameraSession: Sendable {
  /// The most buffers ever asked for: libcamera's V4L2 layer refuses 32, and each one more ages the frames.
  package static let bufferCount: UInt32 = 4

  /// So many bad frames in a row, five seconds of most cameras, and the camera counts as lost.
  package static let mostBadFrames: UInt32 = 150

  /// The least time that a camera has for its first frame.
  package static let firstFrameMilliseconds: Int32 = 5_000

  /// So many frames, and the next fault is a new one: a camera that dies after each start is not asked ever faster.
  package static let steadyFrames: UInt32 = 10

  /// The most reasons that are told for one loss.
  package static let mostReasons = 8

  enum Phase: Equatable {
    case opening, choosing, requesting, starting, waiting, draining, delivering, closing, pausing
    case negotiating(CameraMode)
    case queueing(index: UInt32, count: UInt32)
    /// A buffer goes back to the driver, and then comes...
    case returning(then: AfterReturn)
  }

  enum AfterReturn {
    case drain, wait
  }

  /// How long no frame may come before the camera counts as stalled.
  package let stallMilliseconds: Int32
  package private(set) var counters = CameraCounters()
  /// The layout that was last agreed on.
  package private(set) var layout: CameraLayout?

  private(set) var phase = Phase.opening
  private var held: CapturedBuffer?
  /// Buffers that the driver granted, and those that the draining still may take.
  private var granted: UInt32 = 0
  private var drainLeft: UInt32 = 0
  /// Nanoseconds from the frame before to the newest one, in one draining; nil where one of them has no time.
  private var interval: Int64?
  /// Whether every buffer that the driver had was full at the last draining: it had no place for newer frames.
  private var wasOutrun = false
  /// Whether the newest frame went back for being old, and none was delivered since.
  private var waitsForFresh = false
  /// Frames delivered since streaming began.
  private var deliveredInARow: UInt32 = 0
  private var lastSequence: UInt32?
  /// Bad frames since the last good one; and the same before the one that was delivered last.
  private var badInARow: UInt32 = 0
  private var badBeforeDelivery: UInt32 = 0
  private var backoff = Backoff()
  private var toldLayout: CameraLayout?
  private var notice: CameraNotice?
  /// Why there were no frames since they came last; each reason is told once.
  private var toldFaults: [CameraFault] = []

  package init(stallMilliseconds: Int32 = 2_000) {
    self.stallMilliseconds = stallMilliseconds
  }

  /// The first action.
  package var firstAction: CameraAction { .open }

  /// Whether a frame was ever delivered.
  package var hasStreamed: Bool { counters.delivered > 0 }

  /// The change of state since this was last asked, once.
  package mutating func takeNotice() -> CameraNotice? {
    defer { notice = nil }
    return notice
  }

  /// The action that follows on `event`, the answer to the last action. An event that does not answer it is taken for
  /// a lost camera, so that a mistaken driver layer leads to a fresh start and never to a stuck session.
  package mutating func next(after event: CameraEvent) -> CameraAction {
    if case .failed(let fault) = event { return lose(fault) }
    switch (phase, event) {
    case (.opening, .opened):
      return go(.choosing, .chooseMode)
    case (.choosing, .chosen(let mode)):
      return go(.negotiating(mode), .negotiate(mode))
    case (.negotiating(let mode), .negotiated(let layout)):
      guard layout.isUsable(as: mode.format) else { return lose(.badLayout(layout)) }
      self.layout = layout
      return go(.requesting, .requestBuffers(count: Self.bufferCount))
    case (.requesting, .buffersReady(let count)) where count > 0:
      granted = count
      return go(.queueing(index: 0, count: count), .queue(index: 0))
    case (.queueing(let index, let count), .done):
      if index + 1 < count { return go(.queueing(index: index + 1, count: count), .queue(index: index + 1)) }
      return go(.starting, .start)
    case (.starting, .done):
      counters.starts &+= 1
      lastSequence = nil
      badInARow = 0
      deliveredInARow = 0
      wasOutrun = false
      waitsForFresh = false
      return wait()
    case (.pausing, .done):
      return go(.opening, .open)
    case (.closing, .done):
      return go(.pausing, .pause(milliseconds: backoff.next()))
    default:
      return nextWhileStreaming(event)
    }
  }

  private mutating func nextWhileStreaming(_ event: CameraEvent) -> CameraAction {
    switch (phase, event) {
    case (.waiting, .readable):
      drainLeft = granted
      interval = nil
      return go(.draining, .dequeue)
    case (.waiting, .interrupted):
      return wait()
    case (.waiting, .timedOut):
      return lose(.stalled(milliseconds: waitMilliseconds))
    case (.waiting, .sourceChanged):
      return lose(.sourceChanged)
    case (.draining, .dequeued(let buffer)):
      return take(buffer)
    case (.draining, .empty):
      return deliverOrWait()
    case (.returning(.drain), .done):
      return drainLeft > 0 ? go(.draining, .dequeue) : deliverOrWait()
    case (.returning(.wait), .done):
      return wait()
    case (.delivering, .done):
      guard let buffer = held else { return wait() }
      held = nil
      return go(.returning(then: .wait), .queue(index: buffer.index))
    default:
      return lose(.failed(.wait, errno: 0))
    }
  }

  /// Weighs a dequeued buffer: a good one replaces the one held, which goes back; a bad one goes back itself.
  private mutating func take(_ buffer: CapturedBuffer) -> CameraAction {
    drainLeft -= min(1, drainLeft)
    countGap(to: buffer.sequence)
    if buffer.isDamaged {
      counters.damaged &+= 1
      return passOver(buffer)
    }
    guard let layout, layout.holdsPicture(in: buffer) else {
      counters.short &+= 1
      return passOver(buffer)
    }
    guard let older = held else {
      held = buffer
      return drainLeft > 0 ? go(.draining, .dequeue) : deliverOrWait()
    }
    interval = Self.interval(from: older, to: buffer)
    held = buffer
    counters.drained &+= 1
    return go(.returning(then: .drain), .queue(index: older.index))
  }

  /// Gives a bad buffer back.
  private mutating func passOver(_ buffer: CapturedBuffer) -> CameraAction {
    badInARow += 1
    if badInARow >= Self.mostBadFrames && held == nil { return lose(.onlyBadFrames(count: badInARow)) }
    return go(.returning(then: .drain), .queue(index: buffer.index))
  }

  /// Counts the frame that was delivered last as damaged: what looked whole could not be decoded.
  package mutating func rejectDelivered() {
    counters.delivered &-= 1
    counters.damaged &+= 1
    badInARow = badBeforeDelivery + 1
  }

  private mutating func countGap(to sequence: UInt32) {
    // The counter wraps; what seems to go backwards is a driver that began to count anew.
    if let lastSequence {
      let step = sequence &- lastSequence
      if step > 1 && step < 1 << 31 {
        if wasOutrun { counters.outrun &+= UInt64(step - 1) } else { counters.missed &+= UInt64(step - 1) }
      }
    }
    lastSequence = sequence
    wasOutrun = false
  }

  private mutating func deliverOrWait() -> CameraAction {
    // The program may have held one buffer; the driver had the others.
    wasOutrun = granted - drainLeft >= max(granted, 2) - 1
    guard let held else { return wait() }
    if isStale(held) {
      self.held = nil
      waitsForFresh = true
      counters.drained &+= 1
      return go(.returning(then: .wait), .queue(index: held.index))
    }
    waitsForFresh = false
    counters.delivered &+= 1
    badBeforeDelivery = badInARow
    badInARow = 0
    deliveredInARow = min(deliveredInARow + 1, Self.steadyFrames)
    if deliveredInARow == Self.steadyFrames { backoff.reset() }
    if let layout { tellStreaming(layout) }
    return go(.delivering, .deliver(held))
  }

  /// Whether the newest frame is old: the program was busy until the driver had no place for newer ones, and more than a
  /// frame's time passed since. Never twice in a row, so that a slow program gets its frames.
  private func isStale(_ buffer: CapturedBuffer) -> Bool {
    guard wasOutrun, granted > 2, !waitsForFresh else { return false }
    guard let interval, buffer.timestampNanoseconds > 0 else { return true }
    return buffer.receivedNanoseconds - buffer.timestampNanoseconds > interval
  }

  private static func interval(from older: CapturedBuffer, to newer: CapturedBuffer) -> Int64? {
    let frames = Int64(newer.sequence &- older.sequence)
    guard older.timestampNanoseconds > 0, newer.timestampNanoseconds > older.timestampNanoseconds, frames > 0 else {
      return nil
    }
    return (newer.timestampNanoseconds - older.timestampNanoseconds) / frames
  }

  /// Some cameras take seconds to their first frame.
  private var waitMilliseconds: Int32 {
    lastSequence == nil ? max(stallMilliseconds, Self.firstFrameMilliseconds) : stallMilliseconds
  }

  private mutating func wait() -> CameraAction {
    go(.waiting, .wait(milliseconds: waitMilliseconds))
  }

  private mutating func lose(_ fault: CameraFault) -> CameraAction {
    held = nil
    tell(fault)
    return go(.closing, .close)
  }

  /// A camera that fails in turn in two ways, for weeks, does not fill the log.
  private mutating func tell(_ fault: CameraFault) {
    guard toldFaults.count < Self.mostReasons, !toldFaults.contains(fault) else { return }
    toldFaults.append(fault)
    notice = .lost(fault)
  }

  private mutating func tellStreaming(_ layout: CameraLayout) {
    guard !toldFaults.isEmpty || layout != toldLayout else { return }
    toldFaults.removeAll(keepingCapacity: true)
    toldLayout = layout
    notice = .streaming(layout)
  }

  private mutating func go(_ phase: Phase, _ action: CameraAction) -> CameraAction {
    self.phase = phase
    return action
  }
}
