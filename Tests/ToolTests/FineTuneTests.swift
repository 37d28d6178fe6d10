import Foundation
import QuillData
import TestSupport
import Testing

/// `quill train --from`: networks that go on learning.
@Suite struct FineTuneTests {
  private struct Summary: Decodable {
    struct Test: Decodable { let accuracy: Double }
    let parameters: Int
    let test: [Test]
  }

  private func train(_ target: String, _ options: [String]) throws -> Summary {
    let outcome = try Tool.run(["train", "-o", target, "--json"] + options)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
  }

  /// One trained network, and what each way to go on from it gives.
  @Test func goesOnPrunedFrozenOrRounded() throws {
    let folder = try TemporaryFolder()
    let base = folder.path + "/base.onnx"
    let data = ["--data", "synthetic:2000"]
    let words = "conv8x3:same:norm-pool-res(depthwise3:same:linear-conv8x1:linear)-relu-pool-dense24-classes"
    let first = try train(base, ["--network", words, "--epochs", "3"] + data)
    #expect(first.test[0].accuracy > 0.85)
    let few = ["--from", base, "--data", "synthetic:200"]

    let frozen = try train(
      folder.path + "/frozen.onnx", ["--freeze", "convolution1,batchNormalization1", "--epochs", "1"] + few)
    #expect(frozen.parameters == first.parameters)
    #expect(frozen.test[0].accuracy > 0.8)

    let pruned = try train(folder.path + "/pruned.onnx", ["--prune", "0.4", "--epochs", "2", "--from", base] + data)
    #expect(pruned.parameters < first.parameters * 3 / 4)
    #expect(pruned.test[0].accuracy > 0.8)

    let aware = folder.path + "/aware.onnx"
    let rounded = try train(aware, ["--quantization-aware", "--epochs", "1", "--from", base] + data)
    let quill = folder.path + "/aware.quill"
    let converted = try Tool.run(["convert", aware, "-o", quill, "--calibrate", "synthetic:100"])
    #expect(converted.status == 0)
    // Every tensor but the input, of known range, and the probabilities.
    #expect(converted.error.contains("the ranges of 9 tensors learnt in training"), "\(converted.error)")
    struct Evaluation: Decodable { let images: Int, correct: Int }
    let evaluated = try Tool.run(["evaluate", quill, "--data", "synthetic:2000", "--json"])
    let evaluation = try JSONDecoder().decode(Evaluation.self, from: Data(evaluated.output.utf8))
    // What training measured with its rounding is what int8 gives, but for a few images on an edge.
    let wanted = rounded.test[0].accuracy * Double(evaluation.images)
    #expect(abs(Double(evaluation.correct) - wanted) <= max(Double(evaluation.images) * 0.005, 2))
  }

  /// Each mistake, its status, and the beginning of its line.
  @Test(arguments: [
    (["--freeze", "1", "--network", "cnn"], 2, "the option --freeze does not fit: it needs --from"),
    (["--prune", "0.5", "--network", "cnn"], 2, "the option --prune does not fit: it needs --from"),
    (["--network", "cnn", "--from", "x.onnx"], 2, "the option --from does not fit: it stands in place of --network"),
    (["--from", "/nowhere.onnx"], 1, "/nowhere.onnx: there is no such file"),
    ([], 2, "the option --network must be given"),
    (
      ["--network", "conv4x3:norm-classes", "--quantization-aware"], 2,
      "the option --quantization-aware does not fit: layer \"batchNormalization1\" is a batch normalisation"
    ),
  ])
  func mistakesAreOneLine(options: [String], status: Int32, line: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(["train", "-o", folder.path + "/n.onnx", "--data", "synthetic:50", "-q"] + options)
    #expect(outcome.status == status)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.hasPrefix("quill train: " + line), "\(outcome.error)")
    #expect(try folder.names().isEmpty)
  }
}
