import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Small networks of the repository.
struct TensorFlowLiteReaderTests {
  @Test(arguments: ["small-float.tflite", "small-float16.tflite"])
  func floatNetworkGivesItsOutputs(_ name: String) throws {
    let graph = try TensorFlowLiteReader.read(try ImporterFixtures.bytes(name), named: name)
    let outputs = try ImporterFixtures.expected(name)
    #expect(outputs["inputs"] != nil)
    #expect(try ImporterFixtures.difference(graph, name) <= 1e-5)
  }

  @Test func dynamicRangeWeightsBecomeFloats() throws {
    let name = "small-dynamic.tflite"
    let graph = try TensorFlowLiteReader.read(try ImporterFixtures.bytes(name), named: name)
    // The runtime rounds activations too, so that only the neighbourhood agrees.
    #expect(try ImporterFixtures.difference(graph, name) <= 0.02)
  }

  @Test(arguments: [
    ("small-int8.tflite", TensorFlowLiteIntegerNetwork.Edge.int8), ("small-uint8-edges.tflite", .uint8),
    ("small-float-edges.tflite", .float32),
  ])
  func integerNetworkKeepsItsScales(_ name: String, _ edge: TensorFlowLiteIntegerNetwork.Edge) throws {
    let model = try TensorFlowLiteReader.model(try ImporterFixtures.bytes(name))
    #expect(model.isInteger)
    let network = try TensorFlowLiteReader.integerNetwork(of: model, named: name)
    #expect(network.inputEdges == [edge])
    #expect(network.outputEdges == [edge])
    let graph = network.graph
    #expect(graph.tensors[graph.inputs[0]].shape == [1, 6, 6, 1])
    #expect(graph.tensors[graph.inputs[0]].zeroPoint == -128)
    let output = graph.tensors[graph.outputs[0]]
    #expect(output.shape == [1, 3])
    #expect(output.scale == 0x1p-8)
    #expect(output.zeroPoint == -128)
    #expect(throws: ImportError.self) { try TensorFlowLiteReader.read(try ImporterFixtures.bytes(name), named: "") }
  }

  @Test func floatNetworkIsNotRehosted() throws {
    let model = try TensorFlowLiteReader.model(try ImporterFixtures.bytes("small-float.tflite"))
    #expect(!model.isInteger)
    #expect(throws: ImportError.self) { try TensorFlowLiteReader.integerNetwork(of: model, named: "") }
  }

  /// Of all operands a bias alone may be left out; the fuzzer found weights that were.
  @Test(arguments: ["small-float.tflite", "small-int8.tflite"]) func weightsCannotBeLeftOut(_ name: String) throws {
    let original = try TensorFlowLiteReader.model(try ImporterFixtures.bytes(name))
    let layers = original.nodes.indices.filter { original.nodes[$0].inputs.count == 3 }
    #expect(!layers.isEmpty)
    for layer in layers {
      var model = original
      model.nodes[layer].inputs[1] = nil
      let expected = ImportError.tensorFlowLite(
        .node(index: layer, name: model.nodes[layer].name), .missing("operand 1"))
      #expect(throws: expected) {
        if model.isInteger {
          _ = try TensorFlowLiteReader.integerNetwork(of: model, named: "n")
        } else {
          _ = try TensorFlowLiteReader.graph(of: model, named: "n")
        }
      }
      model = original
      model.nodes[layer].inputs[2] = nil
      if !model.isInteger { #expect(throws: Never.self) { try TensorFlowLiteReader.graph(of: model, named: "n") } }
    }
  }

  @Test func whatIsNotTensorFlowLiteIsRefused() {
    #expect(throws: ImportError.tensorFlowLite(.model, .notTensorFlowLite)) {
      try TensorFlowLiteReader.model([UInt8](repeating: 0, count: 64))
    }
    #expect(
      throws: ImportError.truncated(.tensorFlowLite, offset: 0x7F00_0000, byteCount: 4, available: 16)
    ) {
      try TensorFlowLiteReader.model([0, 0, 0, 0x7F] + Array("TFL3".utf8) + [UInt8](repeating: 0, count: 8))
    }
  }

  @Test(arguments: [
    "small-float.tflite", "small-float16.tflite", "small-dynamic.tflite", "small-int8.tflite",
    "small-uint8-edges.tflite", "small-float-edges.tflite",
  ])
  func mutatedFilesGiveANetworkOrAnError(_ name: String) throws {
    let original = try ImporterFixtures.bytes(name)
    var mutator = Mutator(seed: 7)
    for _ in 0..<(2 * ImporterFixtures.fuzzCases) {
      let bytes = mutator.mutate(original)
      do {
        let model = try TensorFlowLiteReader.model(bytes)
        if let graph = try? TensorFlowLiteReader.graph(of: model, named: "mutated") { try graph.validate() }
        _ = try TensorFlowLiteReader.integerNetwork(of: model, named: "mutated")
      } catch let error as ImportError {
        #expect(!error.description.contains("\n") && !error.description.isEmpty)
      }
    }
  }
}
