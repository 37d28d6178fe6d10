import QuillData
import Testing

@Suite struct IDXFileTests {
  private func imageError(_ bytes: [UInt8]) -> String {
    Fixtures.message { () throws(DataError) in _ = try IDXFile.decodeImages(bytes, path: "x") }
  }

  private func labelError(_ bytes: [UInt8]) -> String {
    Fixtures.message { () throws(DataError) in _ = try IDXFile.decodeLabels(bytes, path: "x") }
  }

  @Test func imagesAndLabelsAreRead() throws {
    let images = try IDXFile.decodeImages(
      Fixtures.idx(magic: 0x803, extents: [2, 1, 2], bytes: [1, 2, 3, 4]), path: "x")
    #expect(images == IDXFile.Images(count: 2, height: 1, width: 2, channels: 1, pixels: [1, 2, 3, 4]))
    #expect(
      try IDXFile.decodeLabels(Fixtures.idx(magic: 0x801, extents: [3], bytes: [7, 0, 9]), path: "x") == [7, 0, 9])
    let colour = try IDXFile.decodeImages(
      Fixtures.idx(magic: 0x804, extents: [1, 1, 1, 3], bytes: [1, 2, 3]), path: "x")
    #expect(colour.channels == 3)
  }

  @Test func badFilesSayWhere() {
    #expect(imageError([0, 0]) == "x: is cut: 2 bytes are too few for the head of an IDX file")
    #expect(
      imageError(Fixtures.idx(magic: 0x801, extents: [1], bytes: [1]))
        == "x: byte 0: the magic number is 0x00000801; expected 0x00000803, grey images of bytes")
    #expect(
      labelError(Fixtures.idx(magic: 0x803, extents: [1, 1, 1], bytes: [1]))
        == "x: byte 0: the magic number is 0x00000803; expected 0x00000801, labels of bytes")
    #expect(
      imageError(Fixtures.idx(magic: 0x803, extents: [2, 1, 2], bytes: [1, 2, 3]))
        == "x: byte 16: the extents ask for 4 bytes, found 3; the file is cut or not an IDX file")
    #expect(imageError(Fixtures.idx(magic: 0x803, extents: [0, 28, 28], bytes: [])) == "x: byte 4: holds no items")
    #expect(
      imageError(Fixtures.idx(magic: 0x803, extents: [1, 0, 28], bytes: []))
        == "x: byte 8: an extent of 0 is not one of an image")
    #expect(
      imageError(Fixtures.idx(magic: 0x804, extents: [1, 1, 1, 2], bytes: [1, 2]))
        == "x: byte 16: an extent of 2 is not one of an image")
    #expect(
      imageError(Fixtures.idx(magic: 0x803, extents: [0xffff_ffff, 65536, 65536], bytes: []))
        .hasPrefix("x: byte 16: the extents ask for "))
    #expect(
      labelError(Fixtures.idx(magic: 0x801, extents: [3], bytes: [1, 2]))
        == "x: byte 8: the extents ask for 3 bytes, found 2; the file is cut or not an IDX file")
  }
}
