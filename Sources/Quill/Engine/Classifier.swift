/// A network that names classes, ready to be handed pixels.
///
/// ```swift
/// var classifier = try Classifier(bytes.span)
/// let answer = classifier.classify(pixels: digit.span)
/// print(classifier.label(answer.classIndex), answer.percent)
/// ```
public struct Classifier: ~Copyable {
  /// What the network makes of a picture.
  public struct Answer: Sendable, Equatable {
    /// The class, 0 up to the number of classes.
    public var classIndex: Int
    /// The class's probability in steps of 1/256, 0...255; `nil` where the network answers with other numbers.
    public var probabilityIn256ths: Int?

    /// The probability rounded to a whole percent, 0...100; 0 where there is none.
    public var percent: Int { ((probabilityIn256ths ?? 0) * 100 + 128) / 256 }
  }

  /// The opened file.
  public let model: Model

  /// The memory that it runs in.
  public var engine: Engine

  /// Opens a copy of the bytes of a `.quill` file. Allocates; nothing else here does.
  public init(_ bytes: Span<UInt8>) throws(ModelError) {
    self.init(try Model(copying: bytes))
  }

  /// A classifier on an opened model.
  ///
  /// - Parameter level: must be available on this processor; every level gives the same answers.
  public init(_ model: consuming Model, level: KernelLevel = .best) {
    engine = Engine(for: model, level: level)
    self.model = model
  }

  /// Classifies a picture of the network's own size.
  ///
  /// - Parameter pixels: `[H, W, C]` bytes, 0 black and 255 full intensity, as many as the input has values; each
  ///   goes through the file's table for its channel. Files without a table take `pixel - 128`.
  public mutating func classify(pixels: Span<UInt8>) -> Answer {
    let tensor = model.tensors[model.inputTensor()]
    precondition(pixels.count == tensor.count, "the network takes \(tensor.count) pixels; found \(pixels.count)")
    engine.setPixels(pixels, of: model)
    engine.run(model)
    return answer()
  }

  /// The answer of the last run.
  public func answer() -> Answer {
    let index = engine.decision(of: model) ?? 0
    guard model.outputMeaning == .probabilities else { return Answer(classIndex: index, probabilityIn256ths: nil) }
    return Answer(classIndex: index, probabilityIn256ths: probability(index))
  }

  /// The probability of a class after a run, in steps of 1/256; 0 where the network answers with other numbers.
  public func probability(_ classIndex: Int) -> Int {
    guard model.outputMeaning == .probabilities else { return 0 }
    return Int(engine.outputValue(classIndex, of: model)) + 128
  }

  /// The name of a class: its label in the file, else its number.
  public func label(_ classIndex: Int) -> String {
    String(decoding: labelBytes(classIndex), as: UTF8.self)
  }

  /// The name of a class in UTF-8.
  public func labelBytes(_ classIndex: Int) -> [UInt8] {
    classIndex < model.labelCount ? model.labelBytes(classIndex) : ("\(classIndex)" as Sentence).bytes
  }
}

extension Engine {
  /// Sets the first input from pixels through the file's tables.
  public mutating func setPixels(_ pixels: Span<UInt8>, of model: borrowing Model) {
    expectOwnModel(model)
    let tensor = model.tensors[model.inputTensor()]
    let channels = model.preprocessing?.channelOrder.channels ?? 1
    let hasTable = model.preprocessing != nil
    fillHalo(tensor)
    withMutableValues(from: tensor.origin) { target in
      var next = 0
      var channel = 0
      for y in 0..<Int(tensor.height) {
        for column in 0..<tensor.rowByteCount {
          let byte = pixels[next]
          target[y * Int(tensor.rowPitch) + column] =
            hasTable ? model.inputValue(ofPixel: byte, channel: channel) : Int8(truncatingIfNeeded: Int(byte) - 128)
          next += 1
          channel = channel + 1 == channels ? 0 : channel + 1
        }
      }
    }
  }
}
