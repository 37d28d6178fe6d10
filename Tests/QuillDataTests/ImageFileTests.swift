import QuillData
import TestSupport
import Testing

@Suite struct ImageFileTests {
  private func decode(_ bytes: [UInt8]) throws(DataError) -> PixelImage { try ImageFile.decode(bytes, path: "x") }

  private func message(_ bytes: [UInt8]) -> String {
    Fixtures.message { () throws(DataError) in _ = try decode(bytes) }
  }

  private let greyPNG = Fixtures.decoded(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNkMDJimHbiPwAGhwLD7bQTrAAAAABJRU5ErkJggg==")

  @Test func greyPNGKeepsItsSamples() throws {
    #expect(
      try decode(greyPNG) == PixelImage(width: 3, height: 2, channels: 1, pixels: [0, 50, 100, 150, 200, 255]))
  }

  @Test func transparencyLiesOnWhite() throws {
    let bytes = Fixtures.decoded(
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAQAAACx6dw/AAAAD0lEQVR4nGNg+M/QwMAAAAaCAYCIFdNrAAAAAElFTkSuQmCC")
    #expect(try decode(bytes) == PixelImage(width: 3, height: 1, channels: 1, pixels: [0, 127, 255]))
  }

  @Test func whiteInkOnNothingLiesOnBlack() throws {
    let bytes = Fixtures.decoded(
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAQAAACx6dw/AAAAD0lEQVR42mP8/5+BkaEBAAuGAoF75RK3AAAAAElFTkSuQmCC")
    #expect(try decode(bytes) == PixelImage(width: 3, height: 1, channels: 1, pixels: [255, 0, 128]))
  }

  @Test func palettesBecomeColours() throws {
    let bytes = Fixtures.decoded(
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEX/AAAAAP9sof2OAAAACklEQVR4nGNwAAAAQgBBKTf07wAAAABJRU5E"
        + "rkJggg==")
    #expect(try decode(bytes) == PixelImage(width: 2, height: 1, channels: 3, pixels: [255, 0, 0, 0, 0, 255]))
  }

  @Test func sixteenBitSamplesBecomeEight() throws {
    let bytes = Fixtures.decoded(
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNoaPj/HwAGggL/s75RMwAAAABJRU5ErkJggg==")
    #expect(try decode(bytes).pixels == [128, 255])
  }

  @Test func jpegsAreRead() throws {
    let grey = try decode(Fixtures.decoded(Self.greyJPEG))
    #expect(grey == PixelImage(width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: 128, count: 64)))
    let colour = try decode(Fixtures.decoded(Self.colourJPEG))
    #expect((colour.width, colour.height, colour.channels) == (8, 8, 3))
    #expect(Array(colour.pixels.prefix(3)) == [200, 30, 30])
  }

  @Test func inksBecomeColours() throws {
    let image = try decode(
      Fixtures.decoded(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwP"
          + "FxgWFBgSFBUU/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAgHCf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/"
          + "2gAOBEMATQBZAEsAAD8AYCaBe1Tf/9k="))
    #expect((image.width, image.height, image.channels) == (8, 8, 3))
    for (value, wanted) in zip(image.pixels.prefix(3), [200, 100, 50]) { #expect(abs(Int(value) - wanted) <= 3) }
  }

  @Test func cutImagesAreRefused() {
    #expect(message(Array(greyPNG.dropLast(30))).hasPrefix("x: is not a sound PNG image: "))
    #expect(message(Array(greyPNG.prefix(20))).hasPrefix("x: is not a sound PNG image: "))
    let jpeg = Fixtures.decoded(Self.greyJPEG)
    #expect(message(Array(jpeg.prefix(100))).hasPrefix("x: is not a sound JPEG image: "))
    #expect(message(Array(jpeg.dropLast(6))).hasPrefix("x: is not a sound JPEG image: "))
  }

  @Test func anyMapsAreRead() throws {
    let plain = "P2 # grey\n3 1\n# largest\n100\n0 50 100\n"
    #expect(try decode(Array(plain.utf8)) == PixelImage(width: 3, height: 1, channels: 1, pixels: [0, 128, 255]))
    #expect(try decode(Array("P3\n1 1 255\n1 2 3".utf8)).pixels == [1, 2, 3])
    #expect(try decode(Array("P5\n2 1\n255\n".utf8) + [9, 0x0a]).pixels == [9, 0x0a])
    #expect(try decode(Array("P6 1 1 65535\n".utf8) + [0, 0, 0x80, 0x80, 0xff, 0xff]).pixels == [0, 128, 255])
  }

  @Test(arguments: [
    ("P5\n0 1\n255\n", "x: byte 3: expected the width, 1 or more"),
    ("P5\n2 x\n255\n", "x: byte 5: expected the height, 1 or more"),
    ("P5\n2 2\n70000\n", "x: byte 7: expected the largest sample, 1...65535"),
    ("P5\n99999999999999999999 2\n255\n", "x: byte 3: expected the width, 1 or more"),
    ("P5\n60000 60000\n255\n", "x: the image is 60000 x 60000; expected at least 1 and at most 67108864 pixels"),
    ("P5\n2 2\n255\nabc", "x: byte 11: expected 4 bytes of samples, found 3; the file is cut"),
    ("P5\n1 1\n9\nz", "x: byte 9: a sample of 122; the header allows at most 9"),
    ("P2\n1 1\n9\n10", "x: byte 9: a sample of 10; the header allows at most 9"),
    ("P2\n2 1\n9\n3 ?", "x: byte 11: expected a sample"),
    ("P1\n1 1\n1", "x: is a PBM bitmap; expected PNG, JPEG, PGM or PPM"),
    ("GIF89a", "x: is a GIF image; expected PNG, JPEG, PGM or PPM"),
    ("hello", "x: is no image that is known here; expected PNG, JPEG, PGM or PPM"),
    ("", "x: is no image that is known here; expected PNG, JPEG, PGM or PPM"),
  ])
  func badImagesSayWhy(text: String, expected: String) {
    #expect(message(Array(text.utf8)) == expected)
  }

  /// A PNG that claims 100,000 x 100,000 pixels takes no memory for them.
  @Test func hostileExtentsAreRefused() {
    let header: [UInt8] = [0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0, 8, 0, 0, 0, 0]
    let chunk = Array("IHDR".utf8) + header
    let crc = chunk.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
    let signature: [UInt8] = Array(greyPNG[..<8])
    let bytes: [UInt8] =
      signature + Fixtures.bigEndian(13) + chunk + Fixtures.bigEndian(~crc) + Array(greyPNG[33...])
    #expect(
      message(bytes) == "x: the image is 100000 x 100000; expected at least 1 and at most 67108864 pixels")
  }

  /// Damaged files of every kind give an image or an error, never a trap, and stay within the limit of pixels.
  @Test func anyBytesAreAnswered() throws {
    let sound = [
      greyPNG, Fixtures.decoded(Self.greyJPEG), Fixtures.decoded(Self.colourJPEG),
      Array("P2 # grey\n3 2\n100\n0 50 100 7 8 9\n".utf8), Array("P6 2 1 65535\n0123456789ab".utf8),
    ]
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<4_000 {
      var bytes = try #require(sound.randomElement(using: &random))
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 2..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      do throws(DataError) {
        let image = try decode(bytes)
        #expect(image.width * image.height <= ImageFile.pixelLimit, "seed \(seed)")
      } catch {
        #expect(!"\(error)".contains("\n"), "seed \(seed)")
      }
    }
  }

  @Test func channelsAndSizesChange() {
    let colour = PixelImage(width: 2, height: 1, channels: 3, pixels: [255, 255, 255, 255, 0, 0])
    #expect(colour.converted(toChannels: 1).pixels == [255, 77])
    #expect(colour.converted(toChannels: 1).converted(toChannels: 3).pixels == [255, 255, 255, 77, 77, 77])
    let grey = PixelImage(width: 4, height: 2, channels: 1, pixels: [0, 10, 20, 30, 40, 50, 60, 71])
    #expect(grey.resized(width: 2, height: 1).pixels == [25, 45])
    #expect(grey.resized(width: 4, height: 2) == grey)
    #expect(
      PixelImage(width: 1, height: 1, channels: 1, pixels: [9]).resized(width: 2, height: 3).pixels == [
        9, 9, 9, 9, 9, 9,
      ])
  }

  static let greyJPEG =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggL"
    + "DAsKDAkKCgr/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBR"
    + "IhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqD"
    + "hIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AC"
    + "v/2Q=="
  static let colourJPEG =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggL"
    + "DAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAI"
    + "AAgDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJx"
    + "FDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWW"
    + "l5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAEC"
    + "AwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2"
    + "Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU"
    + "1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5Dr8LP9VD/9k="
}
