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
  private var drainLeft: UInt32 = 0
  private var lastSequence: UInt32?
  /// Bad frames since the last good one; and the same before the one that was delivered last.
  private var badInARow: UInt32 = 0
  private var badBeforeDelivery: UInt32 = 0
  private var backoff = Backoff()
  private var reported: CameraNotice?
  private var notice: CameraNotice?

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
      return go(.queueing(index: 0, count: count), .queue(index: 0))
    case (.queueing(let index, let count), .done):
      if index + 1 < count { return go(.queueing(index: index + 1, count: count), .queue(index: index + 1)) }
      return go(.starting, .start)
    case (.starting, .done):
      counters.starts &+= 1
      lastSequence = nil
      badInARow = 0
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
      drainLeft = Self.bufferCount
      return go(.draining, .dequeue)
    case (.waiting, .interrupted):
      return wait()
    case (.waiting, .timedOut):
      return lose(.stalled(milliseconds: stallMilliseconds))
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
      if step > 1 && step < 1 << 31 { counters.missed &+= UInt64(step - 1) }
    }
    lastSequence = sequence
  }

  private mutating func deliverOrWait() -> CameraAction {
    guard let held else { return wait() }
    counters.delivered &+= 1
    badBeforeDelivery = badInARow
    badInARow = 0
    backoff.reset()
    if let layout { report(.streaming(layout)) }
    return go(.delivering, .deliver(held))
  }

  private mutating func wait() -> CameraAction {
    go(.waiting, .wait(milliseconds: stallMilliseconds))
  }

  private mutating func lose(_ fault: CameraFault) -> CameraAction {
    held = nil
    report(.lost(fault))
    return go(.closing, .close)
  }

  private mutating func report(_ change: CameraNotice) {
    guard change != reported else { return }
    reported = change
    notice = change
  }

  private mutating func go(_ phase: Phase, _ action: CameraAction) -> CameraAction {
    self.phase = phase
    return action
  }
}
