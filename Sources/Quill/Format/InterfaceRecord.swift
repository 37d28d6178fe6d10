/// What goes in, what comes out, and what it means.
package struct InterfaceRecord: Sendable {
  package static let byteCount = 64
  /// `decisionTensor` of a network that decides nothing.
  package static let noTensor: UInt32 = 0xFFFF_FFFF

  package var inputCount: UInt32 = 1
  package var outputCount: UInt32 = 1
  package var inputs: InlineArray<4, UInt32> = .init(repeating: 0)
  package var outputs: InlineArray<4, UInt32> = .init(repeating: 0)
  /// The tensor whose largest value names the class: the one before the last softmax, in which ties are rarer.
  package var decisionTensor: UInt32 = noTensor
  package var meaning: UInt32 = 0
  package var networkName = TextReference()

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&inputCount, "input count", 1...4)
    try coder.field(&outputCount, "output count", 1...4)
    for index in 0..<4 { try coder.field(&inputs[index], "input tensor") }
    for index in 0..<4 { try coder.field(&outputs[index], "output tensor") }
    try coder.field(&decisionTensor, "decision tensor")
    try coder.field(&meaning, "output meaning", 0...2)
    try networkName.transfer(&coder)
    try coder.reserved(8)
  }
}

/// What the numbers of the output are.
public enum OutputMeaning: UInt32, Sendable {
  /// Numbers in the tensor's scale, of no further meaning to the runtime.
  case values = 0
  /// One score a class; the largest names the class.
  case logits = 1
  /// One probability a class, in steps of 1/256 from -128: of all classes together, or of each by itself.
  case probabilities = 2
}

/// How a picture becomes the input tensor: which pixels, then one table look-up a channel.
public struct Preprocessing: Sendable, Equatable {
  package static let headerByteCount = 16

  /// How a picture of another size is brought to the network's.
  public enum Fit: UInt32, Sendable {
    /// Find the digit, scale it into a box of 20 x 20 and centre it by mass in 28 x 28, as MNIST was made.
    case digit = 0
    /// Crop the middle to the network's aspect, then resize.
    case crop = 1
    /// Resize each axis on its own.
    case stretch = 2
  }

  /// Which of ink and paper is bright in the pictures that the network was trained on.
  public enum Polarity: UInt32, Sendable {
    /// Pictures are used as they are.
    case any = 0
    /// Bright ink on dark paper, as in MNIST.
    case lightOnDark = 1
    /// Dark ink on bright paper.
    case darkOnLight = 2
  }

  /// The order of a pixel's values.
  public enum ChannelOrder: UInt32, Sendable {
    case grey = 0
    case redGreenBlue = 1
    case blueGreenRed = 2

    /// The number of values a pixel has.
    public var channels: Int { self == .grey ? 1 : 3 }
  }

  /// How pictures of another size fit.
  public var fit: Fit
  /// Ink and paper.
  public var polarity: Polarity
  /// The order of a pixel's values.
  public var channelOrder: ChannelOrder

  /// Preprocessing by its parts.
  public init(fit: Fit, polarity: Polarity, channelOrder: ChannelOrder) {
    self.fit = fit
    self.polarity = polarity
    self.channelOrder = channelOrder
  }

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    var fit = self.fit.rawValue
    var polarity = self.polarity.rawValue
    var order = channelOrder.rawValue
    try coder.field(&fit, "fit", 0...2)
    try coder.field(&polarity, "polarity", 0...2)
    try coder.field(&order, "channel order", 0...2)
    try coder.reserved(4)
    self.fit = Fit(rawValue: fit) ?? .stretch
    self.polarity = Polarity(rawValue: polarity) ?? .any
    channelOrder = ChannelOrder(rawValue: order) ?? .grey
  }
}

/// Where the file came from: no time, path or host, so that the same conversion gives the same bytes.
package struct ProvenanceRecord: Sendable {
  package static let byteCount = 64

  package var sourceSHA256: InlineArray<32, UInt8> = .init(repeating: 0)
  package var tool = TextReference()
  package var options = TextReference()

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    for index in 0..<32 { try coder.field(&sourceSHA256[index], "source hash") }
    try tool.transfer(&coder)
    try options.transfer(&coder)
    try coder.reserved(16)
  }
}
