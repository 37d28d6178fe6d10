import Quill
import QuillData
import QuillImaging

/// Brings a picture to the size and kind that a network takes.
///
/// A digit network gets the digit found, cut out and centred as in MNIST (`DigitFinder`); any other the middle of the
/// picture in its own aspect, resized.
struct ImagePreparer: Sendable {
  /// A prepared picture, the part of the whole that it shows, and what was found where a digit was looked for.
  struct Prepared: Sendable {
    let image: PixelImage
    let box: PixelBox
    let found: FoundDigit?
  }

  let layout: ImageLayout
  private let fit: Preprocessing.Fit
  /// Whether the network takes dark ink on light paper.
  let inverts: Bool

  /// Whether a digit is looked for in pictures.
  var findsDigits: Bool { fit == .digit }

  init(_ classifier: ImageClassifier) {
    switch classifier.network {
    case .float(let network): self.init(classifier.layout, inverts: network.learntPolarity == .darkOnLight)
    case .quantized(let network):
      let (fit, polarity) = (network.model.preprocessing?.fit, network.model.preprocessing?.polarity)
      self.init(classifier.layout, fit: fit ?? .digit, inverts: polarity == .darkOnLight)
    }
  }

  /// For a network that takes pictures of a layout, and fits them so.
  init(_ layout: ImageLayout, fit: Preprocessing.Fit = .digit, inverts: Bool) {
    self.layout = layout
    self.inverts = inverts
    self.fit = fit == .digit && !layout.isDigit ? .crop : fit
  }

  /// Prepares a picture as a camera's frame would be.
  /// - Throws: `ToolError.noDigit` or `ToolError.imaging`.
  func prepare(_ image: PixelImage, path: String) throws(ToolError) -> Prepared {
    let shape = FrameShape(width: image.width, height: image.height)
    switch fit {
    case .digit: return try findDigit(in: image, path: path)
    case .crop: return resized(image, PixelBox.centredCrop(of: shape, width: layout.width, height: layout.height))
    case .stretch:
      return resized(image, PixelBox(left: 0, top: 0, right: Int32(image.width), bottom: Int32(image.height)))
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

  /// A part of a picture in the network's size.
  private func resized(_ image: PixelImage, _ box: PixelBox) -> Prepared {
    let part = converted(image).cropped(
      x: Int(box.left), y: Int(box.top), width: Int(box.width), height: Int(box.height))
    return Prepared(image: part.resized(width: layout.width, height: layout.height), box: box, found: nil)
  }
}
