/// Why a picture could not be used. The wording is in `ImagingError+Description.swift`.
public enum ImagingError: Error, Equatable, Sendable {
  /// Width or height is not in 1...`FrameShape.longestSide`.
  case sizeOutOfRange(width: Int, height: Int)
  /// A row needs more bytes than lie between the starts of two rows, or the distance is absurdly long.
  case rowTooShort(bytesPerRow: Int, needed: Int)
  /// The distance between rows is longer than any format of a picture this wide needs.
  case rowTooLong(bytesPerRow: Int, most: Int)
  /// The buffer ends before the picture does.
  case bufferTooShort(byteCount: Int, needed: Int)
  /// The buffer for the result is too small.
  case outputTooShort(byteCount: Int, needed: Int)
  /// The format asks for even or otherwise divisible sides.
  case sizeNotDivisible(width: Int, height: Int, by: Int)
  /// A crop is empty or does not lie inside its picture.
  case cropOutside(PixelBox, width: Int, height: Int)
  /// The picture is larger than the finder was made for.
  case largerThanFinder(width: Int, height: Int, mostWidth: Int, mostHeight: Int)
}
