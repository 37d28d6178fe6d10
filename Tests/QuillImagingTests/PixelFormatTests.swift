import QuillImaging
import Testing

@Suite struct PixelFormatTests {
  private func grey(
    _ format: PixelFormat, _ frame: [UInt8], _ width: Int, _ height: Int, _ bytesPerRow: Int, _ range: LumaRange = .full
  ) throws(ImagingError) -> [UInt8] {
    let size = format.greyShape(width: width, height: height)
    var result = [UInt8](repeating: 0, count: size.width * size.height)
    var span = result.mutableSpan
    try format.convertToGrey(
      frame.span, shape: FrameShape(width: width, height: height, bytesPerRow: bytesPerRow), range: range, into: &span)
    return result
  }

  private func colour(
    _ format: PixelFormat, _ frame: [UInt8], _ width: Int, _ height: Int, _ bytesPerRow: Int, _ range: LumaRange = .full
  ) throws(ImagingError) -> [UInt8] {
    let size = format.greyShape(width: width, height: height)
    var result = [UInt8](repeating: 0, count: 3 * size.width * size.height)
    var span = result.mutableSpan
    try format.convertToColour(
      frame.span, shape: FrameShape(width: width, height: height, bytesPerRow: bytesPerRow), range: range, into: &span)
    return result
  }

  @Test func lumaPlanesAreCopiedWithoutPadding() throws {
    for format in [PixelFormat.grey, .nv12, .nv21, .yu12] {
      #expect(try grey(format, [1, 2, 3, 99, 4, 5, 6], 3, 2, 4) == [1, 2, 3, 4, 5, 6])
    }
  }

  @Test func packedLumaIsPicked() throws {
    #expect(try grey(.yuyv, [10, 1, 20, 2, 99, 99, 30, 3, 40, 4], 2, 2, 6) == [10, 20, 30, 40])
    #expect(try grey(.uyvy, [1, 10, 2, 20, 99, 99, 3, 30, 4, 40], 2, 2, 6) == [10, 20, 30, 40])
    #expect(try grey(.yuyv, [10, 1, 20, 2, 30, 3, 40, 4], 3, 1, 8) == [10, 20, 30])
  }

  @Test func limitedRangeIsStretched() throws {
    #expect(
      try grey(.grey, [0, 16, 17, 125, 126, 235, 236, 255], 8, 1, 8, .limited) == [0, 0, 1, 127, 128, 255, 255, 255])
    #expect(try grey(.rgb24, [16, 16, 16, 235, 235, 235], 2, 1, 6, .limited) == [0, 255])
  }

  @Test func coloursAreWeighed() throws {
    let rgb: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 10, 20, 30]
    #expect(try grey(.rgb24, rgb, 3, 2, 9) == [77, 149, 29, 255, 0, 18])
    #expect(try grey(.bgr24, rgb, 3, 2, 9) == [29, 149, 77, 255, 0, 22])
  }

  @Test func bayerSquaresAreBinned() throws {
    #expect(try grey(.bayer8, [10, 20, 99, 30, 41, 98], 2, 2, 3) == [25])
    #expect(try grey(.bayer8, [255, 255, 0, 255, 255, 0, 1, 1, 1], 3, 3, 3) == [255])
    // 1023, 0, 512, 256: the mean 447.75 of 1,023 is 112 of 255.
    #expect(try grey(.bayer10, [0xFF, 0x03, 0, 0, 0, 0x02, 0, 0x01], 2, 2, 4) == [112])
    #expect(try grey(.bayer10, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 2, 2, 4) == [255])
    let packed: [UInt8] = [0xFF, 0, 10, 20, 0b0000_0011, 0x80, 0x40, 30, 40, 0]
    #expect(try grey(.bayer10Packed, packed, 4, 2, 5) == [112, 25])
  }

  @Test func greyIsOneColour() throws {
    #expect(try colour(.grey, [1, 2, 3], 3, 1, 3) == [1, 1, 1, 2, 2, 2, 3, 3, 3])
    #expect(try colour(.bayer8, [10, 20, 30, 41], 2, 2, 2) == [25, 25, 25])
  }

  @Test func colourOrderIsKept() throws {
    #expect(try colour(.rgb24, [1, 2, 3, 4, 5, 6], 2, 1, 6) == [1, 2, 3, 4, 5, 6])
    #expect(try colour(.bgr24, [1, 2, 3, 4, 5, 6], 2, 1, 6) == [3, 2, 1, 6, 5, 4])
  }

  @Test func everyLayoutOfChromaGivesTheSameColours() throws {
    // Two pixels by two of one chroma: Y 100, 150, 200, 50, Cb 90, Cr 170.
    let expected = try colour(.nv12, [100, 150, 200, 50, 90, 170], 2, 2, 2)
    #expect(expected == [159, 83, 33, 209, 133, 83, 255, 183, 133, 109, 33, 0])
    #expect(try colour(.nv21, [100, 150, 200, 50, 170, 90], 2, 2, 2) == expected)
    #expect(try colour(.yu12, [100, 150, 200, 50, 90, 170], 2, 2, 2) == expected)
    #expect(try colour(.yuyv, [100, 90, 150, 170, 200, 90, 50, 170], 2, 2, 4) == expected)
    #expect(try colour(.uyvy, [90, 100, 170, 150, 90, 200, 170, 50], 2, 2, 4) == expected)
  }

  @Test func chromaOfOddSizesIsRoundedUp() throws {
    let luma = [UInt8](repeating: 100, count: 9)
    #expect(try colour(.yu12, luma + [0, 0, 0, 0, 0], 3, 2, 4).count == 18)
    #expect(
      try colour(.nv12, [UInt8](repeating: 128, count: 4 * 3 + 4 + 4), 3, 3, 4) == [UInt8](repeating: 128, count: 27))
  }

  @Test(arguments: PixelFormat.allCases) func shortFramesAreRefusedToTheByte(format: PixelFormat) throws {
    let needed = format.rowBytes(width: 8) * 4
    #expect(try grey(format, [UInt8](repeating: 0, count: needed), 8, 4, format.rowBytes(width: 8)).isEmpty == false)
    #expect(throws: ImagingError.bufferTooShort(byteCount: needed - 1, needed: needed)) {
      _ = try grey(format, [UInt8](repeating: 0, count: needed - 1), 8, 4, format.rowBytes(width: 8))
    }
  }

  @Test(arguments: PixelFormat.allCases) func randomSizesNeverTrap(format: PixelFormat) {
    var random = SplitMix64(seed: 4)
    for _ in 0..<300 {
      let (width, height) = (Int(random.uniform(-1, 20)), Int(random.uniform(-1, 20)))
      let bytesPerRow = Int(random.uniform(-1, 90))
      let frame = [UInt8](repeating: 77, count: Int(random.below(2_500)))
      var result = [UInt8](repeating: 0, count: Int(random.below(900)))
      let shape = FrameShape(width: width, height: height, bytesPerRow: bytesPerRow)
      var span = result.mutableSpan
      if (try? format.convertToGrey(frame.span, shape: shape, range: .limited, into: &span)) != nil {
        #expect(width > 0 && height > 0)
      }
      _ = try? format.convertToColour(frame.span, shape: shape, range: .full, into: &span)
    }
  }

  @Test func hostileSizesAreRefused() {
    #expect(throws: ImagingError.sizeOutOfRange(width: 8_193, height: 2)) {
      _ = try PixelFormat.grey.convertToGreyForTest(8_193, 2)
    }
    #expect(throws: ImagingError.sizeNotDivisible(width: 1, height: 4, by: 2)) { _ = try grey(.bayer8, [0], 1, 4, 1) }
    #expect(throws: ImagingError.sizeNotDivisible(width: 6, height: 4, by: 4)) {
      _ = try grey(.bayer10Packed, [0], 6, 4, 8)
    }
    #expect(throws: ImagingError.rowTooLong(bytesPerRow: .max, most: 36_864)) { _ = try grey(.grey, [0], 1, 2, .max) }
  }
}

extension PixelFormat {
  /// Converts an empty frame of this size: only the checks matter.
  fileprivate func convertToGreyForTest(_ width: Int, _ height: Int) throws(ImagingError) {
    let frame: [UInt8] = []
    var result: [UInt8] = []
    var span = result.mutableSpan
    try convertToGrey(frame.span, shape: FrameShape(width: width, height: height), range: .full, into: &span)
  }
}
