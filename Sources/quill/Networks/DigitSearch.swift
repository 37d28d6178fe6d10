import QuillData
import QuillImaging

/// Looks for the digit or the digits of a picture, and can write the steps on the way as pictures.
struct DigitSearch {
  let layout: ImageLayout
  /// Whether the network takes dark ink on light paper.
  let inverts: Bool
  /// How grey levels are spread beforehand.
  var equalisation = Equalisation.none
  /// Where the steps go; nil for nowhere.
  var steps: StepFolder?

  init(layout: ImageLayout, inverts: Bool) {
    self.layout = layout
    self.inverts = inverts
  }

  /// Finds the digit of a picture, or, with a judge, all of its digits in reading order; none where there is no digit.
  ///
  /// A pale pen's colour may be all but as bright as the paper, while one of its components is dark: where nothing is
  /// found for certain, the least component of each pixel is looked at too.
  /// - Throws: `ToolError.imaging`.
  mutating func find(
    in image: PixelImage, path: String, judge: NetworkJudge?
  ) throws(ToolError) -> [ImagePreparer.Prepared] {
    let found = try look(in: image.converted(toChannels: 1), path: path, judge: judge)
    guard image.channels == 3, !Self.isCertain(found) else { return found }
    let steps = self.steps
    let coloured = try look(in: image.leastComponents, path: path, judge: judge)
    if Self.isCertain(coloured) { return coloured }
    self.steps = steps
    return found
  }

  private static func isCertain(_ digits: [ImagePreparer.Prepared]) -> Bool {
    !digits.isEmpty && digits.allSatisfy { ($0.found?.quality ?? 0) >= FoundDigit.unsureQuality }
  }

  private mutating func look(
    in grey: PixelImage, path: String, judge: NetworkJudge?
  ) throws(ToolError) -> [ImagePreparer.Prepared] {
    let shape = FrameShape(width: grey.width, height: grey.height)
    do throws(ImagingError) {
      var finder = try DigitFinder(mostWidth: grey.width, mostHeight: grey.height)
      if var judge {
        _ = try finder.findAll(in: grey.pixels.span, shape: shape, equalisation: equalisation, judge: &judge)
      } else {
        var digit = [UInt8](repeating: 0, count: layout.count)
        var span = digit.mutableSpan
        _ = try finder.find(in: grey.pixels.span, shape: shape, equalisation: equalisation, into: &span)
      }
      var found: [ImagePreparer.Prepared] = []
      for index in 0..<finder.count {
        let digit = finder.digit(index)
        found.append(ImagePreparer.Prepared(image: try picture(index, of: finder), box: digit.box, found: digit))
      }
      try steps?.gather(grey, &finder, equalisation: equalisation, digits: found.map(\.image))
      return found
    } catch {
      throw ToolError.imaging(path: path, error)
    }
  }

  private func picture(_ index: Int, of finder: borrowing DigitFinder) throws(ImagingError) -> PixelImage {
    var pixels = [UInt8](repeating: 0, count: layout.count)
    var span = pixels.mutableSpan
    try finder.copyImage(ofDigit: index, into: &span)
    return PixelImage(
      width: layout.width, height: layout.height, channels: 1, pixels: inverts ? pixels.map { 255 - $0 } : pixels)
  }
}

/// A network as the judge of where touching digits are to be parted.
struct NetworkJudge: DigitJudge {
  let classifier: ImageClassifier
  let inverts: Bool

  mutating func rate(_ image: Span<UInt8>) -> Int32 {
    var pixels: [UInt8] = []
    for index in image.indices { pixels.append(inverts ? 255 - image[index] : image[index]) }
    let layout = classifier.layout
    let picture = PixelImage(width: layout.width, height: layout.height, channels: 1, pixels: pixels)
    let answer = classifier.classify(picture)
    let margin = Int32(answer.margin * 256)
    return classifier.sees(picture, asShapeOf: answer.classIndex, inverts: inverts)
      ? margin : DigitShape.doubted(margin: margin)
  }
}

extension ImageClassifier {
  /// Whether a picture in the form of MNIST has the shape of the digit that it is named; true where the classes are not
  /// the digits 0 to 9.
  func sees(_ picture: PixelImage, asShapeOf classIndex: Int, inverts: Bool) -> Bool {
    guard classCount == 10, (0..<10).allSatisfy({ network.facts.label($0) == String($0) }) else { return true }
    let pixels = inverts ? picture.pixels.map { 255 - $0 } : picture.pixels
    return DigitShape.of(pixels.span, isLike: classIndex)
  }
}

extension PixelImage {
  /// The darkest of the three colours of each pixel, as a grey picture.
  fileprivate var leastComponents: PixelImage {
    var samples: [UInt8] = []
    samples.reserveCapacity(width * height)
    for index in stride(from: 0, to: pixels.count, by: 3) {
      samples.append(min(pixels[index], pixels[index + 1], pixels[index + 2]))
    }
    return PixelImage(width: width, height: height, channels: 1, pixels: samples)
  }
}
