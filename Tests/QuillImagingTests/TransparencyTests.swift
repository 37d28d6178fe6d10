import QuillImaging
import Testing

@Suite struct TransparencyTests {
  @Test func clearIsPaper() {
    // Black ink, whole, half and not there.
    #expect(Transparency.flattened([0, 255, 0, 128, 0, 0], channels: 1) == [0, 127, 255])
    #expect(Transparency.flattened([10, 20, 30, 255, 10, 20, 30, 0], channels: 3) == [10, 20, 30, 255, 255, 255])
  }

  @Test func whiteInkStaysToBeSeen() {
    #expect(Transparency.flattened([255, 255, 255, 0, 255, 128], channels: 1) == [255, 0, 128])
    // So does ink that is all but white.
    #expect(Transparency.flattened([250, 255, 250, 0], channels: 1) == [250, 0])
    // A picture that is white throughout stays so.
    #expect(Transparency.flattened([255, 255, 255, 255], channels: 1) == [255, 255])
  }
}
