import Quill
import QuillConverter
import QuillFloat
import QuillReport
import Testing

/// The int8 network is held against its float self on digits that Quill draws: no outside data.
@Suite("Parity of float and int8 on drawn digits")
struct ParityTests {
  /// What quantisation may cost on 2,000 digits. Measured: no answer in 2,000 changed, no layer below 35 dB; with one weight
  /// scale a layer, of 500 none changed and no layer below 31 dB.
  private enum Limit {
    static let agreement = 0.995
    static let netLoss = 6
    static let sqnrDecibels = 30.0
    static let outputDifference = 0.25
  }

  private static func holds(_ report: DriftReport) -> Bool {
    guard let agreement = report.agreement, let flips = report.flips else { return false }
    return agreement >= Limit.agreement && flips.lost - flips.gained <= Limit.netLoss
      && report.outputs.largestDifference <= Limit.outputDifference
      && report.layers.allSatisfy { $0.sqnrDecibels ?? .infinity >= Limit.sqnrDecibels }
  }

  @Test("the shipped network keeps its answers")
  func shipped() throws {
    let graph = try Shipped.graph()
    let result = try Shipped.converted(graph)
    let report = try Shipped.drift(graph, result.bytes)
    #expect(report.images == 2000)
    #expect(Self.holds(report), "\(report.text)")
    #expect(report.float?.accuracy ?? 0 >= 0.97, "the shipped network reads drawn digits")
    #expect(report.layers.count >= 7)
    print("parity on 2,000 drawn digits: \(report.verdict)")
  }

  @Test("in either rounding, and with one weight scale a layer", arguments: Match.allCases, [false, true])
  func variants(match: Match, perTensor: Bool) throws {
    let graph = try Shipped.graph()
    let result = try Shipped.converted(graph) { options in
      options.match = match
      options.perTensor = perTensor
    }
    let report = try Shipped.drift(graph, result.bytes, count: 500)
    #expect(Self.holds(report), "\(report.text)")
  }

  @Test("one altered scale breaks the limits, and the report names the layer", arguments: 0..<6)
  func alteredScale(linear: Int) throws {
    let graph = try Shipped.graph()
    var quantized = try Shipped.converted(graph).quantized
    let linears = quantized.nodes.indices.filter { quantized.nodes[$0].operation.linearWeights != nil }
    #expect(linears.count == 6)
    let operation = linears[linear]
    var weights = try #require(quantized.nodes[operation].operation.linearWeights)
    weights.scales = weights.scales.map { $0 * 1.5 }
    quantized.nodes[operation].operation.setLinearWeights(weights)
    let bytes = try FlatFileWriter.write(quantized, match: .tensorFlowLiteMicro, Self.description(of: quantized)).bytes
    let report = try Shipped.drift(graph, bytes, count: 500)
    #expect(!Self.holds(report))
    let culprit = report.layers.min { ($0.ownSqnrDecibels ?? 999) < ($1.ownSqnrDecibels ?? 999) }
    #expect(culprit?.name == quantized.tensors[quantized.nodes[operation].output].name)
    #expect(report.verdict.contains(culprit?.name ?? "?"))
  }

  private static func description(of graph: QuantizedGraph) -> FlatFileDescription {
    var description = FlatFileDescription()
    description.meaning = .probabilities
    description.decisionTensor = graph.nodes.last?.inputs[0]
    return description
  }

  @Test("conversion gives the same bytes every time")
  func reproducible() throws {
    let graph = try Shipped.graph()
    #expect(try Shipped.converted(graph).bytes == Shipped.converted(graph).bytes)
  }

  @Test("counts follow from the answers")
  func counts() throws {
    let graph = try Shipped.graph()
    let report = try Shipped.drift(graph, try Shipped.converted(graph).bytes, count: 300)
    let flips = try #require(report.flips)
    let float = try #require(report.float)
    let quantized = try #require(report.quantized)
    #expect(quantized.correct - float.correct == flips.gained - flips.lost)
    #expect(report.flippedImages.count == flips.changed)
  }

  @Test("a file of another network with names in common is compared as far as it goes")
  func namesInCommon() throws {
    let graph = try Shipped.graph()
    var other = graph
    let first = try #require(other.nodes.first { if case .fullyConnected = $0.operation { true } else { false } })
    other.metadata = [:]
    var weights = try #require(other[first.inputs[1]].constant)
    weights = weights.map { -$0 }
    other[first.inputs[1]].constant = weights
    let report = try Shipped.drift(graph, try Shipped.converted(other).bytes, count: 100)
    #expect(report.agreement ?? 1 < 0.5)
  }

  @Test("a file of another network is refused")
  func otherNetwork() throws {
    var builder = GraphBuilder(name: "other")
    let input = try builder.input("x", shape: [1, 9])
    let weights = try builder.constant("w", shape: [2, 9], [Float](repeating: 0.5, count: 18))
    builder.output(try builder.append(.fullyConnected(.none), [input, weights], name: "y"))
    let other = try builder.finish()
    let bytes = try Converter.convert(other, Converter.Options(), calibrationCount: 2) { index in
      [FloatTensor(shape: [1, 9], repeating: Float(index))]
    }.bytes
    let graph = try Shipped.graph()
    #expect(throws: DriftError.inputs(float: [784], quantized: [9])) { try Drift(graph, SharedModel(bytes)) }
    #expect(
      DriftError.inputs(float: [784], quantized: [9]).description
        == "the float network's inputs have [784] values and the .quill file's [9]; expected the same: compare a file with the network that it was converted from"
    )
  }
}

extension QuantizedOperation {
  fileprivate var linearWeights: QuantizedWeights? {
    switch self {
    case .conv2D(_, let weights), .depthwiseConv2D(_, let weights), .fullyConnected(_, let weights): weights
    default: nil
    }
  }

  fileprivate mutating func setLinearWeights(_ weights: QuantizedWeights) {
    switch self {
    case .conv2D(let parameters, _): self = .conv2D(parameters, weights)
    case .depthwiseConv2D(let parameters, _): self = .depthwiseConv2D(parameters, weights)
    case .fullyConnected(let activation, _): self = .fullyConnected(activation, weights)
    default: break
    }
  }
}
