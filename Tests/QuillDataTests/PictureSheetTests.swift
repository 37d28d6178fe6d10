import Foundation
import QuillData
import Testing

/// PNG files, and sheets of pictures.
@Suite struct PictureSheetTests {
  private static func picture(_ width: Int, _ height: Int, _ channels: Int, _ value: (Int) -> Int) -> PixelImage {
    PixelImage(
      width: width, height: height, channels: channels,
      pixels: (0..<width * height * channels).map { UInt8(truncatingIfNeeded: value($0)) })
  }

  /// libpng reads what was written, whatever the runs in it.
  @Test(arguments: [1, 3]) func readsBack(channels: Int) throws {
    for (width, height) in [(1, 1), (28, 28), (300, 7), (1031, 5)] {
      for value in [{ _ in 0 }, { $0 / 37 }, { $0 &* $0 &* 2_654_435_761 >> 7 }, { $0 % 3 * 80 }] as [(Int) -> Int] {
        let image = Self.picture(width, height, channels, value)
        #expect(try ImageFile.decode(PNGFile.encode(image), path: "x.png") == image)
      }
    }
    // Every length of a run.
    let lengths = (0...300).flatMap { (length: Int) -> [UInt8] in
      [UInt8](repeating: UInt8(length % 2), count: length) + [7]
    }
    let image = PixelImage(width: lengths.count, height: 1, channels: 1, pixels: lengths)
    #expect(try ImageFile.decode(PNGFile.encode(image), path: "x.png") == image)
  }

  @Test func flatAreasAreShort() {
    #expect(PNGFile.encode(Self.picture(1000, 1000, 1) { _ in 255 }).count < 10_000)
  }

  @Test func picturesStandInRows() {
    let picture = Self.picture(10, 12, 1) { _ in 0 }
    let sheet = PictureSheet(
      [.init(picture, caption: ""), .init(picture, caption: ""), .init(picture, caption: "")], columns: 2, zoom: 1
    ).image
    #expect(sheet.width == 28 && sheet.height == 32 && sheet.channels == 3)
    #expect(sheet.pixels.count { $0 == 0 } == 3 * 3 * 120)
    let captioned = PictureSheet([.init(picture, caption: "4 not 9", tone: .bad)], columns: 5, zoom: 2).image
    #expect(captioned.width == 64 && captioned.height == 46)
    #expect(captioned.pixels.contains(190))
    // Letters grow to twice their size, and a long caption has two lines, "red circle not" and "blue square".
    let large = PictureSheet([.init(picture, caption: "red circle not blue square")], columns: 1, zoom: 8).image
    #expect(large.width == 14 * 8 + 32 && large.height == 12 * 8 + 32 + 2 * 14)
    #expect(PictureSheet([], columns: 3).image.pixels == [255, 255, 255])
  }
}
