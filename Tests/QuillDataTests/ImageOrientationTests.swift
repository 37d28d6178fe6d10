import QuillArchive
import QuillData
import Testing

/// The EXIF orientation of a JPEG and of a PNG.
@Suite struct ImageOrientationTests {
  /// 16 x 8 grey: black on the left, white on the right.
  private let picture = Fixtures.decoded(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKB"
      + "ggLDAsKDAkKCgr/wAALCAAIABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQ"
      + "IDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGl"
      + "qc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3"
      + "+Pn6/9oACAEBAAA/AP5/6/v8r//Z")

  /// A TIFF structure that declares an orientation.
  private func tiff(orientation: UInt8, littleEndian: Bool) -> [UInt8] {
    littleEndian
      ? [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
      : [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  }

  /// The picture with an EXIF segment that declares an orientation.
  private func picture(orientation: UInt8, littleEndian: Bool) -> [UInt8] {
    let tiff = tiff(orientation: orientation, littleEndian: littleEndian)
    let content = Array("Exif\0\0".utf8) + tiff
    return picture[..<2] + [0xff, 0xe1, 0, UInt8(content.count + 2)] + content + picture[2...]
  }

  /// The same picture as a PNG file, the chunk eXIf before its end or behind its head.
  private func png(orientation: UInt8, littleEndian: Bool) -> [UInt8] {
    let rows = (0..<8).flatMap { _ in (0..<16).map { UInt8($0 < 8 ? 0 : 255) } }
    let bytes = PNGFile.encode(PixelImage(width: 16, height: 8, channels: 1, pixels: rows))
    let tiff = tiff(orientation: orientation, littleEndian: littleEndian)
    let chunk = Array("eXIf".utf8) + tiff
    let place = littleEndian ? 33 : bytes.count - 12
    return bytes[..<place] + Fixtures.bigEndian(UInt32(tiff.count)) + chunk
      + Fixtures.bigEndian(CRC32.checksum(chunk)) + bytes[place...]
  }

  /// The corners: top left, top right, bottom left, bottom right; true where white.
  private func corners(_ image: PixelImage) -> [Bool] {
    let (w, h) = (image.width, image.height)
    return [0, w - 1, (h - 1) * w, h * w - 1].map { image.pixels[$0] > 128 }
  }

  @Test(arguments: [
    (1, 16, [false, true, false, true]), (2, 16, [true, false, true, false]), (3, 16, [true, false, true, false]),
    (4, 16, [false, true, false, true]), (5, 8, [false, false, true, true]), (6, 8, [false, false, true, true]),
    (7, 8, [true, true, false, false]), (8, 8, [true, true, false, false]), (0, 16, [false, true, false, true]),
    (9, 16, [false, true, false, true]),
  ])
  func picturesAreTurned(orientation: UInt8, width: Int, expected: [Bool]) throws {
    for littleEndian in [true, false] {
      for file in [picture(orientation:littleEndian:), png(orientation:littleEndian:)] {
        let image = try ImageFile.decode(file(orientation, littleEndian), path: "x")
        #expect(image.width == width)
        #expect(image.width * image.height == 128)
        #expect(corners(image) == expected)
      }
    }
  }

  /// A cut or senseless EXIF segment leaves the picture as it is.
  @Test func damagedSegmentsAreIgnored() throws {
    let sound = picture(orientation: 6, littleEndian: true)
    for offset in 12..<38 {
      var damaged = sound
      damaged[offset] = 0xff
      let image = try ImageFile.decode(damaged, path: "x")
      #expect(image.width * image.height == 128)
    }
  }
}
