import QuillCamera
import QuillImaging
import Testing

@Suite struct CameraErrorTests {
  static let layout = CameraLayout(
    code: PixelCode("YUYV"), width: 640, height: 480, bytesPerLine: 640, byteCount: 614_400)

  static let sentences: [(CameraFault, String)] = [
    (.failed(.open, errno: 2), "cannot open it: No such file or directory"),
    (
      .failed(.open, errno: 13),
      "cannot open it: Permission denied; add the user to the group video: `sudo usermod -aG video $USER`"
    ),
    (
      .failed(.startStreaming, errno: 16),
      "cannot start streaming (VIDIOC_STREAMON): Device or resource busy; another program uses it: "
        + "`fuser -v /dev/video*` names it"
    ),
    (.failed(.query, errno: 25), "cannot ask what it is (VIDIOC_QUERYCAP): Inappropriate ioctl for device"),
    (.failed(.setFormat, errno: 22), "cannot set a format (VIDIOC_S_FMT): Invalid argument"),
    (.failed(.requestBuffers, errno: 12), "cannot reserve buffers (VIDIOC_REQBUFS): Cannot allocate memory"),
    (.failed(.mapBuffer, errno: 22), "cannot map a buffer (VIDIOC_QUERYBUF, mmap): Invalid argument"),
    (.failed(.queueBuffer, errno: 22), "cannot give back a buffer (VIDIOC_QBUF): Invalid argument"),
    (.failed(.dequeueBuffer, errno: 19), "cannot take a frame (VIDIOC_DQBUF): No such device"),
    (.failed(.wait, errno: 0), "cannot wait for a frame (poll): the driver gave an answer without a meaning"),
    (.notACamera, "not a capture device; `v4l2-ctl --list-devices` lists the cameras and their nodes"),
    (.absent, "the camera is gone; no node under /dev/video* is it"),
    (.noUsableFormat(offered: nil), "the camera lists no pixel format"),
    (
      .noUsableFormat(offered: PixelCode("H264")),
      "the camera offers H264 and nothing that this program reads; expected one of grey, yuyv, uyvy, nv12, nv21, "
        + "yu12, rgb24, bgr24, bayer8, bayer10, bayer10p, nv16, mjpeg"
    ),
    (
      .badLayout(layout),
      "the driver answered with YUYV 640x480, 640 bytes a line and 614400 bytes a frame, which no picture has"
    ),
    (.stalled(milliseconds: 2_000), "no frame for 2000 ms"),
    (
      .noUsableFormat(offered: PixelCode("MJPG")),
      "MJPG needs the dynamic program and libturbojpeg.so.0; "
        + "`sudo apt-get install libturbojpeg0`"
    ),
    (.formatNotOffered(.luma), "the camera does not offer nv16; leave --format out to take what it has"),
    (.onlyBadFrames(count: 150), "150 damaged or short frames, and no whole one between them"),
    (.sourceChanged, "the camera changed its picture size or format"),
  ]

  @Test func faultsSayWhatIsWrongAndWhatToDo() {
    for (fault, sentence) in Self.sentences { #expect(fault.sentence.description == sentence) }
  }

  @Test func noticesAreOneLine() {
    #expect(CameraNotice.streaming(Self.layout).sentence.description == "streaming YUYV 640x480")
    #expect(
      CameraNotice.lost(.sourceChanged).sentence.description
        == "no frames: the camera changed its picture size or format; trying again until it is back")
  }

  @Test func controlsThatDoNotStandAsWished() {
    let table: [(ControlFault, String)] = [
      (.absent, "gain: the camera has no such control"),
      (.noAutomatic, "gain: the camera has no automatic for it; give a value"),
      (.outOfRange(found: 9, permitted: 0...8), "gain: the camera takes 0 to 8; found 9"),
      (.refused(errno: 16), "gain: the camera refuses the value: Device or resource busy"),
    ]
    for (fault, sentence) in table { #expect(CameraNotice.control(.gain, fault).sentence.description == sentence) }
  }

  @Test func fileErrors() {
    #expect(FileReadError.system(SystemError(number: 21)).sentence.description == "Is a directory")
    #expect(FileReadError.tooLong(limit: 5).sentence.description == "more than 5 bytes, the most that is read")
  }
}

@Suite struct WholeFileTests {
  @Test func writesReadsAndReplacesAFileAndLeavesNothingBeside() throws {
    let path = SystemPath("/tmp/quill-camera-test-\(Clock.nanoseconds)".utf8)
    try WholeFile.write([1, 2, 3], to: path)
    try WholeFile.write([4, 5], to: path)
    #expect(try WholeFile.read(path, limit: 2) == [4, 5])
    #expect(throws: FileReadError.tooLong(limit: 1)) { try WholeFile.read(path, limit: 1) }
    #expect(throws: FileReadError.system(SystemError(number: 2))) {
      try WholeFile.read(path.appending(".part"), limit: 10)
    }
    #expect(throws: SystemError(number: 20)) { try WholeFile.write([1], to: path.appending("/below")) }
  }

  @Test func aDeviceIsWrittenToAndAFolderRefused() throws {
    try WholeFile.write([1, 2, 3], to: SystemPath("/dev/null".utf8))
    #expect(throws: SystemError(number: 28)) { try WholeFile.write([1], to: SystemPath("/dev/full".utf8)) }
    #expect(throws: SystemError(number: 21)) { try WholeFile.write([1], to: SystemPath("/tmp".utf8)) }
  }

  @Test func longFilesAreReadWhole() throws {
    let path = SystemPath("/tmp/quill-camera-long-\(Clock.nanoseconds)".utf8)
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try WholeFile.write(bytes, to: path)
    #expect(try WholeFile.read(path, limit: 300_000) == bytes)
    #expect(throws: FileReadError.tooLong(limit: 299_999)) { try WholeFile.read(path, limit: 299_999) }
  }
}
