import Foundation
import Quill
import QuillConverter
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
    let text = try #require(Self.models["dilated-convolution"]?["model"]?.string)
    let model = try TensorFlowLiteReader.model([UInt8](try #require(Data(base64Encoded: text))))
    let micro = try TensorFlowLiteReader.integerNetwork(of: model, named: "n", match: .tensorFlowLiteMicro)
    let other = try TensorFlowLiteReader.integerNetwork(of: model, named: "n", match: .liteRT)
    #expect((micro.microPaddedCount, other.microPaddedCount) == (1, 0))
  }

  /// Every output of a model for one sample.
  private static func run(_ bytes: [UInt8], _ match: Match, _ inputs: [[Int8]]) throws -> [[Int8]] {
    let description = try TensorFlowLiteReader.model(bytes)
    #expect(description.isInteger)
    let network = try TensorFlowLiteReader.integerNetwork(of: description, named: "operator", match: match)
    var options = Converter.Options()
    options.match = match
    let file = try Converter.rehost(network.graph, options).bytes
    let model = try Model(copying: file.span)
    var engine = Engine(for: model, level: .best)
    for (index, values) in inputs.enumerated() { engine.setInput(values.span, at: index, of: model) }
    engine.run(model)
    return network.graph.outputs.enumerated().map { index, tensor in
      (0..<network.graph.tensors[tensor].shape.reduce(1, *)).map {
        engine.outputValue($0, at: index, of: model)
      }
    }
  }
}
