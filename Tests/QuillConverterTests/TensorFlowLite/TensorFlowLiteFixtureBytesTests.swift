import Quill
import QuillConverter
import Testing

/// Int8 networks of the repository, re-hosted, against the answers of TensorFlow's reference kernels.
struct TensorFlowLiteFixtureBytesTests {
  @Test(arguments: ["small-int8.tflite", "small-uint8-edges.tflite"])
  func networkKeepsItsBytes(_ name: String) throws {
    let expected = try ImporterFixtures.expected(name)
    let inputs = try ImporterFixtures.rows(expected["inputs"], 0)
    let outputs = try ImporterFixtures.rows(expected["outputs"], 0)
    let input = NumpyArray(shape: [inputs.count, inputs[0].count], values: inputs.flatMap { $0 })
    let offset: Double = name.contains("uint8") ? 128 : 0
    let results = try TensorFlowLiteBytesTests.run(
      try ImporterFixtures.bytes(name), .liteRT, [input], limit: inputs.count)
    #expect(results.map { $0.map { Double($0) + offset } } == outputs)
  }

  @Test func networkWithFloatEdgesKeepsItsBytes() throws {
    let name = "small-float-edges.tflite"
    let network = try TensorFlowLiteReader.integerNetwork(
      of: try TensorFlowLiteReader.model(try ImporterFixtures.bytes(name)), named: name)
    let edge = network.graph.tensors[network.graph.inputs[0]]
    let expected = try ImporterFixtures.expected(name)
    let inputs = try ImporterFixtures.rows(expected["inputs"], 0)
    let outputs = try ImporterFixtures.rows(expected["outputs"], 0)
    let quantized = inputs.flatMap { $0 }.map { value in
      let steps = (Float(value) / edge.scale).rounded(.toNearestOrAwayFromZero)
      return Double(min(127, max(-128, Int(steps) + Int(edge.zeroPoint))))
    }
    let input = NumpyArray(shape: [inputs.count, inputs[0].count], values: quantized)
    let results = try TensorFlowLiteBytesTests.run(
      try ImporterFixtures.bytes(name), .liteRT, [input], limit: inputs.count)
    #expect(results.map { $0.map { Double((Int($0) + 128)) / 256 } } == outputs)
  }
}
