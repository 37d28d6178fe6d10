import Quill
import QuillCamera
import QuillImaging

/// The picture that a network takes, and how a frame becomes it: from the preprocessing in the model file or, where it has
/// none, from the shape of the input.
struct NetworkPicture {
  let fit: Preprocessing.Fit
  let width: Int
  let height: Int
  let channels: Picture.Channels
  /// Whether ink must be dark: the finder gives it bright.
  let isInverted: Bool
  /// Whether blue comes before green and red.
  let isBlueFirst: Bool

  var byteCount: Int { width * height * channels.rawValue }

  /// The picture of a network that takes one, grey or with three colours, and names a class.
  init(of model: borrowing Model, at path: SystemPath) throws(ProgramError) {
    let tensor = model.tensors[model.inputTensor()]
    guard model.inputCount == 1, model.decisionTensor != nil else { throw .notAClassifier(path) }
    let preprocessing = model.preprocessing
    let isDigit = tensor.count == DigitFinder.imageSide * DigitFinder.imageSide
    fit = preprocessing?.fit ?? (isDigit ? .digit : .crop)
    if fit == .digit && !isDigit { throw .notADigitModel(path) }
    width = fit == .digit ? DigitFinder.imageSide : Int(tensor.width)
    height = fit == .digit ? DigitFinder.imageSide : Int(tensor.height)
    let depth = tensor.count / max(width * height, 1)
    guard let channels = Picture.Channels(rawValue: depth), depth * width * height == tensor.count,
      max(width, height) <= FrameShape.longestSide, preprocessing.map({ $0.channelOrder.channels == depth }) ?? true
    else {
      throw .notAPictureModel(
        path, height: Int(tensor.height), width: Int(tensor.width), channels: Int(tensor.channels))
    }
    self.channels = channels
    isInverted = fit == .digit && preprocessing?.polarity == .darkOnLight
    isBlueFirst = preprocessing?.channelOrder == .blueGreenRed
  }
}
