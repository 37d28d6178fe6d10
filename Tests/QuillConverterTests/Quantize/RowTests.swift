import Quill
import QuillConverter
import QuillFloat
import Testing

@Suite("Rows of an int8 network")
struct RowTests {
  private static let weights = QuantizedWeights(
    values: (0..<15).map { Int8($0 * 7 % 41 - 20) }, shape: [5, 3], scales: [0.01, 0.02, 0.01, 0.03, 0.02],
    bias: [10, -20, 30, 0, 5])

  /// A dense layer on the places of a 2 x 2 image: of the image itself, or of four rows that are made of it and unmade.
  private static func network(folded: Bool) -> QuantizedGraph {
    var graph = QuantizedGraph(name: "rows")
    func tensor(_ name: String, _ shape: [Int], _ scale: Float) -> Int {
      graph.addTensor(QuantizedGraph.Tensor(name: name, shape: shape, scale: scale, zeroPoint: -3))
    }
    func append(_ operation: QuantizedOperation, _ input: Int, _ output: Int) {
      graph.nodes.append(
        QuantizedGraph.Node(
          name: graph.tensors[output].name, operation: operation, inputs: [input], output: output))
    }
    let input = tensor("x", [1, 2, 2, 3], 0.05)
    var value = input
    if folded {
      value = tensor("rows", [4, 3], 0.05)
      append(.reshape, input, value)
    }
    let sums = tensor("sums", folded ? [4, 5] : [1, 2, 2, 5], 0.02)
    append(.fullyConnected(.none, weights), value, sums)
    let table = tensor("table", folded ? [4, 5] : [1, 2, 2, 5], 0.02)
    append(.lookup(.leakyRelu(alpha: 0.5)), sums, table)
    let answer = tensor("answer", [1, 20], 0.02)
    append(.reshape, table, answer)
    (graph.inputs, graph.outputs) = ([input], [answer])
    return graph
  }

  private static func answer(_ graph: QuantizedGraph) throws -> [Int8] {
    let file = try Converter.rehost(graph, Converter.Options()).bytes
    let model = try Model(copying: file.span)
    var engine = Engine(for: model, level: .best)
    let input = (0..<12).map { Int8($0 * 19 % 250 - 125) }
    var output = [Int8](repeating: 0, count: 20)
    var span = output.mutableSpan
    engine.run(model, input.span, into: &span)
    return output
  }

  @Test("a dense layer on rows made of an image's places answers as on the image")
  func denseOnPlaces() throws {
    let answer = try Self.answer(Self.network(folded: true))
    #expect(answer == (try Self.answer(Self.network(folded: false))))
    #expect(Set(answer).count > 4)
  }

  @Test("rows that an operation names by axis are refused as before")
  func axesThatAreNamed() {
    var graph = Self.network(folded: true)
    graph.nodes[2].operation = .mean(axes: [0])
    #expect(throws: ConverterError.self) { try Converter.rehost(graph, Converter.Options()) }
  }
}
