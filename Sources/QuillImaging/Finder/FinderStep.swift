/// A step of the finder that can be looked at after a search; in their order.
public enum FinderStep: UInt8, CaseIterable, Sendable {
  /// The picture as it was searched: grey, reduced, equalised if that was asked for.
  case searched
  /// How steeply the picture's grey levels change: the larger difference of neighbours, across or down.
  case edges
  /// The level of the paper that was estimated.
  case paper
  /// How far each pixel stands out from the paper; lines of the paper are taken off.
  case contrast
  /// What counts as ink: 255 for the ink of digits, 96 for ink that was not chosen, 0 for paper.
  case ink
  /// The picture as it was searched with a frame about each digit found.
  case boxes

  /// What its picture is called.
  package var name: StaticString {
    switch self {
    case .searched: "searched"
    case .edges: "edges"
    case .paper: "paper"
    case .contrast: "contrast"
    case .ink: "threshold"
    case .boxes: "boxes"
    }
  }
}

extension DigitFinder {
  /// The size of the plane that the last search looked through; what `copyStep` writes.
  public var searchedShape: FrameShape { FrameShape(width: width, height: height) }

  /// Copies a step of the last search, for a person to look at. Nothing is allocated.
  ///
  /// - Parameter picture: at least `searchedShape.width * searchedShape.height` bytes; rows without padding.
  /// - Throws: `ImagingError.outputTooShort`.
  public mutating func copyStep(_ step: FinderStep, into picture: inout MutableSpan<UInt8>) throws(ImagingError) {
    guard picture.count >= width * height else {
      throw .outputTooShort(byteCount: picture.count, needed: width * height)
    }
    switch step {
    case .searched: for place in 0..<(width * height) { picture[place] = plane[place] }
    case .contrast: for place in 0..<(width * height) { picture[place] = contrast.pixels[place] }
    case .edges:
      for row in 0..<height {
        for column in 0..<width {
          let place = row * width + column
          let across = difference(plane[place], plane[row * width + min(column + 1, width - 1)])
          let down = difference(plane[place], plane[min(row + 1, height - 1) * width + column])
          picture[place] = clampedByte(Int32(max(across, down)) * 4)
        }
      }
    case .paper:
      for row in 0..<height {
        paper.writeRow(row, width: width, into: &paperRow)
        for column in 0..<width { picture[row * width + column] = paperRow[column] }
      }
    case .ink:
      for place in 0..<(width * height) { picture[place] = 0 }
      for index in 0..<ink.runCount { paint(ink.runs[index], &picture) }
    case .boxes:
      for place in 0..<(width * height) { picture[place] = plane[place] }
      for index in 0..<foundCount { frame(found[index].box, &picture) }
    }
  }

  private func difference(_ one: UInt8, _ other: UInt8) -> UInt8 { max(one, other) - min(one, other) }

  private func paint(_ run: InkRun, _ picture: inout MutableSpan<UInt8>) {
    let chosen = run.link >= 0 && ink.components[Int(run.link)].group >= 0
    let base = Int(run.row) * width
    for place in (base + Int(run.start))..<(base + Int(run.end)) { picture[place] = chosen ? 255 : 96 }
  }

  /// Draws a frame, light on dark and dark on light, just outside a box of the picture that was searched.
  private func frame(_ box: PixelBox, _ picture: inout MutableSpan<UInt8>) {
    let scale = Int32(factor)
    let left = max(0, Int(box.left / scale) - 1)
    let top = max(0, Int(box.top / scale) - 1)
    let right = min(width - 1, Int(box.right / scale))
    let bottom = min(height - 1, Int(box.bottom / scale))
    guard left <= right, top <= bottom else { return }
    for column in left...right {
      invert(top * width + column, &picture)
      invert(bottom * width + column, &picture)
    }
    for row in top...bottom {
      invert(row * width + left, &picture)
      invert(row * width + right, &picture)
    }
  }

  private func invert(_ place: Int, _ picture: inout MutableSpan<UInt8>) {
    picture[place] = picture[place] < 128 ? 255 : 0
  }
}
