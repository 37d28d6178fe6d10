import Foundation
import Quill
import QuillConverter
import QuillFloat
import QuillONNX
import TestSupport
import Testing

/// Networks of onnxruntime's static quantiser, re-hosted, against onnxruntime's own answers.
struct ONNXRehostingTests {
  /// A re-hosted network, and how far its answers are from onnxruntime's.
  struct Comparison {
    var graph: QuantizedGraph
    var compared = 0
    var different = 0
    /// In steps of the output.
    var largest: Float = 0
    var sameClass = 0
    var sampleCount = 0
    /// The class that each sample has here, and in onnxruntime.
    var classes: [Int] = []
    var theirClasses: [Int] = []
  }

  static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/onnx-int8")

  static func floats(_ url: URL) throws -> [Float] {
    let data = try Data(contentsOf: url)
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map { offset in
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      }
    }
  }

  /// Values of an NCHW image in NHWC order.
  private static func turned(_ values: [Float], to shape: [Int]) -> [Float] {
    guard shape.count == 4, shape[3] > 1 else { return values }
    let pixels = shape[1] * shape[2]
    return (0..<pixels * shape[3]).map { values[$0 % shape[3] * pixels + $0 / shape[3]] }
  }

  private static func position(ofLargest values: some Collection<Float>) -> Int {
    values.enumerated().max { ($0.element, -$0.offset) < ($1.element, -$1.offset) }?.offset ?? 0
  }

  static func compare(_ name: String, in folder: URL) throws -> Comparison {
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).onnx")))
    #expect(try ONNXReader.isQuantized(bytes))
    let graph = try ONNXRehosting.network(try ONNXReader.readQuantized(bytes))
    var options = Converter.Options()
    options.addsSoftmax = false
    let file = try Converter.rehost(graph, options).bytes
    let model = try Model(copying: file.span)
    var engine = Engine(for: model, level: .best)
    let data = try floats(folder.appendingPathComponent("\(name).f32"))
    let (input, output) = (graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]])
    let (inputCount, outputCount) = (input.shape.reduce(1, *), output.shape.reduce(1, *))
    let count = data.count / (inputCount + outputCount)
    var result = Comparison(graph: graph, sampleCount: count)
    for sample in 0..<count {
      let values = turned(Array(data[sample * inputCount..<(sample + 1) * inputCount]), to: input.shape)
      let integers = values.map { value in
        let steps = (value / input.scale).rounded(.toNearestOrEven) + Float(input.zeroPoint)
        return Int8(max(-128, min(127, steps)))
      }
      engine.setInput(integers.span, at: 0, of: model)
      engine.run(model)
      let found = (0..<outputCount).map {
        output.scale * Float(Int32(engine.outputValue($0, of: model)) - output.zeroPoint)
      }
      let start = count * inputCount + sample * outputCount
      let expected = data[start..<start + outputCount]
      for (one, other) in zip(found, expected) {
        let steps = abs(one - other) / output.scale
        result.compared += 1
        if steps > 0.75 { result.different += 1 }
        result.largest = max(result.largest, steps)
      }
      result.classes.append(position(ofLargest: found))
      result.theirClasses.append(position(ofLargest: expected))
      result.sameClass += result.classes.last == result.theirClasses.last ? 1 : 0
    }
    return result
  }

  @Test(
    arguments: ["cnn", "functions", "normed"],
    [
      "qdq-uint8-channel", "qdq-uint8-tensor", "qdq-int8-channel", "qdq-int8-tensor", "qoperator-uint8-channel",
      "qoperator-uint8-tensor", "qoperator-int8-channel", "qoperator-int8-tensor",
    ])
  func networkKeepsItsScales(_ base: String, _ setting: String) throws {
    let result = try Self.compare("\(base)-\(setting)", in: Self.folder)
    print(
      "onnxruntime \(base)-\(setting): \(result.compared) values, \(result.different) differ, by at most "
        + "\(result.largest) steps; class the same on \(result.sameClass) of \(result.sampleCount)")
    // An operation differs by one step at most. The softmax at the end of "cnn" makes up to four of its own, finer,
    // steps of one step of the scores.
    #expect(result.largest <= (base == "cnn" ? 4 : 1.01))
    #expect(result.sameClass == result.sampleCount)
  }

  @Test(arguments: ["cnn-qdq-int8-channel", "functions-qoperator-uint8-channel", "cnn-qoperator-uint8-tensor"])
  func damagedNetworksAreReadOrRefused(_ name: String) throws {
    let original = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("\(name).onnx")))
    var mutator = Mutator(seed: 8)
    var (read, refused) = (0, 0)
    for _ in 0..<ImporterFixtures.fuzzCases {
      let bytes = mutator.mutate(original)
      do {
        let graph = try ONNXRehosting.network(try ONNXReader.readQuantized(bytes))
        _ = try Converter.rehost(graph, Converter.Options())
        read += 1
      } catch {
        #expect(!"\(error)".isEmpty)
        refused += 1
      }
    }
    print("damaged \(name): \(read) read, \(refused) refused")
  }

  /// Logarithms of probabilities as answers, as PyTorch's examples give them, become probabilities.
  @Test func logarithmsOfAnswersAreProbabilities() throws {
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("normed-qdq-int8-tensor.onnx")))
    var source = try ONNXReader.readQuantized(bytes)
    let scores = source.graph.outputs[0]
    let output = source.graph.addTensor(Graph.Tensor(name: "logarithms", shape: source.graph[scores].shape))
    source.graph.nodes.append(
      Graph.Node(name: "logarithms", operation: .logSoftmax(axis: 1), inputs: [scores], output: output))
    source.graph.outputs = [output]
    let last = try #require(try ONNXRehosting.network(source).nodes.last)
    guard case .softmax = last.operation else {
      Issue.record("\(last.operation)")
      return
    }
  }

  @Test func networkThatIsPartlyFloatIsRefusedByName() throws {
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("functions-qdq-int8-tensor.onnx")))
    var source = try ONNXReader.readQuantized(bytes)
    source.quantizations["s"] = nil
    #expect {
      try ONNXRehosting.network(source)
    } throws: { error in
      (error as? ConverterError)?.description
        == "node \"s\" (Sigmoid): its result has no scale; quantise the whole network, with onnxruntime's "
        + "quant_pre_process before, or give the float network"
    }
  }
}
