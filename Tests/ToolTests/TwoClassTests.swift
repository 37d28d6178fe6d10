import Foundation
import QuillData
import TestSupport
import Testing

/// Networks that answer one number for two classes, as Keras's with one sigmoid.
@Suite struct TwoClassTests {
  private struct Evaluation: Decodable {
    let images: Int
    let correct: Int
    let confusion: [[Int]]
  }

  /// Two folders of drawn zeros and ones, and the network that tells them apart.
  private func workspace() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("two.onnx", [UInt8](Data(base64Encoded: Self.network.joined()) ?? Data()))
    let digits = try DataSource(argument: "synthetic:200").load(split: .test)
    for index in 0..<digits.count where digits.labels[index] < 2 {
      let name = digits.labels[index] == 0 ? "nought" : "one-only"
      try folder.write("data/\(name)/\(index).pgm", Array("P5 28 28 255\n".utf8) + digits.image(index))
    }
    return folder
  }

  @Test func oneNumberNamesTwoClasses() throws {
    let folder = try workspace()
    let (float, int8, data) = (folder.path + "/two.onnx", folder.path + "/two.quill", folder.path + "/data")
    let conversion = try Tool.run(["convert", float, "-o", int8, "--calibrate", data])
    #expect(conversion.status == 0 && conversion.error.contains("the second of two classes; the file answers both"))
    #expect(conversion.error.contains("outputs are named as the data's classes"), "\(conversion.error)")
    for model in [float, int8] {
      let outcome = try Tool.run(["evaluate", model, "--data", data, "--json"])
      let report = try JSONDecoder().decode(Evaluation.self, from: Data(outcome.output.utf8))
      #expect(report.images > 20 && report.confusion.count == 2)
      #expect(report.correct * 10 >= report.images * 8, "\(report)")
      #expect(outcome.error.contains("'nought' as 0, 'one-only' as 1; if that is wrong") == (model == float))
    }
    let picture = try #require(try FileManager.default.contentsOfDirectory(atPath: data + "/nought").first)
    let named = try Tool.run(["classify", int8, "\(data)/nought/\(picture)"])
    #expect(named.output.contains("nought"), "\(named.output)")
    let explanation = try Tool.run([
      "explain", float, "\(data)/nought/\(picture)", "--png", folder.path + "/e.png", "--method", "gradient",
    ])
    #expect(explanation.status == 0, "\(explanation.error)")
  }

  private struct Drift: Decodable {
    struct Flips: Decodable { let changed: Int }
    let flips: Flips
    let quantized: Score
    struct Score: Decodable { let correct: Int }
  }

  /// Both forms of the file: both probabilities, and the one number.
  @Test(arguments: [[], ["--no-softmax"]]) func changedAnswersAreCounted(options: [String]) throws {
    let folder = try workspace()
    let (float, int8, data) = (folder.path + "/two.onnx", folder.path + "/two.quill", folder.path + "/data")
    let conversion = try Tool.run(["convert", float, "-o", int8, "--calibrate", data] + options)
    #expect(conversion.status == 0, "\(conversion.error)")
    let outcome = try Tool.run(["drift", float, int8, "--data", data, "--json"])
    let report = try JSONDecoder().decode(Drift.self, from: Data(outcome.output.utf8))
    #expect(report.flips.changed <= 1 && report.quantized.correct > 16, "\(outcome.output)")
  }

  /// Pictures of other classes serve as calibration, and give the network no names.
  @Test func otherClassesCalibrateOnly() throws {
    let folder = try workspace()
    let target = folder.path + "/two.quill"
    let outcome = try Tool.run(["convert", folder.path + "/two.onnx", "-o", target, "--calibrate", "synthetic:30"])
    #expect(outcome.status == 0 && !outcome.error.contains("named"))
    #expect(try !Tool.run(["inspect", target]).output.contains("labels"))
  }

  @Test func savedModelsAreNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write("saved_model.pb", [8, 1])
    #expect(
      try Tool.run(["inspect", folder.path]).error
        == "quill inspect: \(folder.path): is a folder of TensorFlow's SavedModel format, which is not read; save the network "
        + "with model.save(\"name.keras\"), or convert it to .tflite or .onnx\n")
  }

  /// The means of 4 x 4 squares, one linear layer with one output, sigmoid: how much more a picture is a 1 than a 0.
  private static let network = [
    "CAgSC3F1aWxsLXRlc3RzOrUDCiAKBWltYWdlCgJzMRIEbmNodxoEbmNodyIHUmVzaGFwZQpMCgRuY2h3EgZwb29sZWQaBnBvb2xlZCILQXZlcmFnZV",
    "Bvb2wqFQoMa2VybmVsX3NoYXBlQAdAB6ABByoQCgdzdHJpZGVzQAdAB6ABBwohCgZwb29sZWQKAnMyEgRmbGF0GgRmbGF0IgdSZXNoYXBlCiIKBGZs",
    "YXQKAXcKAWISBnNjb3JlcxoGc2NvcmVzIgRHZW1tChQKBnNjb3JlcxIBcCIHU2lnbW9pZBIKdHdvLWRpZ2l0cyoqCAQQB0ICczFKIP//////////AQ",
    "AAAAAAAAAcAAAAAAAAABwAAAAAAAAAKhoIAhAHQgJzMkoQ//////////8QAAAAAAAAACpLCBAIARABQgF3SkAAACvAAAB0vwAAVcAAgAxBAABAvgAA",
    "XsEAAIBAAAALwQDAV8EAAKTAAADevwAAmsAAAJq/AEAbwQAAH8AAAFhAKg0IARABQgFiSgQAgOZAWiAKBWltYWdlEhcKFQgBEhEKAxIBTgoCCBwKAg",
    "gcCgIIAWIUCgFwEg8KDQgBEgkKAxIBTgoCCAFCBAoAEBE=",
  ]
}
