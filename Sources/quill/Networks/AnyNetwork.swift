import QuillReport

/// A network that the tool can run.
enum AnyNetwork: Sendable {
  /// A float graph.
  case float(FloatNetwork)

  /// A `.quill` file.
  case quantized(QuantizedNetwork)

  /// What the tool knows of it.
  var facts: NetworkFacts {
    switch self {
    case .float(let network): network.facts
    case .quantized(let network): network.facts
    }
  }
}

/// A network's inputs, outputs and layers, whatever its kind.
struct NetworkFacts: Sendable {
  /// A tensor that a network takes, computes or answers.
  struct Tensor: Sendable, Encodable {
    let name: String

    /// Extents, batch first.
    let shape: [Int]

    /// `real = scale * (value - zeroPoint)`, for int8.
    var scale: Float?
    var zeroPoint: Int?

    /// Where it lies in the arena, halo included, for int8.
    var arena: NetworkPicture.Place?

    /// The real numbers that -128 and 127 stand for: what calibration, or the network that was taken over, covers.
    var range: ClosedRange<Float>? {
      guard let scale, let zeroPoint, scale > 0 else { return nil }
      return scale * Float(-128 - zeroPoint)...scale * Float(127 - zeroPoint)
    }

    private enum CodingKeys: String, CodingKey {
      case name, shape, scale, zeroPoint, range, arena
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(shape, forKey: .shape)
      try container.encodeIfPresent(scale, forKey: .scale)
      try container.encodeIfPresent(zeroPoint, forKey: .zeroPoint)
      try container.encodeIfPresent(range.map { [$0.lowerBound, $0.upperBound] }, forKey: .range)
      try container.encodeIfPresent(arena, forKey: .arena)
    }

    /// The extents of one sample: the shape without its batch, where it has one.
    var sampleShape: [Int] { shape.first == 1 ? Array(shape.dropFirst()) : shape }

    /// Elements of one sample.
    var count: Int { shape.reduce(1, *) }
  }

  /// One operator, and what it costs.
  struct Layer: Sendable, Encodable {
    let index: Int
    let `operator`: String
    let name: String
    let outputShape: [Int]

    /// Weights and biases that it reads.
    let parameters: Int

    /// Products that it adds up.
    let multiplyAccumulates: Int

    /// Positions in `NetworkFacts.tensors` of what it reads (constants left out) and writes.
    let inputs: [Int]
    let output: Int

    /// The least and the greatest of its constants, for floats.
    var parameterRange: ClosedRange<Float>?

    private enum CodingKeys: String, CodingKey {
      case index, `operator`, name, outputShape, parameters, multiplyAccumulates, parameterRange
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(index, forKey: .index)
      try container.encode(`operator`, forKey: .operator)
      try container.encode(name, forKey: .name)
      try container.encode(outputShape, forKey: .outputShape)
      try container.encode(parameters, forKey: .parameters)
      try container.encode(multiplyAccumulates, forKey: .multiplyAccumulates)
      try container.encodeIfPresent(
        parameterRange.map { [$0.lowerBound, $0.upperBound] }, forKey: .parameterRange)
    }
  }

  let format: NetworkFormat

  /// The file as the user named it.
  let path: String
  let name: String
  let fileByteCount: Int

  /// The memory that its tensors take on the board; `nil` for a float network.
  let arenaByteCount: Int?

  /// Every tensor that is fed or computed; layers, inputs and outputs name them by position.
  let tensors: [Tensor]
  let inputs: [Int]
  let outputs: [Int]
  let layers: [Layer]

  /// The names of classes, empty where the file holds none.
  let labels: [String]

  /// What else the file says of itself.
  let remarks: [Remark]

  /// A remark of a file on itself.
  struct Remark: Sendable {
    let key: String
    let value: String
  }

  /// Whether its tensors are int8.
  var isQuantized: Bool { inputTensors.allSatisfy { $0.scale != nil } }

  var parameterCount: Int { layers.reduce(0) { $0 + $1.parameters } }
  var multiplyAccumulateCount: Int { layers.reduce(0) { $0 + $1.multiplyAccumulates } }
  var inputTensors: [Tensor] { inputs.map { tensors[$0] } }
  var outputTensors: [Tensor] { outputs.map { tensors[$0] } }

  /// The name of a class: its label, else its number.
  func label(_ index: Int) -> String { labels.indices.contains(index) ? labels[index] : String(index) }
}
