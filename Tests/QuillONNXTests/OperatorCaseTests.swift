import Foundation
import QuillFloat
import QuillONNX
import TestSupport
import Testing

/// The ONNX project's own operator tests (reference data `onnx-node`): each passes or is refused, as a committed list
/// says.
@Suite struct OperatorCaseTests {
  static let isThere = ReferenceData.has("onnx-node")

  /// What became of a case.
  enum Outcome: Equatable {
    case passed
    case refused(String)
    case failed(String)
  }

  /// Reads a case with every input that is not fed as a float given as a constant: first those of integers alone, then
  /// all but the first.
  private func outcome(_ name: String) throws -> Outcome {
    let folder = "onnx-node/\(name)"
    let model = try ReferenceData.bytes("\(folder)/model.onnx")
    let (inputNames, outputCount) = try boundaryNames(model)
    var files: [(name: String, bytes: [UInt8])] = []
    for (index, input) in inputNames.enumerated() {
      let path = "\(folder)/test_data_set_0/input_\(index).pb"
      guard let bytes = try? ReferenceData.bytes(path) else { break }
      files.append((input, bytes))
    }
    var refusal = ""
    for bound in 0...1 {
      var options = ONNXReader.Options()
      options.batch = .asInFile
      for (index, file) in files.enumerated() where bound == 1 ? index > 0 : !isFloat(file.bytes) {
        options.boundInputs[file.name] = file.bytes
      }
      do {
        let graph = try ONNXReader.read(model, options: options)
        guard graph.outputs.count == outputCount else { return .failed("\(graph.outputs.count) outputs") }
        return try run(graph, files, folder)
      } catch let error as ONNXError {
        refusal = error.description
      }
    }
    return .refused(refusal)
  }

  private func run(_ graph: Graph, _ files: [(name: String, bytes: [UInt8])], _ folder: String) throws -> Outcome {
    let engine = try FloatEngine(graph)
    let fed = try graph.inputs.map { id in
      try ONNXReader.readTensor(files.first { $0.name == graph[id].name }?.bytes ?? [])
    }
    // This one's expected output is written with four digits.
    let tolerance: Float = folder.hasSuffix("_ceil_last_window_starts_on_pad") ? 5e-5 : 1e-5
    for (index, found) in engine.run(fed).enumerated() {
      let expected = try ONNXReader.readTensor(ReferenceData.bytes("\(folder)/test_data_set_0/output_\(index).pb"))
      guard found.shape == expected.shape else { return .failed("shape \(found.shape), expected \(expected.shape)") }
      for (one, other) in zip(found.values, expected.values)
      where !(abs(one - other) <= tolerance + tolerance * abs(other)) {
        return .failed("\(one), expected \(other)")
      }
    }
    return .passed
  }

  /// Whether a tensor file holds 32-bit floats: field 2, `data_type`, is 1.
  private func isFloat(_ bytes: [UInt8]) -> Bool {
    (try? ONNXReader.elementType(ofTensor: bytes)) == .float32
  }

  private func boundaryNames(_ model: [UInt8]) throws -> (inputs: [String], outputCount: Int) {
    let summary = try ONNXReader.summary(model)
    return (summary.inputNames, summary.outputNames.count)
  }

  private static func table(_ file: String) throws -> [(name: String, reason: String)] {
    let text = String(decoding: try TestFiles.bytes(TestFiles.folder.appendingPathComponent(file)), as: UTF8.self)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let parts = line.split(separator: "\t", maxSplits: 1)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
  }

  @Test(.enabled(if: isThere)) func eachCasePassesOrIsRefusedAsListed() throws {
    let folder = ReferenceData.folder.appendingPathComponent("onnx-node").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let mustPass = Set(try Self.table("onnx-node-cases.txt").map(\.name))
    let mustRefuse = Dictionary(
      try Self.table("onnx-node-refused.txt").map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first })
    var (passed, refused, failed) = (0, 0, 0)
    var written: [String] = []
    for name in names {
      let outcome = try outcome(name)
      switch outcome {
      case .passed:
        passed += 1
        #expect(mustPass.contains(name), "\(name) passes: it belongs in onnx-node-cases.txt")
        written.append("P\t\(name)")
      case .refused(let reason):
        refused += 1
        let expected = mustRefuse[name]
        #expect(expected.map { !$0.isEmpty && reason.hasPrefix($0) } ?? false, "\(name): \(reason)")
        written.append("R\t\(name)\t\(reason)")
      case .failed(let reason):
        failed += 1
        Issue.record("\(name): \(reason)")
      }
    }
    print("onnx-node: \(passed) passed, \(refused) refused by name, \(failed) failed, of \(names.count)")
    #expect(passed == mustPass.count)
    #expect(refused == mustRefuse.count)
    if let path = ProcessInfo.processInfo.environment["QUILL_WRITE_ONNX_CASES"] {
      try written.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
