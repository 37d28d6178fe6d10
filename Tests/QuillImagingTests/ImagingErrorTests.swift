import QuillImaging
import Testing

@Suite struct ImagingErrorTests {
  @Test(arguments: [
    (
      ImagingError.sizeOutOfRange(width: 0, height: 9_000),
      "picture of 0 x 9000 pixels; each side must be 1 to 8192"
    ),
    (
      .rowTooShort(bytesPerRow: 639, needed: 640),
      "rows lie 639 bytes apart; a row of this picture needs 640: check width and format"
    ),
    (
      .rowTooLong(bytesPerRow: 99_999, most: 36_864),
      "rows lie 99999 bytes apart; at most 36864 are taken: check the row length"
    ),
    (
      .bufferTooShort(byteCount: 10, needed: 20),
      "buffer of 10 bytes; the picture needs 20: the frame is cut short or its size is wrong"
    ),
    (.outputTooShort(byteCount: 10, needed: 784), "output buffer of 10 bytes; the result needs 784"),
    (
      .sizeNotDivisible(width: 6, height: 4, by: 4), "picture of 6 x 4 pixels; this format needs sides divisible by 4"
    ),
    (
      .cropOutside(PixelBox(left: 0, top: 1, right: 3, bottom: 2), width: 2, height: 2),
      "crop of columns 0..<3, rows 1..<2; it must not be empty and must lie inside the picture of 2 x 2 pixels"
    ),
    (
      .largerThanFinder(width: 9, height: 8, mostWidth: 8, mostHeight: 8),
      "picture of 9 x 8 pixels; the finder was made for at most 8 x 8"
    ),
  ])
  func eachErrorSaysWhatToDo(error: ImagingError, sentence: String) {
    #expect(error.description == sentence)
  }
}
