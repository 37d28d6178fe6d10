import QuillCamera
import QuillImaging
import Testing

@Suite struct CameraSessionTests {
  @Test func opensNegotiatesQueuesAndStreams() {
    var driver = ScriptedDriver()
    #expect(driver.action == .open)
    driver.settle()
    // Some cameras take seconds to their first frame.
    #expect(driver.action == .wait(milliseconds: 5_000))
    #expect(driver.queued == [0, 1, 2, 3])
    #expect(driver.session.counters.starts == 1)
    #expect(driver.notices.isEmpty)
    driver.frame(0, sequence: 0)
    #expect(driver.action == .wait(milliseconds: 1_000))
    driver.answer(.timedOut)
    #expect(driver.notices.last == .lost(.stalled(milliseconds: 1_000)))
  }

  @Test func deliversAFrameAndGivesItsBufferBack() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.frame(0, sequence: 10)
    driver.frame(1, sequence: 11)
    #expect(driver.queued == [0, 1, 2, 3])
    #expect(driver.session.counters.delivered == 2)
    #expect(driver.session.counters.dropped == 0)
    #expect(driver.notices == [.streaming(driver.layout)])
  }

  @Test func drainsToTheNewestFrame() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.readable()
    driver.dequeue(0, sequence: 0)
    driver.dequeue(1, sequence: 1)
    driver.empty()
    #expect(driver.delivered() == 1)
    #expect(driver.queued == [0, 1, 2, 3])
    #expect(driver.session.counters.drained == 1)
    #expect(driver.session.counters.missed == 0)
  }

  /// Three full buffers and the fourth in the program's hands: the driver had no place for newer frames.
  private func outrun(_ driver: inout ScriptedDriver, from sequence: UInt32, taken: [Int64]) {
    driver.readable()
    for (index, time) in taken.enumerated() {
      driver.dequeue(UInt32(index), sequence: sequence + UInt32(index), taken: time)
    }
    driver.empty()
  }

  @Test func framesThatFoundNoBufferAreNotLost() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.now = 310
    outrun(&driver, from: 0, taken: [100, 200, 300])
    #expect(driver.delivered() == 2)
    driver.frame(0, sequence: 9)
    driver.frame(1, sequence: 12)
    #expect(driver.session.counters.outrun == 6)
    #expect(driver.session.counters.missed == 2)
    #expect(driver.session.counters.lost == 2)
    #expect(driver.session.counters.dropped == 10)
  }

  @Test(arguments: [[Int64(100), 200, 300], [0, 0, 0]])
  func anOldFrameGivesWayToTheNext(taken: [Int64]) {
    var driver = ScriptedDriver()
    driver.settle()
    driver.now = 401
    outrun(&driver, from: 0, taken: taken)
    #expect(driver.delivered() == nil)
    #expect(driver.queued == [0, 1, 2, 3])
    #expect(driver.session.counters.drained == 3)
    // Not twice in a row: the program gets a frame, however slow it is.
    outrun(&driver, from: 8, taken: taken)
    #expect(driver.delivered() == 10)
    outrun(&driver, from: 20, taken: taken)
    #expect(driver.delivered() == nil)
  }

  @Test func drainingEndsThoughTheCameraIsFasterThanTheProgram() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.readable()
    for sequence in 0..<CameraSession.bufferCount {
      driver.dequeue(sequence % 2, sequence: sequence, taken: 900 + 10 * Int64(sequence))
    }
    #expect(driver.action == .wait(milliseconds: 1_000))
    driver.readable()
    for sequence in 4..<4 + CameraSession.bufferCount { driver.dequeue(sequence % 2, sequence: sequence) }
    #expect(driver.delivered() == 7)
  }

  @Test func aDriverWithFewBuffersGivesItsFrames() {
    for count: UInt32 in [1, 2] {
      var driver = ScriptedDriver()
      driver.granted = count
      driver.settle()
      for sequence: UInt32 in 0..<5 {
        driver.readable()
        driver.dequeue(0, sequence: sequence)
        if count > 1 { driver.empty() }
        #expect(driver.delivered() == sequence)
      }
      #expect(driver.session.counters.dropped == 0)
    }
  }

  @Test func damagedAndShortFramesGoBackAndAreCounted() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.readable()
    driver.dequeue(0, sequence: 0, isDamaged: true)
    driver.dequeue(1, sequence: 1, bytesUsed: 31)
    driver.empty()
    driver.readable()
    // More than the buffer holds; a picture that begins too late; and one that just ends with the buffer.
    driver.dequeue(2, sequence: 2, bytesUsed: 41)
    driver.dequeue(1, sequence: 3, bytesUsed: 40, dataOffset: 9)
    driver.empty()
    #expect(driver.action == .wait(milliseconds: 1_000))
    #expect(driver.queued == [0, 1, 2, 3])
    #expect(driver.session.counters.damaged == 1)
    #expect(driver.session.counters.short == 3)
    #expect(driver.session.counters.delivered == 0)
    driver.readable()
    driver.dequeue(0, sequence: 4, bytesUsed: 40, dataOffset: 8)
    driver.empty()
    #expect(driver.delivered() == 4)
  }

  @Test func aCameraThatSendsNothingButBadFramesIsLost() {
    var driver = ScriptedDriver()
    driver.settle()
    let limit = CameraSession.mostBadFrames
    for sequence in 0..<(limit - 1) {
      driver.readable()
      driver.dequeue(0, sequence: sequence, isDamaged: true)
      driver.empty()
    }
    // A good frame that cannot be decoded later changes nothing; one that can begins the count anew.
    driver.frame(0, sequence: limit)
    driver.session.rejectDelivered()
    driver.readable()
    driver.dequeue(0, sequence: limit + 1, isDamaged: true)
    #expect(driver.notices.last == .lost(.onlyBadFrames(count: limit + 1)))
    #expect(driver.session.counters.delivered == 0)
    #expect(driver.session.counters.damaged == UInt64(limit) + 1)
    #expect(driver.queued == [0, 1, 2, 3])
  }

  @Test func aGoodFrameForgivesTheBadOnesBefore() {
    var driver = ScriptedDriver()
    driver.settle()
    for sequence in 0..<CameraSession.mostBadFrames * 3 {
      if sequence % 100 == 99 {
        driver.frame(0, sequence: sequence)
        continue
      }
      driver.readable()
      driver.dequeue(0, sequence: sequence, isDamaged: true)
      driver.empty()
    }
    #expect(driver.session.counters.starts == 1)
  }

  @Test func aDamagedFrameBehindAGoodOneDoesNotReplaceIt() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.readable()
    driver.dequeue(0, sequence: 0)
    driver.dequeue(1, sequence: 1, isDamaged: true)
    driver.empty()
    #expect(driver.delivered() == 0)
    #expect(driver.queued == [0, 1, 2, 3])
  }

  @Test(arguments: [(UInt32(5), UInt32(6), UInt64(0)), (5, 9, 3), (.max, 2, 2), (100, 0, 0)])
  func gapsInTheCounterAreFramesThatNeverCame(first: UInt32, second: UInt32, missed: UInt64) {
    var driver = ScriptedDriver()
    driver.settle()
    driver.frame(0, sequence: first)
    driver.frame(1, sequence: second)
    #expect(driver.session.counters.missed == missed)
  }

  @Test func aGapAcrossARestartIsNotCounted() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.frame(0, sequence: 5)
    driver.answer(.timedOut)
    driver.settle()
    driver.frame(0, sequence: 500)
    #expect(driver.session.counters.missed == 0)
    #expect(driver.session.counters.starts == 2)
  }

  @Test(arguments: [
    CameraEvent.failed(.failed(.dequeueBuffer, errno: 19)), .failed(.failed(.dequeueBuffer, errno: 5)), .timedOut,
    .sourceChanged, .done, .opened,
  ])
  func afterAnyFaultWhileStreamingItStartsAnewWithEveryBuffer(fault: CameraEvent) {
    var driver = ScriptedDriver()
    driver.settle()
    driver.frame(0, sequence: 0)
    driver.answer(fault)
    #expect(driver.action == .close)
    driver.settle()
    driver.frame(3, sequence: 1)
    #expect(driver.queued == [0, 1, 2, 3])
    #expect(driver.session.counters.starts == 2)
    #expect(driver.notices.count == 3)
  }

  @Test func aFaultWhileAFrameIsHeldLosesNoBuffer() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.readable()
    driver.dequeue(0, sequence: 0)
    driver.answer(.failed(.failed(.dequeueBuffer, errno: 5)))
    driver.settle()
    driver.frame(0, sequence: 0)
    #expect(driver.queued == [0, 1, 2, 3])
  }

  @Test func anAbsentCameraIsLookedForEverMoreSlowlyAndReportedOnce() {
    var driver = ScriptedDriver()
    for _ in 0..<8 {
      #expect(driver.action == .open)
      driver.answer(.failed(.absent))
      #expect(driver.action == .close)
      driver.answer(.done)
      guard case .pause(let milliseconds) = driver.action else { return #expect(Bool(false)) }
      driver.pauses.append(milliseconds)
      driver.answer(.done)
    }
    #expect(driver.pauses == [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000])
    #expect(driver.notices == [.lost(.absent)])
    driver.settle()
    for sequence in 0..<CameraSession.steadyFrames - 1 { driver.frame(0, sequence: sequence) }
    driver.answer(.timedOut)
    driver.settle()
    #expect(driver.pauses.last == 5_000)
    for sequence in 0..<CameraSession.steadyFrames { driver.frame(0, sequence: sequence) }
    driver.answer(.timedOut)
    driver.settle()
    #expect(driver.pauses.last == 250)
    let change: [CameraNotice] = [.streaming(driver.layout), .lost(.stalled(milliseconds: 1_000))]
    #expect(driver.notices == [.lost(.absent)] + change + change)
  }

  @Test func eachReasonForALossIsToldOnce() {
    var driver = ScriptedDriver()
    for attempt in 0..<100 {
      driver.answer(.failed(attempt % 2 == 0 ? .absent : .failed(.open, errno: 13)))
      driver.answer(.done)
      driver.answer(.done)
    }
    #expect(driver.notices == [.lost(.absent), .lost(.failed(.open, errno: 13))])
    for errno in 0..<100 {
      driver.answer(.failed(.failed(.startStreaming, errno: Int32(errno))))
      driver.answer(.done)
      driver.answer(.done)
    }
    #expect(driver.notices.count == CameraSession.mostReasons)
    // A loss after frames is a new one.
    driver.settle()
    driver.frame(0, sequence: 0)
    driver.answer(.failed(.absent))
    #expect(Array(driver.notices.suffix(2)) == [.streaming(driver.layout), .lost(.absent)])
  }

  @Test func aRefusedStepIsTriedAgainFromTheBeginning() {
    for refused in 0..<5 {
      var driver = ScriptedDriver()
      var step = 0
      while step < refused {
        switch driver.action {
        case .open: driver.answer(.opened)
        case .chooseMode:
          driver.answer(.chosen(CameraMode(format: .raw(.grey), code: PixelFormat.grey.code, width: 8, height: 4)))
        case .negotiate: driver.answer(.negotiated(driver.layout))
        case .requestBuffers: driver.answer(.buffersReady(count: 4))
        default: driver.answer(.done)
        }
        step += 1
      }
      driver.answer(.failed(.failed(.requestBuffers, errno: 22)))
      #expect(driver.action == .close)
      driver.settle()
      driver.frame(0, sequence: 0)
    }
  }

  @Test func aLayoutThatContradictsItselfIsRefused() {
    var driver = ScriptedDriver()
    driver.layout.bytesPerLine = 7
    for _ in 0..<3 { stepTowardsLayout(&driver) }
    #expect(driver.action == .close)
    #expect(driver.notices == [.lost(.badLayout(driver.layout))])
  }

  private func stepTowardsLayout(_ driver: inout ScriptedDriver) {
    switch driver.action {
    case .open: driver.answer(.opened)
    case .chooseMode:
      driver.answer(.chosen(CameraMode(format: .raw(.grey), code: PixelFormat.grey.code, width: 8, height: 4)))
    case .negotiate: driver.answer(.negotiated(driver.layout))
    default: break
    }
  }

  @Test func aWaitCutShortGoesOn() {
    var driver = ScriptedDriver()
    driver.settle()
    driver.frame(0, sequence: 0)
    driver.answer(.interrupted)
    #expect(driver.action == .wait(milliseconds: 1_000))
  }
}
