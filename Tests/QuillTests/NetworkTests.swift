import Quill
import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Random networks of several operators: what one operator's test does not see, such as memory reuse, halos between
/// operators and fusion.
@Suite("Random networks")
struct NetworkTests {
  @Test("every level, fused or operator by operator, gives the same bytes", arguments: 0..<40)
  func levelsAgree(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 9000)
    let graph = RandomNetwork.make(&random)
    let bytes = try Flat.bytes(graph)
    let input = random.int8s(graph.tensors[graph.inputs[0]].shape.product)
    let expected = try Flat.run(bytes, [input], level: .plain, stepwise: true)
    for level in Flat.levels {
      for stepwise in [false, true] {
        #expect(
          try Flat.run(bytes, [input], level: level, stepwise: stepwise) == expected, "seed \(seed), \(level.name)")
      }
    }
  }

  @Test("a second run does not depend on the first", arguments: 0..<20)
  func runsAreIndependent(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 9000)
    let graph = RandomNetwork.make(&random)
    let bytes = try Flat.bytes(graph)
    let model = try Model(copying: bytes.span)
    var engine = Engine(for: model)
    let count = graph.tensors[graph.inputs[0]].shape.product
    let inputs = [random.int8s(count), random.int8s(count)]
    let answers = [0, 1, 0, 1].map { answer(to: inputs[$0], model, &engine) }
    #expect(answers[0] == answers[2] && answers[1] == answers[3])
  }

  private func answer(to input: [Int8], _ model: borrowing Model, _ engine: inout Engine) -> [Int8] {
    var values = [Int8](repeating: 0, count: model.tensors[model.outputTensor()].count)
    var span = values.mutableSpan
    engine.run(model, input.span, into: &span)
    return values
  }

  @Test("the arena is at most 1.05 times what is alive at once", arguments: 0..<40)
  func arena(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 9000)
    let graph = RandomNetwork.make(&random)
    let file = try FlatFileWriter.write(graph, match: .tensorFlowLiteMicro, FlatFileDescription())
    let model = try Model(copying: file.bytes.span)
    #expect(Double(model.arenaByteCount) <= 1.05 * Double(file.arenaLowerBound) + 16, "seed \(seed)")
  }

  @Test("golden vectors hold, and name the operator whose weights were changed")
  func golden() throws {
    var random = SeededGenerator(seed: 77)
    let graph = RandomNetwork.make(&random)
    var bytes = try Flat.bytes(graph)
    let model = try Model(copying: bytes.span)
    var engine = Engine(for: model)
    #expect(GoldenVectors.verify(model, with: &engine) == nil)
    // One bit of the last operator's checksum in the first case.
    let last = model.operatorCount - 1
    let offset = model.sections[.golden].offset + 8 + 4 * last
    bytes[offset] ^= 1
    FlatFileSeal.seal(&bytes)
    let changed = try Model(copying: bytes.span)
    var other = Engine(for: changed)
    guard case .operator(let index, let number, _, _) = GoldenVectors.verify(changed, with: &other) else {
      Issue.record("the change was not seen")
      return
    }
    #expect(index == last && number == 0)
  }

  @Test("the same network gives the same bytes")
  func reproducible() throws {
    var first = SeededGenerator(seed: 5)
    var second = SeededGenerator(seed: 5)
    #expect(try Flat.bytes(RandomNetwork.make(&first)) == Flat.bytes(RandomNetwork.make(&second)))
  }
}
