#if os(Linux)
  import CFakeVideo4Linux
  import Foundation
  import QuillCamera
  import QuillImaging
  import Testing

  /// A camera in a box, because the macros of tests take no value that cannot be copied.
  final class CameraBox {
    private var camera: Camera

    init(_ camera: consuming Camera) {
      self.camera = camera
    }

    var counters: CameraCounters { camera.counters }

    /// The bytes of the frame that came last.
    func bytes() -> [UInt8]? { camera.withPixels { span in span.indices.map { span[$0] } } }

    func giveBack() { camera.giveBack() }

    /// Goes on to the next frame or change of state.
    func next() -> CameraStep {
      for _ in 0..<1_000_000 {
        let step = camera.step()
        if step != .working { return step }
      }
      return .working
    }

    /// The fault that comes next, before any frame.
    func fault() -> CameraFault? {
      while true {
        switch next() {
        case .notice(.lost(let fault)): return fault
        case .notice: continue
        case .frame, .working: return nil
        }
      }
    }

    /// The frame that comes next, whatever happens before.
    func frame() -> CapturedFrame? {
      for _ in 0..<20 {
        if case .frame(let frame) = next() { return frame }
      }
      return nil
    }
  }

  /// `Camera` and the C target below it, on a driver made of a script in the kernel's place.
  @Suite(.serialized) struct CameraTests {
    static let capture: UInt32 = 0x0400_0001
    static let captureMultiPlanar: UInt32 = 0x0400_1000
    static let damaged: UInt32 = 0x40
    static let monotonic: UInt32 = 0x2000

    /// A node of eight buffers, each filled with its number, removed at the end; the driver is on for so long.
    func withDriver(
      _ change: (inout fake_device) -> Void = { _ in }, wish: CameraWish = CameraWish(),
      _ body: (CameraBox) throws -> Void
    ) throws {
      var device = fake_device()
      device.device_caps = Self.capture
      device.listed_format = PixelCode("GREY").rawValue
      (device.width, device.height, device.bytes_per_line, device.size_image) = (8, 4, 8, 32)
      (device.plane_count, device.granted, device.buffer_bytes, device.knows_priv) = (1, 32, 40, true)
      (device.lowest_gain, device.highest_gain) = (1, 0)
      change(&device)
      let node = FileManager.default.temporaryDirectory.appendingPathComponent("quill-fake-video-\(UUID().uuidString)")
      let content = (0..<8).flatMap { [UInt8](repeating: $0, count: Int(FAKE_BUFFER_STRIDE)) }
      try Data(content).write(to: node)
      defer { try? FileManager.default.removeItem(at: node) }
      fake_begin(&device)
      try body(CameraBox(Camera(path: SystemPath(node.path.utf8), wish: wish, stallMilliseconds: 20)))
      #expect(fake_end() == 0, "a buffer was queued twice, or streaming begun without buffers")
      #expect(try openCount(node.path) == 0, "descriptors or mappings of the node are left")
    }

    /// Descriptors and mappings of a file in this process.
    func openCount(_ path: String) throws -> Int {
      let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
      }
      return descriptors.count + maps.split(separator: "\n").count { $0.hasSuffix(path) }
    }

    func add(
      _ index: UInt32, _ sequence: UInt32, bytesUsed: UInt32 = 32, dataOffset: UInt32 = 0, flags: UInt32 = 0,
      seconds: Int64 = 0
    ) {
      fake_add(
        fake_frame(
          index: index, sequence: sequence, bytes_used: bytesUsed, data_offset: dataOffset, flags: flags,
          seconds: seconds))
    }

    @Test func aFrameIsTheBytesOfItsBuffer() throws {
      try withDriver { camera in
        add(2, 7, bytesUsed: 32, flags: Self.monotonic, seconds: 1)
        let frame = try #require(camera.frame())
        #expect(frame.buffer.sequence == 7)
        #expect(frame.buffer.timestampNanoseconds == 1_000_000_000)
        let bytes = try #require(camera.bytes())
        #expect(bytes == [UInt8](repeating: 2, count: 32))
        #expect(fake_count(FAKE_QBUF) == 4)
        add(3, 8)
        #expect(camera.frame()?.buffer.sequence == 8)
        // Each buffer went back before the next wait.
        #expect(fake_count(FAKE_QBUF) == 5)
      }
    }

    @Test func aFrameThatWasCopiedGoesBackAtOnce() throws {
      try withDriver { camera in
        camera.giveBack()
        for sequence in 0..<UInt32(3) {
          add(0, sequence)
          #expect(camera.frame()?.buffer.sequence == sequence)
          camera.giveBack()
          camera.giveBack()
          #expect(fake_count(FAKE_QBUF) == 5 + sequence)
          #expect(camera.bytes() == nil)
        }
        fake_refuse(FAKE_QBUF, EIO, 0, 1)
        add(0, 3)
        #expect(camera.frame()?.buffer.sequence == 3)
        camera.giveBack()
        #expect(camera.fault() == .failed(.queueBuffer, errno: EIO))
      }
    }

    @Test func ofPlanesApartTheFirstIsReadBehindItsOffset() throws {
      try withDriver({
        $0.device_caps = Self.captureMultiPlanar
        $0.listed_format = PixelCode("NM12").rawValue
        $0.plane_count = 2
      }) { camera in
        add(1, 0, bytesUsed: 40, dataOffset: 8)
        let frame = try #require(camera.frame())
        #expect(frame.layout.pixels == .grey)
        #expect(camera.bytes()?.count == 32)
      }
    }

    @Test func aTimeToComeIsNow() throws {
      try withDriver { camera in
        add(0, 0, flags: Self.monotonic, seconds: Clock.nanoseconds / 1_000_000_000 + 100)
        let frame = try #require(camera.frame())
        #expect(frame.buffer.timestampNanoseconds == frame.buffer.receivedNanoseconds)
      }
      try withDriver { camera in
        add(0, 0, flags: Self.monotonic, seconds: .max)
        #expect(camera.frame() != nil)
      }
    }

    static let refusals: [(fake_call, errno: Int32, passed: UInt32, CameraFault)] = [
      (FAKE_QUERYCAP, EIO, 0, .failed(.query, errno: EIO)),
      (FAKE_QUERYCAP, ENOTTY, 0, .notACamera),
      (FAKE_ENUM_FMT, EINVAL, 0, .noUsableFormat(offered: nil)),
      (FAKE_S_FMT, EBUSY, 0, .failed(.setFormat, errno: EBUSY)),
      (FAKE_REQBUFS, ENOMEM, 0, .failed(.requestBuffers, errno: ENOMEM)),
      (FAKE_QUERYBUF, EINVAL, 2, .failed(.mapBuffer, errno: EINVAL)),
      (FAKE_QBUF, EIO, 0, .failed(.queueBuffer, errno: EIO)),
      (FAKE_QBUF, ENODEV, 3, .failed(.queueBuffer, errno: ENODEV)),
      (FAKE_STREAMON, ENOSPC, 0, .failed(.startStreaming, errno: ENOSPC)),
      (FAKE_DQBUF, EIO, 0, .failed(.dequeueBuffer, errno: EIO)),
      (FAKE_DQBUF, ENODEV, 0, .failed(.dequeueBuffer, errno: ENODEV)),
    ]

    @Test(arguments: refusals.indices)
    func aRefusedCallIsNamedAndNothingStaysOpen(row: Int) throws {
      let (call, errno, passed, expected) = Self.refusals[row]
      try withDriver { camera in
        // The list is asked for twice: for the best format, and for one to name.
        fake_refuse(call, errno, passed, call == FAKE_ENUM_FMT ? 2 : 1)
        #expect(camera.fault() == expected)
        // It closes, waits a quarter of a second, and begins anew.
        add(0, 0)
        #expect(camera.frame() != nil)
        #expect(fake_count(FAKE_QUERYCAP) == 2)
      }
    }

    @Test func aFaultInMidStreamTakesNothingAlong() throws {
      try withDriver { camera in
        add(0, 5)
        #expect(camera.frame()?.buffer.sequence == 5)
        add(1, 6)
        fake_refuse(FAKE_DQBUF, EIO, 1, 1)
        #expect(camera.fault() == .failed(.dequeueBuffer, errno: EIO))
        // The frame that was taken before the fault is not delivered after it.
        add(0, 0)
        #expect(camera.frame()?.buffer.sequence == 0)
        #expect(camera.counters.starts == 2)
      }
    }

    @Test func interruptedCallsAreRepeated() throws {
      for call in [FAKE_QUERYCAP, FAKE_S_FMT, FAKE_REQBUFS, FAKE_QUERYBUF, FAKE_QBUF, FAKE_STREAMON, FAKE_DQBUF] {
        try withDriver { camera in
          fake_refuse(call, EINTR, 0, 3)
          add(0, 0)
          #expect(camera.frame() != nil)
          #expect(fake_count(FAKE_QUERYCAP) == (call == FAKE_QUERYCAP ? 4 : 1))
        }
      }
    }

    @Test func aRateOrEventsThatADriverLacksAreNoFault() throws {
      try withDriver { camera in
        fake_refuse(FAKE_S_PARM, ENOTTY, 0, .max)
        fake_refuse(FAKE_SUBSCRIBE_EVENT, EINVAL, 0, .max)
        add(0, 0)
        #expect(camera.frame() != nil)
      }
    }

    @Test func aNodeForMetadataIsNoCamera() throws {
      try withDriver({ $0.device_caps = 0x0480_0000 }) { camera in #expect(camera.fault() == .notACamera) }
    }

    static let layouts: [@Sendable (inout fake_device) -> Void] = [
      { $0.format = PixelCode("H264").rawValue },
      { $0.format = PixelCode("YUYV").rawValue },
      { $0.bytes_per_line = 7 },
      { $0.bytes_per_line = .max },
      { $0.size_image = 31 },
      { $0.width = 0 },
      { $0.height = 0 },
      { ($0.width, $0.height) = (.max, .max) },
      { $0.field = 7 },
      { ($0.device_caps, $0.plane_count) = (captureMultiPlanar, 0) },
      // Buffers smaller than the picture that was agreed on.
      { $0.buffer_bytes = 31 },
    ]

    @Test(arguments: layouts.indices)
    func aLayoutThatNoPictureHasIsRefused(row: Int) throws {
      try withDriver(Self.layouts[row]) { camera in
        guard case .badLayout = camera.fault() else { return #expect(Bool(false), "row \(row) was taken") }
      }
    }

    @Test func aDriverThatGrantsNoBufferGivesAnAnswerWithoutAMeaning() throws {
      try withDriver({ $0.granted = 0 }) { camera in
        #expect(camera.fault() == .failed(.requestBuffers, errno: 0))
      }
    }

    @Test func damagedShortAndOverlongFramesArePassedOver() throws {
      try withDriver { camera in
        add(0, 0, flags: Self.damaged)
        add(1, 1, bytesUsed: 31)
        // One more byte than the buffer has; then one that fills it.
        add(2, 2, bytesUsed: 41)
        // All buffers were full: the next frame is the fresh one.
        add(3, 3, bytesUsed: 40)
        add(0, 4, bytesUsed: 40)
        let frame = try #require(camera.frame())
        #expect(frame.buffer.sequence == 4)
        #expect(frame.counters.damaged == 1)
        #expect(frame.counters.short == 2)
      }
    }

    @Test func anOffsetBehindThePictureIsShort() throws {
      try withDriver({ $0.device_caps = Self.captureMultiPlanar }) { camera in
        add(0, 0, bytesUsed: 40, dataOffset: .max)
        add(1, 1, bytesUsed: .max, dataOffset: .max)
        #expect(camera.fault() == .stalled(milliseconds: 20))
        #expect(camera.counters.short == 2)
        add(2, 2, bytesUsed: 40, dataOffset: 8)
        #expect(camera.frame()?.buffer.sequence == 2)
      }
    }

    @Test func aBufferThatIsNotThereIsAnAnswerWithoutAMeaning() throws {
      try withDriver { camera in
        add(9, 0)
        #expect(camera.fault() == .failed(.dequeueBuffer, errno: 0))
      }
    }

    @Test func aNodeThatIsReadyForNothingStalls() throws {
      try withDriver { camera in
        add(0, 0)
        #expect(camera.frame() != nil)
        let began = Clock.nanoseconds
        #expect(camera.fault() == .stalled(milliseconds: 20))
        #expect(Clock.nanoseconds - began >= 20_000_000)
      }
    }

    @Test func aGainIsSetAndItsAbsenceSaid() throws {
      var wish = CameraWish()
      wish.controls.gain = .value(30)
      wish.controls.exposure = .automatic
      try withDriver({ ($0.lowest_gain, $0.highest_gain) = (0, 40) }, wish: wish) { camera in
        #expect(camera.next() == .notice(.control(.exposure, .absent)))
        add(0, 0)
        #expect(camera.frame() != nil)
        #expect(fake_gain() == 30)
      }
      try withDriver(wish: wish) { camera in
        #expect(camera.next() == .notice(.control(.exposure, .absent)))
        #expect(camera.next() == .notice(.control(.gain, .absent)))
      }
      try withDriver({ ($0.lowest_gain, $0.highest_gain) = (0, 8) }, wish: wish) { camera in
        _ = camera.next()
        #expect(camera.next() == .notice(.control(.gain, .outOfRange(found: 30, permitted: 0...8))))
      }
    }

    @Test func aDriverThatRefusesToStopIsClosedAllTheSame() throws {
      try withDriver { camera in
        fake_refuse(FAKE_STREAMOFF, ENODEV, 0, .max)
        fake_refuse(FAKE_DQBUF, ENODEV, 0, 1)
        #expect(camera.fault() == .failed(.dequeueBuffer, errno: ENODEV))
        add(0, 0)
        #expect(camera.frame() != nil)
      }
    }

    @Test func aControlThatIsRefusedIsSaidOnce() throws {
      var wish = CameraWish()
      wish.controls.gain = .value(3)
      try withDriver({ ($0.lowest_gain, $0.highest_gain) = (0, 8) }, wish: wish) { camera in
        fake_refuse(FAKE_S_CTRL, EBUSY, 0, .max)
        fake_refuse(FAKE_DQBUF, EIO, 0, 1)
        #expect(camera.next() == .notice(.control(.gain, .refused(errno: EBUSY))))
        #expect(camera.next() == .notice(.lost(.failed(.dequeueBuffer, errno: EIO))))
        add(0, 0)
        guard case .notice(.streaming) = camera.next() else { return #expect(Bool(false)) }
      }
    }

    @Test func theRangeIsWhatTheDriverSaysOrTheDefaultOfItsColours() throws {
      let (byDefault, full, limited, jpeg): (UInt32, UInt32, UInt32, UInt32) = (0, 1, 2, 7)
      let table: [(String, UInt32, UInt32, knowsPriv: Bool, Bool)] = [
        ("YUYV", byDefault, 8, true, true), ("YUYV", full, 8, true, false), ("YUYV", limited, jpeg, true, true),
        ("YUYV", byDefault, jpeg, true, false), ("YUYV", 99, 8, true, true), ("GREY", byDefault, 8, true, false),
        ("GREY", limited, 8, true, true), ("RGB3", byDefault, 8, true, false), ("RGB3", limited, 8, true, true),
        // Without `priv` the fields behind it are noise.
        ("YUYV", full, 8, false, true), ("GREY", limited, 8, false, false),
      ]
      for (code, quantization, colorspace, knowsPriv, isLimited) in table {
        try withDriver({
          $0.listed_format = PixelCode(text: Array(code.utf8))?.rawValue ?? 0
          ($0.bytes_per_line, $0.size_image, $0.buffer_bytes) = (24, 96, 96)
          ($0.quantization, $0.colorspace, $0.knows_priv) = (quantization, colorspace, knowsPriv)
        }) { camera in
          add(0, 0, bytesUsed: 96)
          let frame = try #require(camera.frame())
          #expect(frame.layout.limitedRange == isLimited, "\(code), \(quantization), \(colorspace)")
        }
      }
    }
  }
#endif
