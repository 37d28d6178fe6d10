import Foundation
import QuillFloat
import QuillONNX
import Testing

/// The committed networks against what onnxruntime answered (`Fixtures/make-fixtures.py`).
@Suite struct FixtureTests {
  static let names = [
    "pytorch-cnn", "pytorch-fixed-batch", "keras-cnn", "convolutions", "pools", "dilated-means", "activations",
    "sequences",
    "old-operators", "arithmetic", "products", "reductions", "movements", "resizes", "shape-arithmetic", "patterns",
    "normalizations", "element-types", "byte-input", "external-data",
    "stored-integers", "functions",
  ]

  /// A network of the folder of fixtures.
  static func network(_ name: String) throws -> Graph {
    try ONNXReader.read(TestFiles.bytes(TestFiles.fixtures.appendingPathComponent("\(name).onnx"))) { location in
      try? TestFiles.bytes(TestFiles.fixtures.appendingPathComponent(location))
    }
  }

  /// The floats beside a network: inputs, then outputs.
  static func floats(_ name: String) throws -> [Float] {
    let bytes = try TestFiles.bytes(TestFiles.fixtures.appendingPathComponent("\(name).f32"))
    return stride(from: 0, to: bytes.count, by: 4).map { offset in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) })
    }
  }

  /// Feeds the first floats to a graph, whose inputs may have become NHWC, and answers its outputs in a row.
  static func run(_ graph: Graph, on floats: [Float]) throws -> [Float] {
    var start = 0
    let fed = graph.inputs.map { id in
      let shape = graph[id].shape
      var values = Array(floats[start..<(start + shape.reduce(1, *))])
      start += values.count
      if graph.metadata["quill.inputLayout"] == "NHWC", shape.count == 4 {
        let (height, width, channels) = (shape[1], shape[2], shape[3])
        values = (0..<values.count).map { index in
          let (pixel, channel) = (index / channels, index % channels)
          return values[channel * height * width + pixel]
        }
      }
      return FloatTensor(shape: shape, values: values)
    }
    return try FloatEngine(graph).run(fed).flatMap(\.values)
  }

  private func expectAnswers(_ graph: Graph, _ floats: [Float], _ comment: Comment) throws {
    let fedCount = graph.inputs.reduce(0) { $0 + graph[$1].shape.reduce(1, *) }
    let expected = floats[fedCount...]
    let scale = max(1, expected.map(abs).max() ?? 1)
    #expect(try largestDifference(Self.run(graph, on: floats), expected) <= 2e-6 * scale, comment)
  }

  @Test(arguments: names) func networkAnswersAsInOnnxruntime(name: String) throws {
    try expectAnswers(Self.network(name), Self.floats(name), "as read")
  }

  @Test(arguments: names) func networkAnswersAlikeWithoutTransposes(name: String) throws {
    let graph = try Self.network(name)
    let rewritten = try graph.withFewestTransposes()
    try expectAnswers(rewritten, Self.floats(name), "rewritten")
    #expect(rewritten.outputs.map { rewritten[$0].name } == graph.outputs.map { graph[$0].name })
    #expect(rewritten.outputs.map { rewritten[$0].shape } == graph.outputs.map { graph[$0].shape })
    #expect(Self.transposeCount(rewritten) <= Self.transposeCount(graph))
  }

  @Test(arguments: names) func networkComesBackFromTheWriter(name: String) throws {
    for graph in [try Self.network(name), try Self.network(name).withFewestTransposes()] {
      let bytes = try ONNXWriter.write(graph)
      #expect(try ONNXWriter.write(graph) == bytes)
      let again = try ONNXReader.read(bytes)
      try expectAnswers(again, Self.floats(name), "read again")
      #expect(again.inputs.map { again[$0] } == graph.inputs.map { graph[$0] })
      #expect(again.outputs.map { again[$0].name } == graph.outputs.map { graph[$0].name })
      #expect(again.metadata["made"] == "for tests")
      if let folder = ProcessInfo.processInfo.environment["QUILL_WRITE_ONNX"] {
        let layout = graph.metadata["quill.inputLayout"] ?? "own"
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)-\(layout).onnx"))
      }
    }
  }

  @Test func classifiersNeedNoTransposes() throws {
    for (name, layout) in [("pytorch-cnn", "NHWC"), ("keras-cnn", nil)] {
      let rewritten = try Self.network(name).withFewestTransposes()
      #expect(Self.transposeCount(rewritten) == 0, "\(name)")
      #expect(rewritten.metadata["quill.inputLayout"] == layout, "\(name)")
    }
  }

  @Test func metadataTellsTheProducer() throws {
    let graph = try Self.network("pytorch-cnn")
    #expect(graph.metadata == ["onnx.producer": "pytorch", "onnx.opset": "13", "made": "for tests"])
    #expect(graph.name == "pytorch-cnn")
    #expect(graph[graph.inputs[0]].shape == [1, 1, 12, 12])
  }

  @Test func decomposedSoftmaxIsOneNode() throws {
    let graph = try Self.network("patterns")
    #expect(graph.nodes.contains { $0.operation == .softmax(axis: 2) })
    #expect(graph.nodes.contains { $0.operation == .unary(.leakyRelu(alpha: 0.1)) })
    #expect(!graph.nodes.contains { $0.operation == .unary(.exp) })
  }

  static func transposeCount(_ graph: Graph) -> Int {
    graph.nodes.count { node in if case .transpose = node.operation { true } else { false } }
  }
}
