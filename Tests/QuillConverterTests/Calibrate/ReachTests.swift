import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Which values of a tensor its readers tell apart.
@Suite("Reach of a tensor")
struct ReachTests {
  private typealias Range = Calibration.Range

  /// The reach of `x` in a network that reads it so.
  private func reach(
    shape: [Int] = [1, 2, 2, 3],
    _ build: (inout GraphBuilder, Graph.TensorID) throws -> Graph.TensorID
  ) throws -> Calibration.Range {
    var builder = GraphBuilder(name: "readers")
    let input = try builder.input("x", shape: shape)
    builder.output(try build(&builder, input))
    return try builder.finish().reaches()[input.index]
  }

  private func scaled(
    _ builder: inout GraphBuilder, _ x: Graph.TensorID, gains: [Float], shifts: [Float],
    _ activation: Operation.Activation
  ) throws -> Graph.TensorID {
    let parameters = Operation.Convolution(groups: 3, activation: activation)
    let weights = try builder.constant("gains", shape: [1, 1, 1, 3], gains)
    let offsets = try builder.constant("shifts", shape: [3], shifts)
    return try builder.append(.depthwiseConv2D(parameters), [x, weights, offsets], name: "scaled")
  }

  @Test("an answer is read in full")
  func answer() throws {
    #expect(try reach { _, x in x } == .all)
  }

  @Test("scale, shift and ReLU: from where the first channel lets something through, whatever a channel of gain 0 adds")
  func scaleAndShift() throws {
    let relu = try reach { builder, x in
      try scaled(&builder, x, gains: [2, 1, 0], shifts: [1, -3, 7], .relu)
    }
    #expect(relu == Range(low: -0.5, high: .infinity))
    let relu6 = try reach { builder, x in
      try scaled(&builder, x, gains: [2, 1, 4], shifts: [1, -3, 2], .relu6)
    }
    #expect(relu6 == Range(low: -0.5, high: 9))
    let turned = try reach { builder, x in
      try scaled(&builder, x, gains: [-2, -1, -1], shifts: [1, 3, 2], .relu)
    }
    #expect(turned == Range(low: -.infinity, high: 3))
    let both = try reach { builder, x in
      try scaled(&builder, x, gains: [-2, 1, 1], shifts: [1, 3, 2], .relu)
    }
    #expect(both == .all)
  }

  @Test("sums and products with constants, and what only moves values, hand the reach on")
  func arithmetic() throws {
    let found = try reach { builder, x in
      let listed = try builder.append(.reshape, [x], name: "list", outputShape: [1, 12])
      let gain = try builder.constant("gain", shape: [1], [0.5])
      let shift = try builder.constant("shift", shape: [1], [-2])
      let product = try builder.append(.binary(.multiply, .none), [gain, listed], name: "product")
      return try builder.append(.binary(.add, .reluMinus1To1), [product, shift], name: "sum")
    }
    #expect(found == Range(low: 2, high: 6))
  }

  @Test("of several readers the one that sees most decides")
  func readers() throws {
    let found = try reach { builder, x in
      let low = try builder.append(.unary(.clip(low: -3, high: 1)), [x], name: "low")
      let high = try builder.append(.unary(.activation(.relu6)), [x], name: "high")
      return try builder.append(.concatenate(axis: 3), [low, high], name: "both")
    }
    #expect(found == Range(low: -3, high: 6))
  }

  @Test("means, and sums of two tensors, tell all values apart whatever follows")
  func mixing() throws {
    let pooled = try reach { builder, x in
      let pooling = Operation.Pooling(windowHeight: 2, windowWidth: 2, strideHeight: 2, strideWidth: 2)
      let pool = try builder.append(.averagePool2D(pooling, countsPadding: false), [x], name: "pool")
      return try builder.append(.unary(.activation(.relu)), [pool], name: "relu")
    }
    #expect(pooled == .all)
    let doubled = try reach { builder, x in try builder.append(.binary(.add, .relu), [x, x], name: "twice") }
    #expect(doubled == .all)
  }

  @Test("a sigmoid is read as far as eight bits show it, a tangent half as far")
  func saturation() throws {
    #expect(try reach { try $0.append(.unary(.sigmoid), [$1], name: "y") } == Range(low: -8, high: 8))
    let hidden = try reach { builder, x in
      let tangent = try builder.append(.unary(.tanh), [x], name: "tangent")
      return try builder.append(.reshape, [tangent], name: "y", outputShape: [1, 12])
    }
    #expect(hidden == Range(low: -4, high: 4))
  }

  @Test("a sigmoid for each class keeps the order of their scores, and a gate the scores that it multiplies")
  func scores() throws {
    #expect(try reach(shape: [1, 4]) { try $0.append(.unary(.sigmoid), [$1], name: "y") } == .all)
    let gated = try reach { builder, x in
      let gate = try builder.append(.unary(.sigmoid), [x], name: "gate")
      return try builder.append(.binary(.multiply, .none), [x, gate], name: "y")
    }
    #expect(gated == .all)
  }

  @Test("a calibrated range ends where the reach does, and so does what is converted")
  func calibratedRange() throws {
    var builder = GraphBuilder(name: "steep")
    let input = try builder.input("x", shape: [1, 2, 2, 1])
    let gain = try builder.constant("gain", shape: [1, 1], [1000])
    let scores = try builder.append(.fullyConnected(.none), [input, gain], name: "scores")
    builder.output(try builder.append(.unary(.sigmoid), [scores], name: "y"))
    let graph = try builder.finish()
    let image: @Sendable (Int) -> [FloatTensor] = { _ in
      [FloatTensor(shape: [1, 2, 2, 1], values: [-1, 1, 0.5, 0.002])]
    }
    #expect(try Calibration(graph, count: 1, inputs: image)[scores] == Range(low: -8, high: 8))
    let result = try Converter.convert(graph, Converter.Options(), calibrationCount: 1, calibrationInputs: image)
    let tensor = try #require(result.quantized.tensors.first { $0.name == "scores" })
    #expect(abs(tensor.scale * 255 - 16) < 0.1)
  }

  @Test("values beyond a reach change no answer")
  func answers() throws {
    var builder = GraphBuilder(name: "affine")
    let input = try builder.input("x", shape: [1, 2, 2, 3])
    builder.output(try scaled(&builder, input, gains: [2, 1, 0.5], shifts: [1, 3, -2], .relu6))
    let graph = try builder.finish()
    let reach = graph.reaches()[input.index]
    var random = SeededGenerator(seed: 3)
    let values = (0..<12).map { _ in Float.random(in: -40...40, using: &random) }
    #expect(values.contains { $0 != reach.clamping($0) })
    let answers = try [values, values.map(reach.clamping)].map {
      try FloatEngine(graph).run([FloatTensor(shape: [1, 2, 2, 3], values: $0)])[0].values
    }
    #expect(answers[0] == answers[1])
  }
}
