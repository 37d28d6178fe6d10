import Foundation
import Quill
import QuillConverter
import TestSupport
import Testing

/// Int8 models of one operator (`Fixtures/tflite-operators/make-fixtures.py`), against LiteRT's reference kernels and
/// TensorFlow Lite Micro, where they have the operator.
struct TensorFlowLiteOperatorTests {
  private static let models: [String: JSONValue] = {
    let path = ImporterFixtures.folder.deletingLastPathComponent().appendingPathComponent(
      "tflite-operators/operators.json")
    let bytes = (try? Data(contentsOf: path)).map { [UInt8]($0) } ?? []
    return (try? JSONParser.parse(bytes))?.object ?? [:]
  }()

  @Test func thereAreModels() { #expect(Self.models.count >= 30) }

  @Test(arguments: models.keys.sorted(), [Match.liteRT, .tensorFlowLiteMicro])
  func operatorGivesTheRuntimesBytes(_ name: String, _ match: Match) throws {
    let entry = try #require(Self.models[name])
    guard let expected = entry[match.rawValue]?.array else { return }
    let data = try #require(entry["model"]?.string.flatMap { Data(base64Encoded: $0) })
    let inputs = try #require(entry["inputs"]?.array).map { $0.array?.compactMap(\.integer) ?? [] }
    let answers = try Self.run([UInt8](data), match, inputs.map { $0.map { Int8(truncatingIfNeeded: $0) } })
    #expect(answers.count == expected.count)
    for (answer, wanted) in zip(answers, expected) {
      #expect(answer.map { Int($0) } == wanted.array?.compactMap(\.integer))
    }
  }

  /// A dilated convolution that Micro pads otherwise than the network says is counted, so that the user can be told.
  @Test func paddingOfMicroIsCounted() throws {
    let model = try Self.model("dilated-convolution")
    let micro = try TensorFlowLiteReader.integerNetwork(of: model, named: "n", match: .tensorFlowLiteMicro)
    let other = try TensorFlowLiteReader.integerNetwork(of: model, named: "n", match: .liteRT)
    #expect((micro.microPaddedCount, other.microPaddedCount) == (1, 0))
  }

  /// Weights that int8 does not hold exactly are refused, and not given approximately.
  @Test func resizingWithFinerWeightsIsRefused() throws {
    var model = try Self.model("bilinear-2")
    let size = try #require(model.nodes[0].inputs[1])
    model.tensors[size].data = [9, 0, 0, 0, 12, 0, 0, 0]
    let expected = ImportError.tensorFlowLite(
      .node(index: 0, name: "RESIZE_BILINEAR"),
      .unsupportedOption(
        "size", found: "3 x 4 to 9 x 12",
        expected: "2 or 4 times, whose weights int8 holds; give the float network instead, which may ask for any"))
    #expect(throws: expected) { try TensorFlowLiteReader.integerNetwork(of: model, named: "n") }
  }

  /// TensorFlow 1's uint8 weights with a zero point: those within 127 steps of it keep their integers, others, here twice as
  /// many steps of half the size, are rounded anew.
  @Test(arguments: [(128, 1), (0, 2)]) func weightsOfBytesBecomeInt8(_ zeroPoint: Int32, _ factor: Int) throws {
    var model = try TensorFlowLiteReader.model(try ImporterFixtures.bytes("small-int8.tflite"))
    var bytes = model
    let layers = model.nodes.filter { $0.operation.hasSecondOperandOfWeights }
    for node in layers {
      let (weights, bias) = (try #require(node.inputs[1]), try #require(node.inputs[2]))
      let values = try #require(model.tensors[weights].data).map {
        factor == 1 ? Int(Int8(bitPattern: $0)) : Int($0 & 127)
      }
      let scale = try #require(model.tensors[weights].quantization?.scales.first)
      model.tensors[weights].data = values.map { UInt8(truncatingIfNeeded: $0) }[...]
      model.tensors[weights].quantization?.scales = [scale]
      model.tensors[weights].quantization?.zeroPoints = [0]
      bytes.tensors[weights] = model.tensors[weights]
      bytes.tensors[weights].type = .uint8
      bytes.tensors[weights].data = values.map { UInt8(truncatingIfNeeded: $0 * factor + Int(zeroPoint)) }[...]
      bytes.tensors[weights].quantization?.scales = [scale / Float(factor)]
      bytes.tensors[weights].quantization?.zeroPoints = [zeroPoint]
      if factor == 2 {
        model.tensors[bias].data = [UInt8](repeating: 0, count: model.tensors[bias].shape.reduce(4, *))[...]
        bytes.tensors[bias].data = model.tensors[bias].data
      }
    }
    let (plain, rounded) = (
      try TensorFlowLiteReader.integerNetwork(of: model, named: "n"),
      try TensorFlowLiteReader.integerNetwork(of: bytes, named: "n")
    )
    #expect((plain.reroundedCount, rounded.reroundedCount) == (0, layers.count))
    let input = (0..<36).map { Int8(truncatingIfNeeded: $0 * 37) }
    let answers = try [plain, rounded].map { try Self.run($0.graph, .liteRT, [input])[0] }
    #expect(zip(answers[0], answers[1]).allSatisfy { abs(Int($0) - Int($1)) <= (factor == 1 ? 0 : 2) })
    #expect(Set(answers[0]).count > 1)
  }

  @Test func weightsOfBytesThatNoFloatHoldsAreRefused() throws {
    var model = try TensorFlowLiteReader.model(try ImporterFixtures.bytes("small-int8.tflite"))
    let node = try #require(model.nodes.first { $0.operation.hasSecondOperandOfWeights })
    let weights = try #require(node.inputs[1])
    model.tensors[weights].type = .uint8
    model.tensors[weights].quantization?.zeroPoints = [0]
    model.tensors[weights].quantization?.scales = [.greatestFiniteMagnitude]
    #expect(throws: ImportError.self) { try TensorFlowLiteReader.integerNetwork(of: model, named: "n") }
    model.tensors[weights].quantization?.scales = [1]
    model.tensors[weights].shape[0] = 0
    model.tensors[weights].data = []
    #expect(throws: ImportError.self) { try TensorFlowLiteReader.integerNetwork(of: model, named: "n") }
  }

  @Test(arguments: models.keys.sorted()) func mutatedModelsGiveANetworkOrAnError(_ name: String) throws {
    let text = try #require(Self.models[name]?["model"]?.string)
    let original = [UInt8](try #require(Data(base64Encoded: text)))
    var mutator = Mutator(seed: 11)
    for _ in 0..<ImporterFixtures.fuzzCases {
      let bytes = mutator.mutate(original)
      do throws(ImportError) {
        let model = try TensorFlowLiteReader.model(bytes)
        _ = try? TensorFlowLiteReader.graph(of: model, named: "mutated")
        _ = try TensorFlowLiteReader.integerNetwork(of: model, named: "mutated")
      } catch {
        #expect(!error.description.contains("\n") && !error.description.isEmpty)
      }
    }
  }

  private static func model(_ name: String) throws -> TensorFlowLiteModel {
    let data = try #require(models[name]?["model"]?.string.flatMap { Data(base64Encoded: $0) })
    return try TensorFlowLiteReader.model([UInt8](data))
  }

  /// Every output of a model for one sample.
  private static func run(_ bytes: [UInt8], _ match: Match, _ inputs: [[Int8]]) throws -> [[Int8]] {
    let description = try TensorFlowLiteReader.model(bytes)
    #expect(description.isInteger)
    return try run(
      try TensorFlowLiteReader.integerNetwork(of: description, named: "operator", match: match).graph, match, inputs)
  }

  private static func run(_ graph: QuantizedGraph, _ match: Match, _ inputs: [[Int8]]) throws -> [[Int8]] {
    var options = Converter.Options()
    options.match = match
    let file = try Converter.rehost(graph, options).bytes
    let model = try Model(copying: file.span)
    var engine = Engine(for: model, level: .best)
    for (index, values) in inputs.enumerated() { engine.setInput(values.span, at: index, of: model) }
    engine.run(model)
    return graph.outputs.enumerated().map { index, tensor in
      (0..<graph.tensors[tensor].shape.reduce(1, *)).map {
        engine.outputValue($0, at: index, of: model)
      }
    }
  }
}

extension TensorFlowLiteOperation {
  fileprivate var hasSecondOperandOfWeights: Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected: true
    default: false
    }
  }
}
