import Foundation
import QuillData
import TestSupport
import Testing

/// `quill train` as a user meets it.
@Suite struct TrainTests {
  private struct Summary: Decodable {
    struct Result: Decodable { let loss: Double, accuracy: Double }
    struct Epoch: Decodable { let epoch: Int, training: Result, validation: Result? }
    struct Test: Decodable { let images: Int, correct: Int, accuracy: Double }
    let parameters: Int
    let writtenEpoch: Int
    let epochs: [Epoch]
    let test: [Test]
  }

  private struct Evaluation: Decodable { let images: Int, correct: Int }

  private static let small = ["--network", "conv4x3-pool-drop0.2-dense16:tanh-classes", "--data", "synthetic:600"]

  private func train(_ target: String, _ options: [String]) throws -> Tool.Outcome {
    try Tool.run(["train", "-o", target] + options)
  }

  @Test func trainsToANetworkThatConvertsAndEvaluates() throws {
    let folder = try TemporaryFolder()
    let (network, page) = (folder.path + "/n.onnx", folder.path + "/n.html")
    let outcome = try train(
      network,
      [
        "--network", "dense24-classes", "--data", "synthetic:3000", "--validation-split", "0.1", "--report", page,
        "--json",
      ])
    #expect(outcome.status == 0)
    #expect(outcome.errorLines.filter { $0.hasPrefix("epoch ") }.count == 5)
    #expect(outcome.errorLines.filter { $0.contains("read once, after the run") }.count == 1)
    let summary = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
    #expect(summary.parameters == 784 * 24 + 24 + 24 * 10 + 10)
    #expect(summary.epochs.map(\.epoch) == [1, 2, 3, 4, 5])
    #expect(summary.test[0].accuracy > 0.8)
    #expect(try folder.names() == ["n.html", "n.onnx"])

    let evaluated = try Tool.run(["evaluate", network, "--data", "synthetic:3000", "--json"])
    let evaluation = try JSONDecoder().decode(Evaluation.self, from: Data(evaluated.output.utf8))
    #expect(evaluation.images == summary.test[0].images)
    #expect(evaluation.correct == summary.test[0].correct)
    let inspected = try Tool.run(["inspect", network])
    for word in ["quill.input.range", "quill.train.seed", "quill.train.network", "dense24-classes"] {
      #expect(inspected.output.contains(word))
    }
    let quill = folder.path + "/n.quill"
    #expect(try Tool.run(["convert", network, "-o", quill, "--calibrate", "synthetic:200"]).status == 0)
    #expect(try Tool.run(["verify", quill]).status == 0)

    let html = String(decoding: try FileBytes.read(page), as: UTF8.self)
    #expect(html.components(separatedBy: "<svg ").count == 3)
    #expect(html.components(separatedBy: "<polyline ").count == 5)
    for word in ["http://", "https://", "<script", "<link", "src="] { #expect(!html.contains(word)) }
  }

  @Test func lettersAreLearntToBeNoDigit() throws {
    let folder = try TemporaryFolder()
    let network = folder.path + "/n.onnx"
    let digits = ["--network", "conv8x3:s2-conv16x3:s2-dense32-classes", "--data", "synthetic:3000"]
    let outcome = try train(network, digits + ["--non-digits", "1500"])
    #expect(outcome.status == 0 && outcome.error.contains("3000 images of 28x28x1, 1500 without a digit, "))
    #expect(try Tool.run(["inspect", network]).output.contains("pictures without a digit"))
    let bad = try train(
      network, ["--network", "dense4-classes", "--data", "synthetic-letters:99", "--non-digits", "9"])
    #expect(
      bad.error == "quill train: --non-digits: synthetic-letters:99 has images of 28x28x1 in 36 classes; "
        + "expected 28x28x1 in the classes 0 to 9, or leave it out\n")
  }

  @Test func interruptedRunsGoOnToTheSameBytes() throws {
    let folder = try TemporaryFolder()
    let (whole, pieces) = (folder.path + "/whole.onnx", folder.path + "/pieces.onnx")
    let options =
      Self.small + [
        "--epochs", "40", "--validation-split", "0.2", "--validation", "stratified", "--best", "accuracy",
        "--augment", "rotation=10,shift=0.1",
      ]
    #expect(try train(whole, options).status == 0)
    let process = try SignallableProcess(Tool.path, ["train", "-q", "-o", pieces] + options)
    // The first checkpoint says that the run is under way.
    for _ in 0..<1000 where try !folder.names().contains("pieces.onnx.checkpoint") { usleep(10_000) }
    #expect(process.endingSignal(after: SIGINT) == SIGINT)
    #expect(try folder.names() == ["pieces.onnx.checkpoint", "whole.onnx"])

    let other = try train(pieces, options + ["--resume", "--batch", "7"])
    #expect(other.status == 1)
    let sentence = "\(pieces).checkpoint: the checkpoint is of a run with another batch: 32; this one has 7"
    #expect(other.errorLines.last == "quill train: \(sentence)")
    let kept = try FileBytes.read("\(pieces).checkpoint")
    #expect(try train(pieces, options + ["--resume"]).status == 0)
    #expect(try FileBytes.read(pieces) == FileBytes.read(whole))
    #expect(try folder.names() == ["pieces.onnx", "whole.onnx"])

    try folder.write("short.onnx.checkpoint", kept)
    let anew = try Tool.run(["train", "-o", folder.path + "/short.onnx", "--epochs", "1"] + Self.small)
    #expect(
      anew.errorLines.contains(
        "\(folder.path)/short.onnx.checkpoint keeps an earlier run, which this one will replace; --resume goes on with it"
      ))
  }

  @Test func aFinishedRunTakesMoreEpochs() throws {
    let folder = try TemporaryFolder()
    let (first, more, whole) = (folder.path + "/1.onnx", folder.path + "/2.onnx", folder.path + "/3.onnx")
    let keep = ["--checkpoint", folder.path + "/kept"]
    #expect(try train(first, Self.small + keep + ["--epochs", "1"]).status == 0)
    #expect(try train(more, Self.small + keep + ["--epochs", "2", "--resume"]).status == 0)
    #expect(try train(whole, Self.small + ["--epochs", "2"]).status == 0)
    #expect(try FileBytes.read(more) == FileBytes.read(whole))
    #expect(try FileBytes.read(more) != FileBytes.read(first))
    #expect(try folder.names() == ["1.onnx", "2.onnx", "3.onnx", "kept"])
  }

  /// `/dev/full` is a disk without room: the run goes on, says so once, and waits for room with what is kept nowhere else.
  @Test func aFullDiskCostsNoTraining() throws {
    let folder = try TemporaryFolder()
    let (target, kept) = (folder.path + "/n.onnx", folder.path + "/n.onnx.checkpoint")
    func link(_ name: String, to place: String) throws {
      try FileManager.default.createSymbolicLink(atPath: name, withDestinationPath: place)
    }
    try link(kept, to: "/dev/full")
    let whole = try train(folder.path + "/whole.onnx", Self.small + ["--epochs", "3", "--no-test"])
    #expect(whole.status == 0)
    let outcome = try train(target, Self.small + ["--epochs", "3", "--no-test"])
    #expect(outcome.status == 0)
    #expect(
      outcome.errorLines.filter { $0.contains("cannot be written") } == [
        "quill train: \(kept): cannot be written: No space left on device; the run goes on without being kept, and tries again"
      ])
    #expect(try FileBytes.read(target) == FileBytes.read(folder.path + "/whole.onnx"))

    try FileManager.default.removeItem(atPath: target)
    try link(kept, to: "/dev/full")
    try link(target, to: "/dev/full")
    let process = try SignallableProcess(
      Tool.path, ["train", "-q", "-o", target, "--epochs", "3", "--no-test"] + Self.small)
    usleep(1_500_000)
    #expect(unlink(target) == 0)
    #expect(process.endingSignal(after: 0) == 0)
    #expect(try FileBytes.read(target) == FileBytes.read(folder.path + "/whole.onnx"))
  }

  @Test func severalSourcesAreMixed() throws {
    let folder = try TemporaryFolder()
    let outcome = try train(
      folder.path + "/n.onnx", Self.small + ["--data", "synthetic:100", "--epochs", "1", "--no-test", "--json"])
    #expect(outcome.status == 0)
    #expect(outcome.errorLines.first?.contains(": 700 images of 28x28x1, 0 to validate, 10 classes") == true)
    let summary = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
    #expect(summary.test.isEmpty)
  }

  /// Each mistake, its status, and the beginning of its line.
  @Test(arguments: [
    (["--network", "cnn"], 2, "the option --data must be given"),
    (
      ["--network", "cnn", "--data", "synthetic:50", "--best", "loss", "--validation-split", "0"], 2,
      "the option --best"
    ),
    (
      ["--network", "cnn", "--data", "synthetic:50", "--augment", "blurr=1"], 2,
      "the option --augment does not fit: 'blurr=1' is no augmentation; expected parts such as"
    ),
    (["--network", "cnm", "--data", "synthetic:50"], 2, "the option --network does not fit: layer 1 'cnm' is unknown"),
    (["--network", "9", "--data", "synthetic:50"], 2, "the option --network does not fit: the network answers 9"),
    (
      ["--network", "cnn", "--data", "synthetic:50", "--learning-rate", "nan"], 2, "--learning-rate is 'nan'; expected"
    ),
    (["--network", "cnn", "--data", "/nowhere"], 1, "/nowhere: there is no such file or folder"),
    (
      ["--network", "cnn", "--data", "synthetic:50", "--resume"], 1,
      "OUT.checkpoint: keeps no run to go on with: none was begun, or it is done; leave --resume out to begin one"
    ),
  ])
  func mistakesAreOneLine(options: [String], status: Int32, line: String) throws {
    let folder = try TemporaryFolder()
    let target = folder.path + "/n.onnx"
    let outcome = try train(target, options + ["-q"])
    #expect(outcome.status == status)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.hasPrefix("quill train: " + line.replacing("OUT", with: target)))
    #expect(try folder.names().isEmpty)
  }
}
