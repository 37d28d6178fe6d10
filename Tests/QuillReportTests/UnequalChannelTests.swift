import Quill
import QuillConverter
import QuillFloat
import QuillReport
import TestSupport
import Testing

/// The shipped network as other tools' networks sometimes are: the same answers, from channels of very different sizes.
@Suite("Networks with channels of unequal size")
struct UnequalChannelTests {
  private static func unequal() throws -> Graph {
    let graph = try Shipped.graph().lowered(addsSoftmax: false)
    var random = SeededGenerator(seed: 3)
    var exponents: [String: [Int]] = [:]
    for node in graph.nodes {
      let tensor = graph[node.output]
      exponents[tensor.name] = (0..<(tensor.shape.last ?? 0)).map { _ in Int.random(in: -5...5, using: &random) }
    }
    return graph.scaled(byExponents: exponents)
  }

  @Test("int8 loses no more of it than of the equal one, and drift measures it at the file's sizes")
  func keepsAnswers() throws {
    let graph = try Self.unequal()
    #expect(graph != (try Shipped.graph().lowered(addsSoftmax: false)))
    let result = try Shipped.converted(graph)
    #expect(result.balancedTensorCount == 5)
    let report = try Shipped.drift(graph, result.bytes, count: 500)
    #expect(report.agreement ?? 0 >= 0.995)
    #expect(report.layers.count >= 7)
    #expect(report.layers.allSatisfy { $0.sqnrDecibels ?? .infinity >= 30 }, "\(report.text)")
  }

  @Test("the shipped network's channels are left as they are")
  func equalChannels() throws {
    let result = try Shipped.converted(try Shipped.graph())
    #expect(result.balancedTensorCount == 0)
    let model = try Model(copying: result.bytes.span)
    #expect(!model.sections[.channelExponents].isPresent)
  }

  @Test("a section that does not fit the tensors is refused with its offset")
  func badSection() throws {
    let graph = try Self.unequal()
    var bytes = try Shipped.converted(graph).bytes
    let offset = try Model(copying: bytes.span).sections[.channelExponents].offset
    bytes[offset + 4] &+= 1
    FlatFileSeal.seal(&bytes)
    #expect(throws: DriftError.channelExponents(offset: offset)) { try Drift(graph, SharedModel(bytes)) }
    #expect(
      DriftError.channelExponents(offset: 64).description
        == "the section of channel exponents does not fit the tensors at offset 64; expected a tensor, its number of channels, and as many exponents of -20...20: convert the network again"
    )
  }
}
