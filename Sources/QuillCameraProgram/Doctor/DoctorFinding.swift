import Quill
import QuillCamera

/// Something that `doctor` saw, and, where it is in the way, the command that mends it.
package struct DoctorFinding: Equatable, Sendable {
  package enum Weight: Equatable, Sendable {
    /// As it should be.
    case good
    /// It works, but could work better.
    case hint
    /// It keeps a camera from being used.
    case obstacle
  }

  package var weight: Weight
  package var what: Sentence
  /// What to do; empty where nothing is to be done.
  package var mend: Sentence = ""

  /// What there is to say about a node.
  package init(_ node: CameraSurvey, isStatic: Bool) {
    let name: Sentence = "\(node.path.sentence)"
    switch node.access {
    case .failed(.open, errno: SystemError.denied):
      self.init(
        weight: .obstacle, what: "\(name): no permission to open it",
        mend: "sudo usermod -aG video $USER, then log in anew")
    case .failed(let call, let errno):
      self.init(
        weight: .obstacle, what: "\(name): \(CameraFault.failed(call, errno: errno).sentence)", mend: "dmesg | tail")
    case .otherDevice:
      self.init(weight: .good, what: "\(name): \(node.card) (\(node.driver)) is no camera; it is passed over")
    case .camera(let isBusy):
      let camera: Sentence = "\(name): \(node.card) (\(node.driver), \(node.bus))"
      if CameraKind(driver: node.driver) == .processor {
        self.init(weight: .good, what: "\(camera) processes pictures of others; it is no camera")
      } else if isBusy {
        self.init(
          weight: .obstacle, what: "\(camera): another program uses it",
          mend: "fuser -v \(node.path.sentence) names it")
      } else {
        self.init(camera, node, isStatic: isStatic)
      }
    }
  }

  /// What there is to say about a camera that is free.
  private init(_ camera: Sentence, _ node: CameraSurvey, isStatic: Bool) {
    let formats: Sentence = "offers\(Self.list(node.codes))"
    if CameraKind(driver: node.driver) == .sensor {
      self.init(
        weight: .hint,
        what:
          "\(camera) is a CSI camera: it \(formats), raw pixels without exposure control; libcamera works it better",
        mend: "rpicam-vid -t 0 --codec yuv420 --width 640 --height 480 -o - | quill-camera MODEL.quill --stdin "
          + "--width 640 --height 480 --format yu12")
    } else if let mode = node.mode {
      var chosen: Sentence = "\(camera) \(formats); would be asked for \(mode.format.name) \(mode.width)x\(mode.height)"
      if let rate = mode.millihertz { chosen.append(" at \(rate / 1_000) frames a second" as Sentence) }
      self.init(weight: .good, what: chosen)
    } else if isStatic && node.codes.contains(PixelCode("MJPG")) {
      self.init(
        weight: .obstacle, what: "\(camera) \(formats): a static program cannot read JPEG",
        mend: "use the dynamic program, and sudo apt-get install libturbojpeg0")
    } else if node.codes.contains(PixelCode("MJPG")) {
      self.init(
        weight: .obstacle, what: "\(camera) \(formats), and the JPEG library is not there",
        mend: "sudo apt-get install libturbojpeg0")
    } else {
      self.init(
        weight: .obstacle, what: "\(camera) \(formats), and nothing that this program reads",
        mend: "ffmpeg -i \(node.path.sentence) -pix_fmt yuv420p -f yuv4mpegpipe - | quill-camera MODEL.quill --y4m -")
    }
  }

  package init(weight: Weight, what: Sentence, mend: Sentence = "") {
    self.weight = weight
    self.what = what
    self.mend = mend
  }

  private static func list(_ codes: [PixelCode]) -> Sentence {
    if codes.isEmpty { return " no format" }
    var text: Sentence = ""
    for code in codes { text.append(" \(code.sentence)" as Sentence) }
    return text
  }
}
