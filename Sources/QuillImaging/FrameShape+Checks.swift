extension FrameShape {
  /// Longest distance between rows that is taken, in bytes.
  static let longestRow = 4 * longestSide + 4_096

  /// Throws unless each side is 1...`longestSide` and a row of `rowBytes` bytes fits between the starts of two rows.
  func check(rowBytes: Int) throws(ImagingError) {
    try checkSides()
    guard bytesPerRow >= rowBytes else { throw .rowTooShort(bytesPerRow: bytesPerRow, needed: rowBytes) }
    guard bytesPerRow <= Self.longestRow else { throw .rowTooLong(bytesPerRow: bytesPerRow, most: Self.longestRow) }
  }

  /// Throws unless each side is 1...`longestSide`.
  func checkSides() throws(ImagingError) {
    guard width >= 1, width <= Self.longestSide, height >= 1, height <= Self.longestSide else {
      throw .sizeOutOfRange(width: width, height: height)
    }
  }

  /// Throws unless `byteCount` bytes hold a plane of one byte a pixel; the last row may lack its padding.
  func checkGrey(byteCount: Int) throws(ImagingError) {
    try check(rowBytes: width)
    let needed = bytesPerRow * (height - 1) + width
    guard byteCount >= needed else { throw .bufferTooShort(byteCount: byteCount, needed: needed) }
  }
}
