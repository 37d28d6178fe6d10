import QuillCamera
import QuillImaging
import Testing

@Suite struct CameraSurveyTests {
  private static let mode = CameraMode(format: .raw(.yuyv), code: PixelCode("YUYV"), width: 640, height: 480)

  private func node(
    _ number: Int, _ driver: String, _ access: CameraSurvey.Access = .camera(isBusy: false), mode: CameraMode? = mode
  ) -> CameraSurvey {
    CameraSurvey(
      path: path(number), access: access, driver: Array(driver.utf8), card: [], bus: [], codes: [], mode: mode)
  }

  private func path(_ number: Int) -> SystemPath { SystemPath("/dev/video\(number)".utf8) }

  @Test func theFirstCameraThatCanBeUsedIsTaken() {
    // A Raspberry Pi 5 with a sensor on the ribbon cable, and two USB cameras behind it.
    let nodes = [
      node(0, "rp1-cfe"), node(1, "rp1-cfe", mode: nil), node(8, "uvcvideo", mode: nil),
      node(9, "uvcvideo", .otherDevice, mode: nil), node(10, "uvcvideo"), node(12, "uvcvideo"), node(20, "pispbe"),
    ]
    #expect(CameraSurvey.preferred(nodes) == path(10))
  }

  @Test func aProcessorIsNoCamera() {
    #expect(CameraSurvey.preferred([node(14, "bcm2835-isp"), node(10, "bcm2835-codec"), node(20, "pispbe")]) == nil)
    #expect(CameraSurvey.preferred([node(14, "bcm2835-isp"), node(15, "unicam")]) == path(15))
  }

  @Test func whereNoneCanBeUsedTheOneThatSaysMostIsNamed() {
    let forbidden = node(0, "", .failed(.open, errno: 13), mode: nil)
    #expect(CameraSurvey.preferred([forbidden]) == path(0))
    #expect(CameraSurvey.preferred([forbidden, node(1, "uvcvideo", mode: nil)]) == path(1))
    let busy = node(2, "uvcvideo", .camera(isBusy: true))
    #expect(CameraSurvey.preferred([forbidden, node(1, "uvcvideo", mode: nil), busy]) == path(2))
    #expect(CameraSurvey.preferred([node(1, "uvcvideo", .otherDevice, mode: nil)]) == nil)
    #expect(CameraSurvey.preferred([]) == nil)
  }

  @Test func namesOfDriversAreComparedWhole() {
    #expect(CameraKind(driver: Array("unicam".utf8)) == .sensor)
    #expect(CameraKind(driver: Array("unicam2".utf8)) == .camera)
    #expect(CameraKind(driver: Array("uni".utf8)) == .camera)
    #expect(CameraKind(driver: []) == .camera)
  }
}
