import Foundation
import QuillFloat
import QuillONNX
import TestSupport
import Testing

@Suite struct ONNXWriterTests {
  /// Runs a graph on seeded values and answers all outputs in a row.
  static func outputs(_ graph: Graph, seed: UInt64 = 7) throws -> [Float] {
    var generator = SeededGenerator(seed: seed)
    let fed = graph.inputs.map { id in
      let shape = graph[id].shape
      let count = shape.reduce(1, *)
      return FloatTensor(shape: shape, values: (0..<count).map { _ in Float.random(in: -1...1, using: &generator) })
    }
    return try FloatEngine(graph).run(fed).flatMap(\.values)
  }

  @Test(.enabled(if: ReferenceNetworkTests.kerasIsThere), arguments: ReferenceNetworkTests.keras)
  func kerasNetworkComesBack(name: String) throws {
    var graph = try ONNXReader.read(ReferenceData.bytes("keras/\(name)/float.onnx")).withFewestTransposes()
    graph.metadata["labels"] = "0 1 2"
    let bytes = try ONNXWriter.write(graph)
    let again = try ONNXReader.read(bytes)
    #expect(again.metadata["labels"] == "0 1 2")
    #expect(again.inputs.map { again[$0].name } == graph.inputs.map { graph[$0].name })
    #expect(again.outputs.map { again[$0].name } == graph.outputs.map { graph[$0].name })
    #expect(try largestDifference(Self.outputs(again), Self.outputs(graph)) <= 1e-6)
    if let folder = ProcessInfo.processInfo.environment["QUILL_WRITE_ONNX"] {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).onnx"))
    }
  }
}
