import Quill
import QuillImaging

// Every sentence of this module, pinned by exact-string tests.

extension CameraCall {
  /// What was tried, to follow "cannot".
  package var sentence: StaticString {
    switch self {
    case .open: "open it"
    case .query: "ask what it is (VIDIOC_QUERYCAP)"
    case .setFormat: "set a format (VIDIOC_S_FMT)"
    case .requestBuffers: "reserve buffers (VIDIOC_REQBUFS)"
    case .mapBuffer: "map a buffer (VIDIOC_QUERYBUF, mmap)"
    case .queueBuffer: "give back a buffer (VIDIOC_QBUF)"
    case .startStreaming: "start streaming (VIDIOC_STREAMON)"
    case .wait: "wait for a frame (poll)"
    case .dequeueBuffer: "take a frame (VIDIOC_DQBUF)"
    }
  }
}

extension CameraFault {
  package var sentence: Sentence {
    switch self {
    case .failed(let call, 0):
      return "cannot \(call.sentence): the driver gave an answer without a meaning"
    case .failed(let call, let errno):
      return "cannot \(call.sentence): \(SystemError(number: errno).sentence)\(Self.hint(call, errno))"
    case .notACamera:
      return "not a capture device; `v4l2-ctl --list-devices` lists the cameras and their nodes"
    case .absent:
      return "the camera is gone; no node under /dev/video* is it"
    case .noUsableFormat(nil):
      return "the camera lists no pixel format"
    case .noUsableFormat(offered: PixelCode("MJPG")?):
      return "MJPG needs the dynamic program and libturbojpeg.so.0; "
        + "`sudo apt-get install libturbojpeg0`"
    case .noUsableFormat(let offered?):
      return "the camera offers \(offered.sentence) and nothing that this program reads; expected one of "
        + CaptureFormat.nameList
    case .formatNotOffered(let format):
      return "the camera does not offer \(format.name); leave --format out to take what it has"
    case .badLayout(let layout):
      return "the driver answered with \(layout.sentence), \(layout.bytesPerLine) bytes a line and "
        + "\(layout.byteCount) bytes a frame, which no picture has"
    case .stalled(let milliseconds):
      return "no frame for \(milliseconds) ms"
    case .onlyBadFrames(let count):
      return "\(count) damaged or short frames, and no whole one between them"
    case .sourceChanged:
      return "the camera changed its picture size or format"
    }
  }

  private static func hint(_ call: CameraCall, _ errno: Int32) -> Sentence {
    switch (call, errno) {
    case (.open, SystemError.denied): "; add the user to the group video: `sudo usermod -aG video $USER`"
    case (_, SystemError.busy): "; another program uses it: `fuser -v /dev/video*` names it"
    default: ""
    }
  }
}

extension CameraLayout {
  /// For example `YUYV 640x480`.
  package var sentence: Sentence {
    "\(code.sentence) \(width)x\(height)"
  }
}

extension CameraNotice {
  package var sentence: Sentence {
    switch self {
    case .streaming(let layout): "streaming \(layout.sentence)"
    case .control(let control, let fault): "\(control.name): \(fault.sentence)"
    case .lost(let fault): "no frames: \(fault.sentence); trying again until it is back"
    }
  }
}

extension FileReadError {
  package var sentence: Sentence {
    switch self {
    case .system(let error): error.sentence
    case .tooLong(let limit): "more than \(limit) bytes, the most that is read"
    }
  }
}

extension CameraControl {
  /// The name on the command line, `--` left out.
  package var name: StaticString {
    switch self {
    case .exposure: "exposure"
    case .gain: "gain"
    case .focus: "focus"
    }
  }
}

extension ControlFault {
  package var sentence: Sentence {
    switch self {
    case .absent: "the camera has no such control"
    case .noAutomatic: "the camera has no automatic for it; give a value"
    case .outOfRange(let found, let permitted):
      "the camera takes \(permitted.lowerBound) to \(permitted.upperBound); found \(found)"
    case .refused(let errno): "the camera refuses the value: \(SystemError(number: errno).sentence)"
    }
  }
}
