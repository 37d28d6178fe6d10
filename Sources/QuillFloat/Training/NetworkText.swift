extension NetworkDescription {
  /// A network in words: layers with dashes between, such as `conv32x3-pool-conv64x3-pool-dense128:tanh-drop0.5-10`.
  ///
  /// - `convCxK`: C channels, windows of K x K; `depthwiseK`; `denseU`: U units. They take a ReLU, or what follows a
  ///   colon: an activation or `linear`. `:same` pads a window layer, `:s2` is its stride, and `:norm` puts a batch
  ///   normalisation before the activation.
  /// - `pool`, `poolK`, `avgpoolK`: windows of K x K, 2 by default, with a stride of K by default; `globalpool`.
  /// - `norm`: batch normalisation; `dropR`: dropout of a share R; `flatten`, which may be left out before `dense`.
  /// - `relu`, `relu6`, `leaky` or `leakyA`, `sigmoid`, `tanh`, `hardswish`: an activation by itself.
  /// - `res(LAYERS)`: adds what the layers make of a value to the value; `res(LAYERS|LAYERS)`: adds two ways.
  /// - `squeezeU`: squeeze and excitation (Hu et al. 2018): each channel times a factor, from the mean of all channels
  ///   through U units.
  /// - last, a number of classes, or `classes` for `classCount`.
  ///
  /// - Throws: a `TrainingError` with the layer, counted from 1 in reading order, that cannot be used.
  public init(text: String, inputShape: [Int], classCount: Int) throws(TrainingError) {
    self.init(name: text, inputShape: inputShape)
    var layer = 0
    try append(text[...], after: input, classCount: classCount, layer: &layer)
    let shape = shape(of: output)
    guard shape.count == 1 else { throw TrainingError.endsInImage(shape: shape) }
    guard shape[0] >= classCount else { throw TrainingError.tooFewOutputs(found: shape[0], classCount: classCount) }
  }

  /// Adds layers in words and answers what the last one computes; `layer` counts the words that were read.
  @discardableResult
  private mutating func append(
    _ text: Substring, after source: Value, classCount: Int, layer: inout Int
  ) throws(TrainingError) -> Value {
    var last = source
    for word in text.parts(separatedBy: "-") {
      layer += 1
      let own = layer
      var (ends, layers): ([Value]?, [Layer]) = (nil, [])
      if word.hasPrefix("res("), word.hasSuffix(")") {
        ends = try ways(word, after: last, classCount: classCount, layer: &layer)
      } else {
        let parsed = NetworkText(String(word), layer: own, classCount: classCount)
        layers = try parsed.layers(depth: shape(of: last).last ?? 1)
      }
      let before = last
      do throws(GraphError) {
        for layer in layers {
          if case .dense = layer, shape(of: last).count == 3 { last = try append(.flatten, [last]) }
          last = try append(layer, [last])
        }
        if word.hasPrefix(NetworkText.excitation) { ends = [before, last] }
        if let ends { last = try append(layers.isEmpty ? .add : .multiply, ends) }
      } catch {
        throw TrainingError.layerUnfit(layer: own, word: String(word), error.problem)
      }
    }
    return last
  }

  /// What the two ways of `res(LAYERS|LAYERS)` compute; the second of `res(LAYERS)` is the value itself.
  private mutating func ways(
    _ word: Substring, after source: Value, classCount: Int, layer: inout Int
  ) throws(TrainingError) -> [Value] {
    let own = layer
    var ends: [Value] = []
    for way in word.dropFirst("res(".count).dropLast().parts(separatedBy: "|") {
      ends.append(try append(way, after: source, classCount: classCount, layer: &layer))
    }
    if ends.count == 1 { ends.append(source) }
    guard ends.count == 2 else { throw TrainingError.layerUnknown(layer: own, word: String(word)) }
    return ends
  }
}

extension Substring {
  /// The parts between separators that stand outside brackets.
  fileprivate func parts(separatedBy separator: Character) -> [Substring] {
    var parts: [Substring] = []
    var (start, depth) = (startIndex, 0)
    for index in indices {
      if self[index] == "(" { depth += 1 }
      if self[index] == ")" { depth -= 1 }
      if self[index] == separator, depth == 0 {
        parts.append(self[start..<index])
        start = self.index(after: index)
      }
    }
    return parts + [self[start...]]
  }
}

/// One word of a network in words.
struct NetworkText {
  /// The activations that may be named.
  static let activationNames = "relu, relu6, leaky0.1, sigmoid, tanh, hardswish"

  /// The word for squeeze and excitation.
  static let excitation = "squeeze"

  /// The largest number of channels, units or rows that a word may ask for.
  private static let largestNumber = 65_536

  private let word: String
  private let layer: Int
  private let classCount: Int

  /// What stands before the first colon: letters, then numbers.
  private let name: String, numbers: String

  /// What stands after colons.
  private let modifiers: [String]

  init(_ word: String, layer: Int, classCount: Int) {
    self.word = word
    self.layer = layer
    self.classCount = classCount
    let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    name = String(parts[0].prefix { $0.isLetter })
    numbers = String(parts[0].dropFirst(name.count))
    modifiers = Array(parts.dropFirst())
  }

  /// The layers that the word stands for, after a value of `depth` channels. Those of `squeeze` make factors.
  func layers(depth: Int) throws(TrainingError) -> [Layer] {
    if let function = try activation(name + numbers) { return try plain(.activation(function)) }
    switch (name, numbers.isEmpty) {
    case ("", false):
      return try plain(.dense(units: try whole(numbers, form: "a number of classes")))
    case ("classes", true): return try plain(.dense(units: classCount))
    case ("conv", _):
      let parts = numbers.split(separator: "x", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { throw numberError("conv32x3: channels x rows of the window") }
      let channels = try whole(parts[0], form: "conv32x3: channels x rows of the window")
      let size = try whole(parts[1], form: "conv32x3: channels x rows of the window")
      return try windowed(size, stride: 1) { .convolution(channels: channels, window: $0, fused: $1) }
    case ("depthwise", _):
      let size = try whole(numbers, form: "depthwise3: rows of the window")
      return try windowed(size, stride: 1) { window, _ in .depthwiseConvolution(window: window) }
    case ("dense", _):
      let units = try whole(numbers, form: "dense128: units")
      return try windowed(1, stride: nil) { .dense(units: units, fused: $1) }
    case ("pool", _), ("maxpool", _), ("avgpool", _):
      let size = numbers.isEmpty ? 2 : try whole(numbers, form: "\(name)2: rows of the window")
      let isMean = name == "avgpool"
      return try windowed(size, stride: size, takesActivation: false) { window, _ in
        isMean ? .averagePool(window: window) : .maxPool(window: window)
      }
    case (Self.excitation, _):
      let units = try whole(numbers, form: "squeeze8: units")
      return try plain(.globalAveragePool) + [
        .dense(units: units, fused: .relu), .dense(units: depth), .activation(.sigmoid),
      ]
    case ("globalpool", true): return try plain(.globalAveragePool)
    case ("norm", true): return try plain(.batchNormalization())
    case ("flatten", true): return try plain(.flatten)
    case ("drop", _):
      guard let rate = Float(numbers), rate >= 0, rate < 1 else { throw numberError("drop0.5: a share below 1") }
      return try plain(.dropout(rate: rate))
    default: throw TrainingError.layerUnknown(layer: layer, word: word)
    }
  }

  private func plain(_ layer: Layer) throws(TrainingError) -> [Layer] {
    if let modifier = modifiers.first { throw modifierError(modifier) }
    return [layer]
  }

  /// A layer of windows and its activation, ReLU by default; a `stride` of `nil` takes no words of windows.
  private func windowed(
    _ size: Int, stride: Int?, takesActivation: Bool = true, _ make: (Layer.Window, Layer.FusedActivation) -> Layer
  ) throws(TrainingError) -> [Layer] {
    var window = Layer.Window(size, stride: stride ?? 1)
    var function: Layer.ActivationFunction? = takesActivation ? .relu : nil
    var isNormalized = false
    var seen: Set<String> = []
    for modifier in modifiers {
      guard seen.insert(modifier).inserted else { throw modifierError(modifier) }
      if stride != nil, modifier == "same" {
        window.padding = .same
      } else if stride != nil, modifier.first == "s", let stride = Int(modifier.dropFirst()),
        (1...Self.largestNumber).contains(stride)
      {
        (window.strideHeight, window.strideWidth) = (stride, stride)
      } else if takesActivation, modifier == "norm" {
        isNormalized = true
      } else if takesActivation, modifier == "linear" {
        function = nil
      } else if takesActivation, let named = try activation(modifier) {
        function = named
      } else {
        throw modifierError(modifier)
      }
    }
    let fuses = name != "depthwise" && !isNormalized
    switch function {
    case .relu where fuses: return [make(window, .relu)]
    case .relu6 where fuses: return [make(window, .relu6)]
    case let function:
      return [make(window, .none)] + (isNormalized ? [.batchNormalization()] : [])
        + (function.map { [.activation($0)] } ?? [])
    }
  }

  /// The activation of a name, or `nil` where it is none's.
  private func activation(_ text: String) throws(TrainingError) -> Layer.ActivationFunction? {
    switch text {
    case "relu": return .relu
    case "relu6": return .relu6
    case "sigmoid": return .sigmoid
    case "tanh": return .tanh
    case "hardswish": return .hardSwish
    case "leaky": return .leakyRelu(alpha: 0.01)
    case _ where text.hasPrefix("leaky"):
      guard let alpha = Float(text.dropFirst("leaky".count)), alpha >= 0, alpha < 1 else {
        throw numberError("leaky0.1: a share below 1")
      }
      return .leakyRelu(alpha: alpha)
    default: return nil
    }
  }

  private func whole(_ text: String, form: String) throws(TrainingError) -> Int {
    guard let value = Int(text), (1...Self.largestNumber).contains(value) else { throw numberError(form) }
    return value
  }

  private func numberError(_ form: String) -> TrainingError { .layerNumber(layer: layer, word: word, form: form) }

  private func modifierError(_ modifier: String) -> TrainingError {
    .layerModifier(layer: layer, word: word, modifier: modifier)
  }
}
