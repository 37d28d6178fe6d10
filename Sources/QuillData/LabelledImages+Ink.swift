extension LabelledImages {
  /// Whether these are pictures of dark ink on light paper: of nine in ten the rim, where no ink should be, is light in the
  /// mean.
  package var showDarkInk: Bool {
    let rim = rimOffsets
    let light = (0..<count).count { index in
      let picture = image(index)
      return rim.reduce(0) { $0 + Int(picture[picture.startIndex + $1]) } > 127 * rim.count
    }
    return count > 0 && light * 10 >= count * 9
  }

  /// Where the samples of an image's outermost pixels stand.
  private var rimOffsets: [Int] {
    (0..<imageByteCount).filter { offset in
      let (row, column) = (offset / (width * channels), offset / channels % width)
      return row == 0 || column == 0 || row == height - 1 || column == width - 1
    }
  }
}
