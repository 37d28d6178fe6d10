import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// What follows a transposed convolution goes into the convolutions that it became.
@Suite struct InterleavingTests {
  /// A doubling by a kernel of 4, with something behind it; and the same lowered.
  private func lowered(
    isAnswer: Bool = false,
    _ build: (inout GraphBuilder, Graph.TensorID) throws -> Graph.TensorID
  ) throws -> (graph: Graph, lowered: Graph) {
    var random = SeededGenerator(seed: 3)
    var builder = GraphBuilder(name: "doubling")
    let input = try builder.input("x", shape: [1, 3, 4, 2])
    let axes = try [3, 4].map { extent in
      try #require(
        TransposedConvolution.Axis(input: extent, output: 2 * extent, kernel: 4, stride: 2, dilation: 1, before: 1))
    }
    let plan = TransposedConvolution(rows: axes[0], columns: axes[1], kernelShape: [3, 4, 4, 2])
    let kernel = (0..<96).map { _ in Float.random(in: -1...1, using: &random) }
    var parts: [Graph.TensorID] = []
    for part in 0..<plan.partCount {
      let weights = try builder.constant(
        "w\(part)", shape: plan.weightShape(part), plan.weights(part, of: kernel, zero: 0))
      parts.append(
        try builder.append(.conv2D(plan.convolution(part)), [input, weights], name: "rows\(part)"))
    }
    let image = try plan.assembled(parts) { operation, inputs, shape throws(GraphError) in
      try builder.append(operation, inputs, name: "image", outputShape: shape)
    }
    if isAnswer { builder.output(image) }
    builder.output(try build(&builder, image))
    let graph = try builder.finish()
    return (graph, try graph.lowered(addsSoftmax: false))
  }

  private func expectEqual(_ graph: Graph, _ lowered: Graph) throws {
    let image = FloatTensor(shape: [1, 3, 4, 2], values: (0..<24).map { Float($0 % 7) - 3 })
    let (first, second) = (try FloatEngine(graph).run([image]), try FloatEngine(lowered).run([image]))
    for (one, other) in zip(first.flatMap(\.values), second.flatMap(\.values)) { #expect(abs(one - other) < 1e-4) }
  }

  private func normalised(_ builder: inout GraphBuilder, _ image: Graph.TensorID) throws -> Graph.TensorID {
    let parts: [(String, [Float])] = [
      ("gamma", [2, 1, 0.5]), ("beta", [0, 1, -1]), ("mean", [0.5, -1, 0]), ("variance", [1, 4, 2]),
    ]
    let constants = try parts.map { try builder.constant($0.0, shape: [3], $0.1) }
    return try builder.append(.batchNormalization(epsilon: 0.001), [image] + constants, name: "normal")
  }

  @Test func normalisationAndActivationGoIntoEveryPart() throws {
    let (graph, lowered) = try lowered { builder, image in
      try builder.append(.unary(.activation(.relu)), [try normalised(&builder, image)], name: "relu")
    }
    let layers = lowered.nodes.compactMap { node -> QuillFloat.Operation.Activation? in
      if case .conv2D(let parameters) = node.operation { parameters.activation } else { nil }
    }
    #expect(layers == [.relu, .relu])
    let rest = lowered.nodes.contains { node in
      switch node.operation {
      case .conv2D, .reshape, .concatenate, .slice: false
      default: true
      }
    }
    #expect(!rest, "\(lowered.nodes.map(\.operation))")
    try expectEqual(graph, lowered)
  }

  @Test func whatIsReadElsewhereStaysAsItIs() throws {
    let (graph, lowered) = try lowered(isAnswer: true) { builder, image in try normalised(&builder, image) }
    #expect(lowered.nodes.contains { if case .depthwiseConv2D = $0.operation { true } else { false } })
    try expectEqual(graph, lowered)
  }
}
