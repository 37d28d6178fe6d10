import Foundation
import Quill
import QuillConverter
import TestSupport
import Testing

/// Int8 networks re-hosted, byte for byte against the runtimes they came from.
@Suite(.enabled(if: ImporterReference.isPresent, "needs the reference data (QUILL_REFERENCE)"))
struct TensorFlowLiteBytesTests {
  /// Samples that are compared for each network: by default a few, with `QUILL_BYTES_SAMPLES` as many as there are.
  static func samples(_ few: Int) -> Int {
    ProcessInfo.processInfo.environment["QUILL_BYTES_SAMPLES"].flatMap { Int($0) } ?? few
  }

  /// Runs a re-hosted network on the samples of each input (first dimension: samples).
  static func run(_ bytes: [UInt8], _ match: Match, _ inputs: [NumpyArray], limit: Int) throws -> [[Int8]] {
    let network = try TensorFlowLiteReader.integerNetwork(of: try TensorFlowLiteReader.model(bytes), named: "n")
    var options = Converter.Options()
    options.match = match
    options.addsSoftmax = false
    let file = try Converter.rehost(network.graph, options).bytes
    let model = try Model(copying: file.span)
    var engine = Engine(for: model, level: .best)
    let count = min(limit, inputs[0].shape[0])
    var results: [[Int8]] = []
    for sample in 0..<count {
      for (index, input) in inputs.enumerated() {
        let width = input.values.count / input.shape[0]
        let offset = network.inputEdges[index] == .uint8 ? 128 : 0
        let values = (0..<width).map { Int8(truncatingIfNeeded: Int(input.values[sample * width + $0]) - offset) }
        engine.setInput(values.span, at: index, of: model)
      }
      engine.run(model)
      let shape = network.graph.tensors[network.graph.outputs[0]].shape
      results.append((0..<shape.reduce(1, *)).map { engine.outputValue($0, of: model) })
    }
    return results
  }

  /// Values compared and values different.
  static func compare(_ results: [[Int8]], _ expected: NumpyArray) -> (compared: Int, different: Int) {
    let width = expected.values.count / expected.shape[0]
    var different = 0
    for (sample, values) in results.enumerated() {
      if values.count != width { return (width, width) }
      for (position, value) in values.enumerated() where Double(value) != expected.values[sample * width + position] {
        different += 1
      }
    }
    return (results.count * width, different)
  }

  @Test(
    arguments: ["mlp-128", "mlp-128-64", "cnn", "cnn-augmented", "cnn-dropout", "cnn-modern"],
    ["int8", "int8-per-tensor"])
  func ownNetworksKeepTheirBytes(_ name: String, _ kind: String) throws {
    let bytes = try ReferenceData.bytes("keras/\(name)/\(kind).tflite")
    let count = min(1_000, Self.samples(100))
    let images = try ImporterReference.testImages(count).map { $0.map { Double($0) - 128 } }
    let input = NumpyArray(shape: [count, 784], values: images.flatMap { $0 })
    for (match, suffix) in [(Match.tensorFlowLiteMicro, "tflite-2.14"), (.liteRT, "litert-2.3")] {
      let results = try Self.run(bytes, match, [input], limit: count)
      let outcome = Self.compare(results, try ImporterReference.array("keras/\(name)/\(kind).\(suffix).npy"))
      print("bytes \(name) \(match.rawValue): \(outcome.compared) compared, \(outcome.different) different")
      #expect(outcome.different == 0, "\(match): \(outcome)")
    }
  }

  @Test(arguments: ["resnet8", "dscnn"]) func otherPeoplesNetworksKeepTheirBytes(_ name: String) throws {
    let bytes = try ReferenceData.bytes("mlperf-tiny/\(name).int8.tflite")
    let input = try ImporterReference.array("mlperf-tiny/\(name).inputs.npy")
    for (match, suffix) in [(Match.tensorFlowLiteMicro, "tflite-2.14"), (.liteRT, "litert-2.3")] {
      let results = try Self.run(bytes, match, [input], limit: Self.samples(16))
      let outcome = Self.compare(results, try ImporterReference.array("mlperf-tiny/\(name).int8.\(suffix).npy"))
      print("bytes \(name) \(match.rawValue): \(outcome.compared) compared, \(outcome.different) different")
      #expect(outcome.different == 0, "\(match): \(outcome)")
    }
  }

  @Test(arguments: ["albany-esp32-2024-quant.tflite", "meingast-2020-int8.tflite"])
  func strangersNetworksKeepTheirBytes(_ name: String) throws {
    let isUnsigned = name.hasPrefix("meingast")
    let images = try ImporterReference.testImages(100).map { $0.map { Double($0) - (isUnsigned ? 0 : 128) } }
    let input = NumpyArray(shape: [100, 784], values: images.flatMap { $0 })
    let results = try Self.run(try ReferenceData.bytes("strangers/\(name)"), .liteRT, [input], limit: 100)
    let expected = try ImporterReference.array("strangers/expected/\(name).npy")
    // The expected values came from XNNPACK; the reference kernels themselves differ from it in four of the second's.
    let moved = NumpyArray(shape: expected.shape, values: expected.values.map { $0 - (isUnsigned ? 128 : 0) })
    #expect(Self.compare(results, moved).different == (isUnsigned ? 4 : 0))
  }

  static var operators: [String] {
    let folder = ReferenceData.folder.appendingPathComponent("operators").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  @Test(arguments: operators) func operatorsKeepTheirBytes(_ folder: String) throws {
    let path = ReferenceData.folder.appendingPathComponent("operators/\(folder)").path
    let files = Set(try FileManager.default.contentsOfDirectory(atPath: path))
    var compared: [Match: Int] = [:]
    for file in files.filter({ $0.hasSuffix(".tflite") }).sorted() {
      let stem = "operators/\(folder)/\(file.dropLast(7))"
      var inputs: [NumpyArray] = []
      while files.contains("\(file.dropLast(7)).in\(inputs.count).npy") {
        inputs.append(try ImporterReference.array("\(stem).in\(inputs.count).npy"))
      }
      let bytes = try ReferenceData.bytes("\(stem).tflite")
      let micro = ["tflite-micro", "tflite-2.14"].first { files.contains("\(file.dropLast(7)).\($0).npy") }
      for (match, suffix) in [(Match.tensorFlowLiteMicro, micro), (.liteRT, "litert-2.3")] {
        guard let suffix, files.contains("\(file.dropLast(7)).\(suffix).npy") else { continue }
        let results: [[Int8]]
        do {
          results = try Self.run(bytes, match, inputs, limit: Self.samples(4))
        } catch {
          Issue.record("\(stem) \(match): \(error)")
          continue
        }
        let outcome = Self.compare(results, try ImporterReference.array("\(stem).\(suffix).npy"))
        compared[match, default: 0] += outcome.compared
        #expect(outcome.different == 0, "\(stem) \(match): \(outcome)")
      }
    }
    for (match, count) in compared { print("bytes \(folder) \(match.rawValue): \(count) compared") }
  }
}

extension NumpyArray {
  init(shape: [Int], values: [Double]) {
    self.shape = shape
    self.values = values
  }
}
