import Quill
import QuillCamera
import QuillCameraProgram
import QuillImaging
import Testing

@Suite struct DoctorTests {
  private static let path = SystemPath("/dev/video0".utf8)

  private func node(
    _ access: CameraSurvey.Access, driver: String = "uvcvideo", codes: [PixelCode] = [], mode: CameraMode? = nil
  ) -> CameraSurvey {
    CameraSurvey(
      path: Self.path, access: access, driver: Array(driver.utf8), card: Array("Webcam".utf8), bus: Array("usb-1".utf8),
      codes: codes, mode: mode)
  }

  @Test func aCameraSaysWhatWouldBeChosen() {
    let mode = CameraMode(
      format: .raw(.yuyv), code: PixelCode("YUYV"), width: 640, height: 480, millihertz: 30_000)
    let finding = DoctorFinding(
      node(.camera(isBusy: false), codes: [PixelCode("YUYV"), PixelCode("MJPG")], mode: mode), isStatic: true)
    #expect(finding.weight == .good)
    #expect(
      finding.what.description
        == "/dev/video0: Webcam (uvcvideo, usb-1) offers YUYV MJPG; would be asked for yuyv 640x480 at 30 frames a second"
    )
    #expect(finding.mend.isEmpty)
  }

  @Test func trapsComeWithWhatMendsThem() {
    let table: [(CameraSurvey, Bool, DoctorFinding.Weight, String, String)] = [
      (
        node(.failed(.open, errno: 13)), false, .obstacle, "/dev/video0: no permission to open it",
        "sudo usermod -aG video $USER, then log in anew"
      ),
      (
        node(.failed(.query, errno: 5)), false, .obstacle,
        "/dev/video0: cannot ask what it is (VIDIOC_QUERYCAP): Input/output error", "dmesg | tail"
      ),
      (
        node(.camera(isBusy: true)), false, .obstacle, "/dev/video0: Webcam (uvcvideo, usb-1): another program uses it",
        "fuser -v /dev/video0 names it"
      ),
      (
        node(.camera(isBusy: false), codes: [PixelCode("MJPG")]), true, .obstacle,
        "/dev/video0: Webcam (uvcvideo, usb-1) offers MJPG: a static program cannot read JPEG",
        "use the dynamic program, and sudo apt-get install libturbojpeg0"
      ),
      (
        node(.camera(isBusy: false), codes: [PixelCode("MJPG")]), false, .obstacle,
        "/dev/video0: Webcam (uvcvideo, usb-1) offers MJPG, and the JPEG library is not there",
        "sudo apt-get install libturbojpeg0"
      ),
      (
        node(.camera(isBusy: false), driver: "unicam", codes: [PixelCode("pRAA")]), false, .hint,
        "/dev/video0: Webcam (unicam, usb-1) is a CSI camera: it offers pRAA, raw pixels without exposure control; "
          + "libcamera works it better",
        "rpicam-vid -t 0 --codec yuv420 --width 640 --height 480 -o - | quill-camera MODEL.quill --stdin --width 640 "
          + "--height 480 --format yu12"
      ),
      (
        node(.camera(isBusy: false), codes: [PixelCode("H264")]), false, .obstacle,
        "/dev/video0: Webcam (uvcvideo, usb-1) offers H264, and nothing that this program reads",
        "ffmpeg -i /dev/video0 -pix_fmt yuv420p -f yuv4mpegpipe - | quill-camera MODEL.quill --y4m -"
      ),
      (
        node(.camera(isBusy: false), driver: "pispbe"), false, .good,
        "/dev/video0: Webcam (pispbe, usb-1) processes pictures of others; it is no camera", ""
      ),
      (node(.otherDevice), false, .good, "/dev/video0: Webcam (uvcvideo) is no camera; it is passed over", ""),
    ]
    for (node, isStatic, weight, what, mend) in table {
      let finding = DoctorFinding(node, isStatic: isStatic)
      #expect(finding.weight == weight)
      #expect(finding.what.description == what)
      #expect(finding.mend.description == mend)
    }
  }

  @Test(arguments: [
    ("Raspberry Pi 4 Model B Rev 1.4", true), ("Raspberry Pi Zero 2 W Rev 1.0", true),
    ("Raspberry Pi Compute Module 4 Rev 1.1", true), ("Raspberry Pi 2 Model B Rev 1.1", false),
    ("Raspberry Pi Zero W Rev 1.1", false), ("", false),
  ])
  func systemsOf32BitsOnBoardsOf64(board: String, hints: Bool) {
    var facts = MachineFacts()
    facts.board = Array(board.utf8)
    facts.kernel = Array("armv7l".utf8)
    facts.pointerBits = 32
    let said = facts.findings.map(\.what.description)
    #expect(said.contains("a 32-bit program on a 64-bit processor is slower than it must be") == hints)
  }

  @Test func theMachineIsLookedAtToo() {
    var facts = MachineFacts()
    facts.board = Array("Raspberry Pi 3 Model B".utf8)
    facts.kernel = Array("aarch64".utf8)
    facts.level = .neon
    facts.pointerBits = 32
    facts.throttled = 0x5_0005
    facts.temperature = 82_500
    #expect(
      facts.findings.map(\.what.description) == [
        "machine: Raspberry Pi 3 Model B, aarch64, a program of 32 bits, kernels neon",
        "a 32-bit program on a 64-bit processor is slower than it must be",
        "the supply voltage is too low, so the processor runs slowly",
        "the processor is at 82 degrees and slows itself down",
      ])
    facts.pointerBits = 64
    facts.throttled = 0x4_0000
    facts.temperature = nil
    #expect(
      facts.findings.map(\.what.description) == [
        "machine: Raspberry Pi 3 Model B, aarch64, a program of 64 bits, kernels neon",
        "this processor has no dot product instructions (a Pi 5 has them); the answers are the same, later",
        "the firmware slowed the processor since it was switched on (flags 262144)",
      ])
  }
}
