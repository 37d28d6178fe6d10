import QuillImaging
import Testing

@Suite struct PictureResizeTests {
  private func resized(
    _ source: [UInt8], _ width: Int, _ height: Int, channels: Int = 1, crop: PixelBox? = nil, _ rule: ResizeRule,
    _ newWidth: Int, _ newHeight: Int
  ) throws(ImagingError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: newWidth * newHeight * channels)
    var span = result.mutableSpan
    try resizePicture(
      source.span, shape: FrameShape(width: width, height: height, bytesPerRow: width * channels), channels: channels,
      crop: crop ?? PixelBox(left: 0, top: 0, right: Int32(width), bottom: Int32(height)), rule: rule, into: &span,
      width: newWidth, height: newHeight)
    return result
  }

  @Test(arguments: ResizeRule.allCases) func sameSizeIsACopy(rule: ResizeRule) throws {
    let source = (0..<60).map { UInt8($0 * 4) }
    #expect(try resized(source, 10, 6, rule, 10, 6) == source)
    #expect(try resized(source, 5, 4, channels: 3, rule, 5, 4) == source)
  }

  @Test func areaIsTheMean() throws {
    #expect(try resized([10, 20, 30, 41], 2, 2, .area, 1, 1) == [25])
    // Three pixels to two: each result holds one and a half.
    #expect(try resized([0, 90, 240], 3, 1, .area, 2, 1) == [30, 190])
    #expect(try resized([1, 2, 3, 101, 102, 103], 2, 1, channels: 3, .area, 1, 1) == [51, 52, 53])
  }

  @Test func bilinearLiesBetween() throws {
    #expect(try resized([0, 100], 2, 1, .bilinear, 4, 1) == [0, 25, 75, 100])
    #expect(try resized([0, 100, 100, 200], 2, 2, .bilinear, 1, 1) == [100])
  }

  @Test(arguments: ResizeRule.allCases) func flatPicturesStayFlat(rule: ResizeRule) throws {
    var random = SplitMix64(seed: 6)
    for _ in 0..<40 {
      let (width, height) = (Int(random.uniform(1, 40)), Int(random.uniform(1, 40)))
      let (newWidth, newHeight) = (Int(random.uniform(1, 40)), Int(random.uniform(1, 40)))
      let result = try resized([UInt8](repeating: 201, count: width * height), width, height, rule, newWidth, newHeight)
      #expect(result.allSatisfy { $0 == 201 })
    }
  }

  @Test func cropsAreTakenFromTheMiddle() {
    let wide = PixelBox.centredCrop(of: FrameShape(width: 640, height: 480), width: 32, height: 32)
    #expect(wide == PixelBox(left: 80, top: 0, right: 560, bottom: 480))
    let tall = PixelBox.centredCrop(of: FrameShape(width: 480, height: 640), width: 4, height: 3)
    #expect(tall == PixelBox(left: 0, top: 140, right: 480, bottom: 500))
    #expect(PixelBox.centredCrop(of: FrameShape(width: 1, height: 900), width: 100, height: 1).height == 1)
  }

  @Test func wrongArgumentsAreRefused() {
    let outside = PixelBox(left: 0, top: 0, right: 3, bottom: 2)
    #expect(throws: ImagingError.cropOutside(outside, width: 2, height: 2)) {
      _ = try resized([1, 2, 3, 4], 2, 2, crop: outside, .area, 1, 1)
    }
    #expect(throws: ImagingError.bufferTooShort(byteCount: 3, needed: 4)) {
      _ = try resized([1, 2, 3], 2, 2, .area, 1, 1)
    }
    #expect(throws: ImagingError.sizeOutOfRange(width: 0, height: 1)) {
      _ = try resized([1, 2, 3, 4], 2, 2, .area, 0, 1)
    }
  }
}
