import QuillCamera
import QuillImaging
import Testing

@Suite struct ModeChooserTests {
  func best(of modes: [CameraMode], wish: CameraWish = CameraWish()) -> CameraMode? {
    var chooser = ModeChooser(wish: wish)
    for mode in modes { chooser.consider(mode) }
    return chooser.best
  }

  func mode(_ format: PixelFormat, _ width: UInt32, _ height: UInt32, _ millihertz: UInt32? = nil) -> CameraMode {
    CameraMode(format: .raw(format), code: format.code, width: width, height: height, millihertz: millihertz)
  }

  @Test func theSizeComesFirst() {
    let modes = [mode(.grey, 320, 240), mode(.yuyv, 640, 480), mode(.grey, 1_280, 720)]
    #expect(best(of: modes) == modes[1])
  }

  @Test func aLargerPictureIsBetterThanAMuchSmallerOne() {
    let modes = [mode(.grey, 320, 240), mode(.grey, 800, 600)]
    #expect(best(of: modes) == modes[1])
  }

  @Test func thenTheRateThenTheCheapestFormat() {
    let modes = [
      mode(.grey, 640, 480, 5_000), mode(.bgr24, 640, 480, 30_000), mode(.yuyv, 640, 480, 60_000),
      mode(.rgb24, 640, 480, 30_000),
    ]
    #expect(best(of: modes) == modes[2])
    #expect(best(of: modes.reversed()) == modes[2])
  }

  @Test func anUnknownRateIsTakenAtItsWord() {
    let modes = [mode(.yuyv, 640, 480, 30_000), mode(.grey, 640, 480)]
    #expect(best(of: modes) == modes[1])
  }

  @Test func onlyTheFormatWishedFor() {
    var wish = CameraWish()
    wish.format = .raw(.nv12)
    #expect(best(of: [mode(.grey, 640, 480)], wish: wish) == nil)
    #expect(best(of: [mode(.grey, 640, 480), mode(.nv12, 320, 240)], wish: wish) == mode(.nv12, 320, 240))
  }

  @Test func absurdSizesArePassedOver() {
    #expect(best(of: [mode(.grey, 0, 480), mode(.grey, .max, .max)]) == nil)
  }
}

@Suite struct PixelCodeTests {
  @Test(arguments: [
    (UInt32(0x5659_5559), "YUYV"), (0x2036_3159, "Y16"), (0xA036_3159, "Y16-BE"), (0x0102_0304, "????"),
  ])
  func showsItsCharacters(code: UInt32, text: String) {
    #expect(PixelCode(rawValue: code).sentence.description == text)
  }

  @Test func everyFormatIsFoundByItsCode() {
    for format in PixelFormat.allCases { #expect(CaptureFormat(name: Array("\(format.name)".utf8)) == .raw(format)) }
    #expect(CaptureFormat(name: Array("mjpeg".utf8)) == .jpeg)
    #expect(CaptureFormat(name: Array("h264".utf8)) == nil)
    #expect(CaptureFormat(code: PixelCode("MJPG")) == .jpeg)
    for format in PixelFormat.allCases { #expect(PixelFormat(code: format.code) == format) }
    #expect(PixelFormat(code: PixelCode("NM12")) == .nv12)
    #expect(PixelFormat(code: PixelCode("MJPG")) == nil)
  }

  @Test func frameSizes() {
    #expect(PixelFormat.grey.frameByteCount(width: 640, height: 480) == 307_200)
    #expect(PixelFormat.yuyv.frameByteCount(width: 641, height: 480) == 616_320)
    #expect(PixelFormat.yu12.frameByteCount(width: 640, height: 480) == 460_800)
    #expect(PixelFormat.nv21.frameByteCount(width: 3, height: 3) == 17)
    #expect(PixelFormat.rgb24.frameByteCount(width: 640, height: 480) == 921_600)
    #expect(PixelFormat.bayer10Packed.frameByteCount(width: 640, height: 480) == 384_000)
  }

  @Test func jpegIsTakenOnlyByWhoReadsIt() {
    var wish = CameraWish()
    let jpeg = CameraMode(format: .jpeg, code: PixelCode("MJPG"), width: 640, height: 480)
    var blind = ModeChooser(wish: wish)
    blind.consider(jpeg)
    #expect(blind.best == nil)
    wish.readsJPEG = true
    var chooser = ModeChooser(wish: wish)
    chooser.consider(jpeg)
    #expect(chooser.best == jpeg)
    let raw = CameraMode(format: .raw(.yuyv), code: PixelCode("YUYV"), width: 640, height: 480)
    chooser.consider(raw)
    #expect(chooser.best == raw)
  }
}
