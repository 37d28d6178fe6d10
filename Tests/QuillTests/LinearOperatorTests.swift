import Quill
import QuillConverter
import QuillFloat
import TestSupport
import Testing

@Suite("Linear operators on random shapes, on every level")
struct LinearOperatorTests {
  /// A random convolution as a network of one operator, and its answer by definition.
  private struct Case {
    var graph: QuantizedGraph
    var values: [Int8]
    var expected: [Int8]
  }

  @Test("Conv2D equals its definition", arguments: 0..<60)
  func convolution(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 1000)
    try check(convolutionCase(&random, depthwise: false), "seed \(seed)")
  }

  @Test("DepthwiseConv2D equals its definition", arguments: 0..<60)
  func depthwise(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 2000)
    try check(convolutionCase(&random, depthwise: true), "seed \(seed)")
  }

  @Test("FullyConnected equals its definition in both roundings", arguments: 0..<60)
  func fullyConnected(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 3000)
    let depth = random.integer(1...300)
    let outputs = random.integer(1...50)
    let weights = linearWeights(&random, [outputs, depth], channels: outputs)
    let input = tensor(&random, "input", [1, depth])
    let output = outputTensor(&random, [1, outputs], input)
    let image = PlainImage(height: 1, width: 1, channels: depth, values: random.int8s(depth))
    let graph = Flat.graph(.fullyConnected(.none, weights), [input], output)
    for match in Match.allCases {
      let expected = PlainOperators.linear(
        PlainOperators.Linear(
          kernel: (1, 1, depth), stride: (1, 1), dilation: (1, 1), padding: (0, 0), weights: weights,
          weight: { o, _, _, i in Int(weights.values[o * depth + i]) }, channel: { _, i in i }, low: -128, high: 127,
          isReal: match == .liteRT),
        image, input, output, height: 1, width: 1, channels: outputs)
      try check(Case(graph: graph, values: image.values, expected: expected), "seed \(seed)", match)
    }
  }

  private func check(_ test: Case, _ comment: Comment, _ match: Match = .tensorFlowLiteMicro) throws {
    let bytes = try Flat.bytes(test.graph, match)
    for level in Flat.levels {
      for stepwise in [true, false] {
        let found = try Flat.run(bytes, [test.values], level: level, stepwise: stepwise)
        #expect(found == [test.expected], "\(level.name), \(comment)")
      }
    }
  }

  private func tensor(_ random: inout SeededGenerator, _ name: String, _ shape: [Int]) -> QuantizedGraph.Tensor {
    QuantizedGraph.Tensor(
      name: name, shape: shape, scale: random.scale(), zeroPoint: Int32(random.integer(-128...127)))
  }

  /// Steps that keep every accumulator within 32 bits; `KernelTests` goes to the limits.
  private func outputTensor(
    _ random: inout SeededGenerator, _ shape: [Int], _ input: QuantizedGraph.Tensor
  ) -> QuantizedGraph.Tensor {
    var output = tensor(&random, "output", shape)
    output.scale = max(output.scale, input.scale / 16)
    return output
  }

  private func linearWeights(
    _ random: inout SeededGenerator, _ shape: [Int], channels: Int
  ) -> QuantizedWeights {
    let scales = random.once(in: 4) ? [random.scale() / 64] : (0..<channels).map { _ in random.scale() / 64 }
    let bias = random.once(in: 4) ? nil : (0..<channels).map { _ in Int32(random.integer(-20_000...20_000)) }
    return QuantizedWeights(values: random.weights(shape.product), shape: shape, scales: scales, bias: bias)
  }

  private func convolutionCase(_ random: inout SeededGenerator, depthwise: Bool) -> Case {
    let image = PlainImage(random: &random, channels: depthwise ? 1...40 : 1...20)
    let kernel = (random.integer(1...min(5, image.height)), random.integer(1...min(5, image.width)))
    let stride = (random.integer(1...3), random.integer(1...3))
    let dilation = (
      random.integer(1...max(1, (image.height - 1) / max(1, kernel.0 - 1))).clampedTo(3),
      random.integer(1...max(1, (image.width - 1) / max(1, kernel.1 - 1))).clampedTo(3)
    )
    let reach = ((kernel.0 - 1) * dilation.0 + 1, (kernel.1 - 1) * dilation.1 + 1)
    let padding = Operation.Padding(
      top: random.integer(0...(reach.0 - 1)), left: random.integer(0...(reach.1 - 1)),
      bottom: random.integer(0...(reach.0 - 1)), right: random.integer(0...(reach.1 - 1)))
    let height = (image.height + padding.top + padding.bottom - reach.0) / stride.0 + 1
    let width = (image.width + padding.left + padding.right - reach.1) / stride.1 + 1
    let groups =
      depthwise
      ? image.channels : (1...image.channels).filter { image.channels % $0 == 0 }.randomElement(using: &random) ?? 1
    let channels =
      depthwise ? image.channels * random.integer(1...3) : groups * random.integer(1...(groups > 1 ? 20 : 40))
    let depth = image.channels / groups
    let shape = depthwise ? [1, kernel.0, kernel.1, channels] : [channels, kernel.0, kernel.1, depth]
    let weights = linearWeights(&random, shape, channels: channels)
    let activation: Operation.Activation =
      [.none, .relu, .relu6, .reluMinus1To1].randomElement(using: &random) ?? .none
    let parameters = Operation.Convolution(
      strideHeight: stride.0, strideWidth: stride.1, dilationHeight: dilation.0, dilationWidth: dilation.1,
      padding: padding, groups: groups, activation: activation)
    let input = tensor(&random, "input", [1, image.height, image.width, image.channels])
    let output = outputTensor(&random, [1, height, width, channels], input)
    let bounds = Bounds.of(activation, output)
    let linear = PlainOperators.Linear(
      kernel: (kernel.0, kernel.1, depthwise ? 1 : depth), stride: stride, dilation: dilation,
      padding: (padding.top, padding.left), weights: weights,
      weight: { o, ky, kx, i in
        depthwise
          ? Int(weights.values[(ky * kernel.1 + kx) * channels + o])
          : Int(weights.values[((o * kernel.0 + ky) * kernel.1 + kx) * depth + i])
      },
      channel: { o, i in depthwise ? o / (channels / image.channels) : o / (channels / groups) * depth + i },
      low: bounds.low, high: bounds.high)
    let expected = PlainOperators.linear(
      linear, image, input, output, height: height, width: width, channels: channels)
    let operation: QuantizedOperation =
      depthwise ? .depthwiseConv2D(parameters, weights) : .conv2D(parameters, weights)
    return Case(graph: Flat.graph(operation, [input], output), values: image.values, expected: expected)
  }
}

/// The least and the greatest value that an activation leaves, by `arithmetic.md`.
struct Bounds {
  let low: Int
  let high: Int

  static func of(_ activation: Operation.Activation, _ output: QuantizedGraph.Tensor) -> Bounds {
    func step(_ real: Float) -> Int {
      let steps = Double((real / output.scale).rounded(.toNearestOrAwayFromZero))
      return Int(max(-128, min(127, steps + Double(output.zeroPoint))))
    }
    switch activation {
    case .none: return Bounds(low: -128, high: 127)
    case .relu: return Bounds(low: Int(output.zeroPoint), high: 127)
    case .relu6: return Bounds(low: Int(output.zeroPoint), high: step(6))
    case .reluMinus1To1: return Bounds(low: step(-1), high: step(1))
    }
  }
}

extension PlainImage {
  init(random: inout SeededGenerator, channels: ClosedRange<Int>) {
    let height = random.integer(1...9)
    let width = random.integer(1...11)
    let channels = random.integer(channels)
    self.init(
      height: height, width: width, channels: channels, values: random.int8s(height * width * channels))
  }
}

extension Int {
  fileprivate func clampedTo(_ limit: Int) -> Int { Swift.min(self, limit) }
}
