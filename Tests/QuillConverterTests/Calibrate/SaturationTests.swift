import QuillConverter
import QuillFloat
import Testing

/// Ranges of what a sigmoid or tangent alone reads end where eight bits of the answer do.
@Suite struct SaturationTests {
  /// A layer that multiplies by a thousand, and what follows.
  private func graph(
    shape: [Int] = [1, 2, 2, 1],
    _ build: (inout GraphBuilder, Graph.TensorID) throws -> Graph.TensorID
  ) throws -> Graph {
    var builder = GraphBuilder(name: "steep")
    let input = try builder.input("x", shape: shape)
    let depth = shape[shape.count - 1]
    let weights = try builder.constant(
      "w", shape: [depth, depth], (0..<depth * depth).map { $0 % (depth + 1) == 0 ? 1000 : 0 })
    let scores = try builder.append(.fullyConnected(.none), [input, weights], name: "scores")
    builder.output(try build(&builder, scores))
    return try builder.finish()
  }

  private func range(_ graph: Graph) throws -> Calibration.Range {
    let calibration = try Calibration(graph, count: 2) { index in
      [FloatTensor(shape: graph[graph.inputs[0]].shape, values: index == 0 ? [-1, 0, 1, 0.002] : [0, 0, 0, 0])]
    }
    return calibration[graph.nodes[0].output]
  }

  @Test func aPictureOfSigmoids() throws {
    let graph = try graph { try $0.append(.unary(.sigmoid), [$1], name: "y") }
    #expect(try range(graph) == Calibration.Range(low: -8, high: 8))
  }

  @Test func aHiddenTangent() throws {
    let graph = try graph { builder, scores in
      let tangent = try builder.append(.unary(.tanh), [scores], name: "t")
      return try builder.append(.reshape, [tangent], name: "y", outputShape: [1, 4])
    }
    #expect(try range(graph) == Calibration.Range(low: -4, high: 4))
  }

  @Test func classesKeepTheirOrder() throws {
    let graph = try graph(shape: [1, 4]) { try $0.append(.unary(.sigmoid), [$1], name: "y") }
    #expect(try range(graph) == Calibration.Range(low: -1000, high: 1000))
  }

  @Test func aGateThatMultipliesItsOwnScoresKeepsThem() throws {
    let graph = try graph { builder, scores in
      let gate = try builder.append(.unary(.sigmoid), [scores], name: "g")
      return try builder.append(.binary(.multiply, .none), [scores, gate], name: "y")
    }
    #expect(try range(graph) == Calibration.Range(low: -1000, high: 1000))
  }

  @Test func aSteepPictureIsConverted() throws {
    let graph = try graph { try $0.append(.unary(.sigmoid), [$1], name: "y") }
    let result = try Converter.convert(graph, Converter.Options(), calibrationCount: 1) { _ in
      [FloatTensor(shape: [1, 2, 2, 1], values: [-1, 1, 0.5, 0.002])]
    }
    #expect(!result.bytes.isEmpty)
  }
}
