import Quill
import QuillData
import QuillImaging

/// Brings a picture to the size and kind that a network takes.
///
/// A digit network gets the digit found, cut out and centred as in MNIST (`DigitFinder`); any other the middle of the
/// picture in its own aspect, resized.
struct ImagePreparer: Sendable {
  /// How a picture of another size fits.
  private enum Fit: Sendable {
    case digit, crop, stretch
  }

  /// A prepared picture, and what was found in it where a digit was looked for.
  struct Prepared: Sendable {
    let image: PixelImage
    let found: FoundDigit?
  }

  let layout: ImageLayout
  private let fit: Fit
  /// Whether the network takes dark ink on light paper.
  let inverts: Bool

  /// Whether a digit is looked for in pictures.
  var findsDigits: Bool { fit == .digit }

  init(_ classifier: ImageClassifier) {
    layout = classifier.layout
    var fit: Fit = layout.isDigit ? .digit : .crop
    var inverts = false
    if case .quantized(let network) = classifier.network, let preprocessing = network.model.preprocessing {
      switch preprocessing.fit {
      case .digit: fit = layout.isDigit ? .digit : .crop
      case .crop: fit = .crop
      case .stretch: fit = .stretch
      }
      inverts = preprocessing.polarity == .darkOnLight
    }
    self.fit = fit
    self.inverts = inverts
  }

  /// Prepares a picture as a camera's frame would be.
  /// - Throws: `ToolError.noDigit` or `ToolError.imaging`.
  func prepare(_ image: PixelImage, path: String) throws(ToolError) -> Prepared {
    switch fit {
    case .digit: try findDigit(in: image, path: path)
    case .crop: Prepared(image: cropped(image).resized(width: layout.width, height: layout.height), found: nil)
    case .stretch: Prepared(image: converted(image).resized(width: layout.width, height: layout.height), found: nil)
    }
  }

  /// Prepares an image of a data set: as it is where it has the network's size already.
  func prepareSample(_ image: PixelImage, path: String) throws(ToolError) -> PixelImage {
    guard image.width != layout.width || image.height != layout.height else { return converted(image) }
    return try prepare(image, path: path).image
  }

  private func converted(_ image: PixelImage) -> PixelImage { image.converted(toChannels: layout.channels) }

  private func findDigit(in image: PixelImage, path: String) throws(ToolError) -> Prepared {
    var search = DigitSearch(layout: layout, inverts: inverts)
    guard let found = try search.find(in: image, path: path, judge: nil).first else {
      throw ToolError.noDigit(path: path)
    }
    return found
  }

  /// The largest part around the middle that has the network's aspect.
  private func cropped(_ image: PixelImage) -> PixelImage {
    let width = min(image.width, max(1, image.height * layout.width / layout.height))
    let height = min(image.height, max(1, image.width * layout.height / layout.width))
    return converted(image).cropped(
      x: (image.width - width) / 2, y: (image.height - height) / 2, width: width, height: height)
  }
}
