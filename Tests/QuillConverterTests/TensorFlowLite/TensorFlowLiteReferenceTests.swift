import Foundation
import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Networks of the reference data, float and int8.
@Suite(.enabled(if: ImporterReference.isPresent, "needs the reference data (QUILL_REFERENCE)"))
struct TensorFlowLiteReferenceTests {
  @Test(arguments: ["mlp-128", "mlp-128-64", "cnn", "cnn-augmented", "cnn-dropout", "cnn-modern"])
  func floatNetworksGiveKerasOutputs(_ name: String) throws {
    let graph = try TensorFlowLiteReader.read(
      try ReferenceData.bytes("keras/\(name)/float.tflite"), named: name)
    let expected = try ImporterReference.array("keras/\(name)/float_softmax.npy")
    let images = try ImporterReference.testImages(200)
    let difference = try ImporterReference.difference(graph, images, expected) { $0 / 255 }
    #expect(difference <= 1e-5)
  }

  @Test func strangersFloatNetworkGivesItsOutputs() throws {
    let name = "jsmith173-stm32-2023.tflite"
    let graph = try TensorFlowLiteReader.read(try ReferenceData.bytes("strangers/\(name)"), named: name)
    let expected = try ImporterReference.array("strangers/expected/\(name).npy")
    let images = try ImporterReference.testImages(100)
    let difference = try ImporterReference.difference(graph, images, expected) { $0 / 255 }
    #expect(difference <= 1e-4)
  }

  @Test(arguments: ["resnet8.float.tflite", "dscnn.float.tflite"])
  func otherPeoplesFloatNetworksAreRead(_ name: String) throws {
    let graph = try TensorFlowLiteReader.read(try ReferenceData.bytes("mlperf-tiny/\(name)"), named: name)
    #expect(graph[graph.outputs[0]].shape == [1, name.hasPrefix("res") ? 10 : 12])
  }

  @Test func everyNetworkOfTheReferenceDataIsParsed() throws {
    let files = try #require(FileManager.default.enumerator(atPath: ReferenceData.folder.path))
    let networks = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".tflite") }.sorted()
    #expect(networks.count >= 300)
    for path in networks {
      let model = try TensorFlowLiteReader.model(try ReferenceData.bytes(path))
      #expect(!model.nodes.isEmpty, "\(path)")
      let isFloat = path.contains("float") || path.contains("jsmith")
      #expect(model.isInteger == !isFloat, "\(path)")
    }
  }
}
