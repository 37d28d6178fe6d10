import Quill

extension ImagingError: CustomStringConvertible {
  /// One line: what was found, what was expected, what to do.
  public var description: String { sentence.description }
}

extension ImagingError {
  /// The same without a `String`, for programs on a board.
  public var sentence: Sentence {
    switch self {
    case .sizeOutOfRange(let width, let height):
      return "picture of \(width) x \(height) pixels; each side must be 1 to \(FrameShape.longestSide)"
    case .rowTooShort(let bytesPerRow, let needed):
      return "rows lie \(bytesPerRow) bytes apart; a row of this picture needs \(needed): check width and format"
    case .rowTooLong(let bytesPerRow, let most):
      return "rows lie \(bytesPerRow) bytes apart; at most \(most) are taken: check the row length"
    case .bufferTooShort(let byteCount, let needed):
      return "buffer of \(byteCount) bytes; the picture needs \(needed): the frame is cut short or its size is wrong"
    case .outputTooShort(let byteCount, let needed):
      return "output buffer of \(byteCount) bytes; the result needs \(needed)"
    case .sizeNotDivisible(let width, let height, let divisor):
      return "picture of \(width) x \(height) pixels; this format needs sides divisible by \(divisor)"
    case .cropOutside(let crop, let width, let height):
      return
        "crop of columns \(crop.left)..<\(crop.right), rows \(crop.top)..<\(crop.bottom); it must not be empty and "
        + "must lie inside the picture of \(width) x \(height) pixels"
    case .largerThanFinder(let width, let height, let mostWidth, let mostHeight):
      return "picture of \(width) x \(height) pixels; the finder was made for at most \(mostWidth) x \(mostHeight)"
    }
  }
}
