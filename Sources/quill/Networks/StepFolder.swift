import QuillData
import QuillImaging

/// The steps of looking for a digit as numbered pictures in a folder: `--explain`.
struct StepFolder {
  /// A picture's name and content.
  private struct Step {
    let name: String
    let image: PixelImage
  }

  /// Magnification of the network's own pictures, for a person to look at.
  private static let magnification = 10

  let folder: String
  private var steps: [Step] = []

  /// - Parameter folder: made where there is none; its parent must exist.
  init(_ folder: String) throws(DataError) {
    try AtomicFile.createFolder(folder)
    self.folder = folder
  }

  /// Takes the steps of the finder's last search.
  /// - Parameters:
  ///   - grey: the picture that was searched.
  ///   - digits: what the network is given.
  mutating func gather(
    _ grey: PixelImage, _ finder: inout DigitFinder, equalisation: Equalisation, digits: [PixelImage]
  ) throws(ImagingError) {
    let shape = finder.searchedShape
    steps = [Step(name: "grey", image: grey.resized(width: shape.width, height: shape.height))]
    for step in FinderStep.allCases {
      let name = step == .searched ? "equalised-\(equalisation)" : step.name.description
      var pixels = [UInt8](repeating: 0, count: shape.width * shape.height)
      var span = pixels.mutableSpan
      try finder.copyStep(step, into: &span)
      steps.append(
        Step(name: name, image: PixelImage(width: shape.width, height: shape.height, channels: 1, pixels: pixels)))
    }
    for digit in digits { steps.append(Step(name: "digit", image: Self.magnified(digit))) }
  }

  /// Writes what was gathered, as `01-grey.png`, ...; names begin with `prefix`.
  /// - Returns: how many pictures there are.
  func write(prefix: String) throws(DataError) -> Int {
    for (index, step) in steps.enumerated() {
      let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
      try AtomicFile.write(
        PNGFile.encode(step.image), to: FileBytes.join(folder, "\(prefix)\(number)-\(step.name).png"))
    }
    return steps.count
  }

  private static func magnified(_ image: PixelImage) -> PixelImage {
    let (width, height) = (image.width * magnification, image.height * magnification)
    var pixels: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        pixels.append(image.pixels[row / magnification * image.width + column / magnification])
      }
    }
    return PixelImage(width: width, height: height, channels: 1, pixels: pixels)
  }
}
