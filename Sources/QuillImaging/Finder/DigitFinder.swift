/// Finds handwritten digits in grey pictures and brings each to the form of MNIST: integers only, and nothing is
/// allocated after `init`.
///
/// A picture larger than 640 pixels on a side is first reduced by a whole factor. Then: the level of the paper under
/// uneven light, the contrast of each pixel against it, a threshold by Otsu's method, connected components, the choice
/// and joining of those that make a digit, a box of 20 x 20 by exact area averaging with proportions kept, the ink
/// stretched to full strength, and the centre of mass moved to the middle of 28 x 28.
public struct DigitFinder: ~Copyable {
  /// Longest side of the plane that is searched, in pixels.
  public static let searchedSide = 640
  /// Side of the picture that a network of digits takes.
  public static let imageSide = 28
  /// Side of the box that the digit fills.
  static let boxSide = 20

  /// Widest picture that `find` takes, in pixels.
  public let mostWidth: Int
  /// Highest picture that `find` takes, in pixels.
  public let mostHeight: Int

  /// The picture as it is searched, reduced by `factor`.
  var plane: [UInt8]
  /// How far each pixel stands out from its paper, in the direction of the ink.
  var contrast: [UInt8]
  /// The ink of one digit alone.
  var cutout: [UInt8]
  /// The paper's level along a row.
  var paperRow: [Int16]
  var paper: PaperLevel
  var ink: InkComponents
  var width = 0
  var height = 0
  var factor = 1
  var attempt = FinderAttempt()

  /// Makes a finder for pictures up to a size, and allocates all that it will ever use: about 4 bytes a searched pixel.
  /// - Throws: `ImagingError.sizeOutOfRange`.
  public init(mostWidth: Int, mostHeight: Int) throws(ImagingError) {
    try FrameShape(width: mostWidth, height: mostHeight).checkSides()
    self.mostWidth = mostWidth
    self.mostHeight = mostHeight
    // A smaller picture may be reduced by a smaller factor: what bounds the plane is its longest side.
    let planeWidth = min(mostWidth, Self.searchedSide)
    let planeHeight = min(mostHeight, Self.searchedSide)
    let pixels = planeWidth * planeHeight
    plane = [UInt8](repeating: 0, count: pixels)
    contrast = [UInt8](repeating: 0, count: pixels)
    cutout = [UInt8](repeating: 0, count: pixels)
    paperRow = [Int16](repeating: 0, count: planeWidth)
    paper = PaperLevel(width: planeWidth, height: planeHeight)
    ink = InkComponents(pixels: pixels)
  }

  /// Finds the digit of a picture and writes it as MNIST would.
  ///
  /// - Parameters:
  ///   - frame: grey pixels, at least `bytesPerRow * (height - 1) + width` bytes.
  ///   - shape: the picture, at most `mostWidth` x `mostHeight`.
  ///   - image: 784 bytes, rows of 28, light ink on black; overwritten only when a digit is found.
  /// - Returns: where the digit is, or nil when there is none.
  /// - Throws: `ImagingError` for a size out of range or a buffer too short.
  public mutating func find(
    in frame: Span<UInt8>, shape: FrameShape, into image: inout MutableSpan<UInt8>
  ) throws(ImagingError) -> FoundDigit? {
    guard image.count >= Self.imageSide * Self.imageSide else {
      throw .outputTooShort(byteCount: image.count, needed: Self.imageSide * Self.imageSide)
    }
    try load(frame, shape: shape)
    guard search() else { return nil }
    return writeImage(ofGroup: 0, into: &image)
  }

  /// Takes the picture in, reduced by the smallest whole factor that brings it to `searchedSide`.
  mutating func load(_ frame: Span<UInt8>, shape: FrameShape) throws(ImagingError) {
    try shape.checkGrey(byteCount: frame.count)
    guard shape.width <= mostWidth, shape.height <= mostHeight else {
      throw .largerThanFinder(
        width: shape.width, height: shape.height, mostWidth: mostWidth, mostHeight: mostHeight)
    }
    factor = (max(shape.width, shape.height) + Self.searchedSide - 1) / Self.searchedSide
    width = max(1, shape.width / factor)
    height = max(1, shape.height / factor)
    reduce(frame, shape: shape, width: width, height: height, factor: factor, into: &plane)
  }
}

/// Means of squares of `factor` x `factor` pixels, rounded half up; the last few rows and columns may be left out.
/// A side shorter than `factor` becomes one pixel.
private func reduce(
  _ frame: Span<UInt8>, shape: FrameShape, width: Int, height: Int, factor: Int, into plane: inout [UInt8]
) {
  var target = plane.mutableSpan
  let box = PixelBox(
    left: 0, top: 0, right: Int32(min(width * factor, shape.width)), bottom: Int32(min(height * factor, shape.height)))
  guard factor == 1 else {
    resizeByArea(
      frame, bytesPerRow: shape.bytesPerRow, box: box, into: &target, width: width, height: height,
      resultBytesPerRow: width)
    return
  }
  for row in 0..<height {
    for column in 0..<width { target[row * width + column] = frame[row * shape.bytesPerRow + column] }
  }
}
