import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Networks of the reference data: our own, and those that strangers trained.
@Suite(.enabled(if: ImporterReference.isPresent, "needs the reference data (QUILL_REFERENCE)"))
struct KerasReferenceTests {
  @Test(arguments: [
    "mlp-128/model.h5", "mlp-128-64/model.keras", "cnn/model.h5", "cnn-augmented/model.keras",
    "cnn-dropout/model.keras",
    "cnn-modern/model.h5",
  ])
  func ownNetworksGiveKerasOutputs(_ path: String) throws {
    let graph = try KerasReader.read(try ReferenceData.bytes("keras/\(path)"), named: path)
    let folder = path.split(separator: "/")[0]
    let expected = try ImporterReference.array("keras/\(folder)/float_softmax.npy")
    let images = try ImporterReference.testImages(200)
    let difference = try ImporterReference.difference(graph, images, expected) { $0 / 255 }
    #expect(difference <= 1e-5)
    #expect(graph.metadata["producer"] == "Keras 3.15.1")
  }

  @Test(arguments: [
    ("albany-esp32-2024.keras", "x/255"), ("allcheaters-2020.h5", "x/255"), ("amitpr-2019.h5", "x/255"),
    ("binhgo-2024-tiny.h5", "x/255-0.5"), ("david200308-2021.h5", "x/255"), ("kiryl-raspi-2025.keras", "x/255"),
    ("moonflower-2024.keras", ""), ("shambhavi-2025.keras", ""),
  ])
  func strangersNetworksGiveTheirOutputs(_ name: String, _ scaling: String) throws {
    let graph = try KerasReader.read(try ReferenceData.bytes("strangers/\(name)"), named: name)
    let expected = try ImporterReference.array("strangers/expected/\(name).npy")
    let index = try JSONParser.parse(try ReferenceData.bytes("strangers/expected/index.json"))
    let used = try #require(index[name]?["scale_used"]?.string)
    #expect(scaling.isEmpty || used == scaling)
    let images = try ImporterReference.testImages(100)
    let difference = try ImporterReference.difference(graph, images, expected) { pixel in
      switch used {
      case "x/255": pixel / 255
      case "x/127.5-1": pixel / 127.5 - 1
      case "x/255-0.5": pixel / 255 - 0.5
      default: pixel
      }
    }
    #expect(difference <= 1e-4)
  }

  @Test func otherPeoplesNetworkIsRead() throws {
    let graph = try KerasReader.read(try ReferenceData.bytes("mlperf-tiny/resnet8.h5"), named: "resnet8")
    #expect(graph[graph.inputs[0]].shape == [1, 32, 32, 3])
    #expect(graph[graph.outputs[0]].shape == [1, 10])
    #expect(graph.tensors.compactMap { $0.constant?.count }.reduce(0, +) == 78_666)
  }

  @Test func weightsWithoutArchitectureAreRefused() throws {
    let bytes = try ReferenceData.bytes("strangers/binhgo-2024-weights-only.h5")
    #expect(throws: ImportError.keras(layer: "", .weightsOnly)) {
      try KerasReader.read(bytes, named: "")
    }
  }
}
