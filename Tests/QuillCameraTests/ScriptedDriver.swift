import QuillCamera
import QuillImaging
import Testing

/// A driver made of a script: it answers what a real one would, and keeps count of whose the buffers are.
struct ScriptedDriver {
  var session = CameraSession(stallMilliseconds: 1_000)
  var action: CameraAction
  var layout = CameraLayout(
    code: PixelFormat.grey.code, width: 8, height: 4, bytesPerLine: 8, byteCount: 32)
  /// Buffers with the driver; all of them once streaming began.
  var queued: Set<UInt32> = []
  var notices: [CameraNotice] = []
  var pauses: [Int32] = []
  var now: Int64 = 1_000
  var granted = UInt32.max

  init() {
    action = session.firstAction
  }

  mutating func answer(_ event: CameraEvent) {
    action = session.next(after: event)
    if let notice = session.takeNotice() { notices.append(notice) }
  }

  /// Goes through the actions that need no choice, until a wait, a dequeue or a delivery.
  mutating func settle() {
    for _ in 0..<100 {
      switch action {
      case .open: answer(.opened)
      case .chooseMode:
        answer(.chosen(CameraMode(format: .raw(.grey), code: PixelFormat.grey.code, width: 8, height: 4)))
      case .negotiate: answer(.negotiated(layout))
      case .requestBuffers(let count): answer(.buffersReady(count: min(granted, count)))
      case .queue(let index):
        #expect(queued.insert(index).inserted, "buffer \(index) was queued twice")
        answer(.done)
      case .start: answer(.done)
      case .close:
        queued = []
        answer(.done)
      case .pause(let milliseconds):
        pauses.append(milliseconds)
        answer(.done)
      case .wait, .dequeue, .deliver: return
      }
    }
    Issue.record("the session does not settle")
  }

  mutating func dequeue(
    _ index: UInt32, sequence: UInt32, bytesUsed: UInt32 = 32, dataOffset: UInt32 = 0, taken: Int64 = 0,
    isDamaged: Bool = false
  ) {
    #expect(action == .dequeue)
    #expect(queued.remove(index) != nil, "buffer \(index) is not the driver's")
    answer(
      .dequeued(
        CapturedBuffer(
          index: index, sequence: sequence, bytesUsed: bytesUsed, byteCount: 40, dataOffset: dataOffset,
          timestampNanoseconds: taken, receivedNanoseconds: now, isDamaged: isDamaged)))
    settle()
  }

  mutating func empty() {
    #expect(action == .dequeue)
    answer(.empty)
    settle()
  }

  mutating func readable() {
    guard case .wait = action else { return #expect(action == .wait(milliseconds: 1_000)) }
    answer(.readable)
    settle()
  }

  mutating func delivered() -> UInt32? {
    guard case .deliver(let buffer) = action else { return nil }
    answer(.done)
    settle()
    return buffer.sequence
  }

  mutating func frame(_ index: UInt32, sequence: UInt32) {
    readable()
    dequeue(index, sequence: sequence)
    empty()
    #expect(delivered() == sequence)
  }
}
