import Foundation
import QuillFloat
import QuillONNX
import TestSupport
import Testing

/// Networks of the reference data against the outputs of the programs that trained or ran them.
@Suite struct ReferenceNetworkTests {
  static let keras = ["mlp-128", "mlp-128-64", "cnn", "cnn-augmented", "cnn-dropout", "cnn-modern"]
  static let kerasIsThere = ReferenceData.has("keras") && ReferenceData.has("mnist")
  static let strangersAreThere = ReferenceData.has("strangers") && ReferenceData.has("mnist")

  /// Runs a network on images scaled by `scale` and answers all outputs in a row.
  private func outputs(_ graph: Graph, _ pixels: [UInt8], scale: (Float) -> Float) throws -> [Float] {
    let engine = try FloatEngine(graph)
    let shape = graph[graph.inputs[0]].shape
    return stride(from: 0, to: pixels.count, by: 784).flatMap { start in
      let image = FloatTensor(shape: shape, values: pixels[start..<(start + 784)].map { scale(Float($0)) })
      return engine.run([image])[0].values
    }
  }

  @Test(.enabled(if: kerasIsThere), arguments: keras)
  func kerasNetworkAnswersAsInKeras(name: String) throws {
    let graph = try ONNXReader.read(ReferenceData.bytes("keras/\(name)/float.onnx"))
    let pixels = try ReferenceData.mnistTestImages(1000)
    let expected = try NumpyArray(ReferenceData.bytes("keras/\(name)/float_softmax.npy"))
    let found = try outputs(graph, pixels) { $0 / 255 }
    let difference = largestDifference(found, expected.values)
    print("\(name): largest difference \(difference)")
    #expect(difference <= 1e-5)
  }

  @Test(
    .enabled(if: strangersAreThere),
    arguments: [
      ("baskov-2024-mnist-load", Float(127.5), Float(-1)), ("ccoltong-lenet5-2021", 255, 0), ("frenz86-2020", 1, 0),
      ("longlongfloat-2020", 255, 0), ("zoo-mnist-8", 255, 0),
    ])
  func strangersNetworkAnswersAsExpected(name: String, divisor: Float, offset: Float) throws {
    let graph = try ONNXReader.read(ReferenceData.bytes("strangers/\(name).onnx"))
    let expected = try NumpyArray(ReferenceData.bytes("strangers/expected/\(name).onnx.npy"))
    let found = try outputs(graph, ReferenceData.mnistTestImages(100)) { $0 / divisor + offset }
    let difference = largestDifference(found, expected.values)
    print("\(name): largest difference \(difference)")
    #expect(difference <= 1e-4)
  }
}
