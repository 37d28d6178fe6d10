import Foundation
import QuillFloat
import QuillONNX
import TestSupport
import Testing

/// Random graphs answer the same when rewritten, and when written and read again.
@Suite struct RandomGraphTests {
  /// How many graphs are drawn; the environment's `QUILL_RANDOM_GRAPHS` raises it. The seed of each is in the message.
  static let count = ProcessInfo.processInfo.environment["QUILL_RANDOM_GRAPHS"].flatMap(UInt64.init) ?? 400

  private func close(_ graph: Graph, to expected: [Float]) throws -> Bool {
    let scale = max(1, expected.map(abs).max() ?? 1)
    return try largestDifference(Self.outputs(graph), expected) <= 1e-5 * scale
  }

  /// Seeded values for all inputs in a row.
  static func fed(_ graph: Graph) -> [Float] {
    var generator = SeededGenerator(seed: 11)
    let count = graph.inputs.reduce(0) { $0 + graph[$1].shape.reduce(1, *) }
    return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  /// The outputs in a row for inputs of the same values, whatever their layout.
  static func outputs(_ graph: Graph) throws -> [Float] { try FixtureTests.run(graph, on: fed(graph)) }

  @Test func rewrittenGraphsAnswerAlike() throws {
    for seed in 0..<Self.count {
      let graph = try RandomGraph.draw(seed: seed)
      let expected = try Self.outputs(graph)
      let kept = try graph.withFewestTransposes(keepingInputs: true)
      #expect(try close(kept, to: expected), "seed \(seed)")
      #expect(kept.inputs.map { kept[$0] } == graph.inputs.map { graph[$0] }, "seed \(seed)")
      #expect(kept.outputs.map { kept[$0].name } == graph.outputs.map { graph[$0].name }, "seed \(seed)")
      #expect(kept.outputs.map { kept[$0].shape } == graph.outputs.map { graph[$0].shape }, "seed \(seed)")
      #expect(try close(graph.withFewestTransposes(), to: expected), "seed \(seed)")
    }
  }

  @Test func writtenGraphsAnswerAlike() throws {
    for seed in 0..<Self.count {
      let graph = try RandomGraph.draw(seed: seed)
      let bytes = try ONNXWriter.write(graph)
      if let folder = ProcessInfo.processInfo.environment["QUILL_WRITE_RANDOM"] {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(seed).onnx"))
        for (floats, kind) in [(Self.fed(graph), "in"), (try Self.outputs(graph), "f32")] {
          try floats.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: "\(folder)/\(seed).\(kind)"))
        }
      }
      var options = ONNXReader.Options()
      options.inputShapes = Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph[$0].name, graph[$0].shape) })
      let again = try ONNXReader.read(bytes, options: options)
      #expect(try close(again, to: Self.outputs(graph)), "seed \(seed)")
      #expect(again.outputs.map { again[$0].shape } == graph.outputs.map { graph[$0].shape }, "seed \(seed)")
    }
  }
}
