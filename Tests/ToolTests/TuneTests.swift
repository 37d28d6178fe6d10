import Foundation
import QuillData
import TestSupport
import Testing

/// `quill tune` as a user meets it.
@Suite struct TuneTests {
  private static let small = [
    "--data", "synthetic:1000", "--trials", "4", "--epochs", "9", "--space",
    "filters=2,4 dense=8 batch=16,32 activation=relu,tanh rate=0.003..0.01",
  ]

  private func tune(_ target: String, _ more: [String] = []) throws -> Tool.Outcome {
    try Tool.run(["tune", "-o", target] + Self.small + more)
  }

  /// The rows of a table without their times, sorted.
  private func rows(_ path: String) throws -> [String] {
    let lines = String(decoding: try FileBytes.read(path), as: UTF8.self).split(separator: "\n").map(String.init)
    return lines.map { $0.replacing(#/"seconds":[^,}]*,?/#, with: "") }.sorted()
  }

  @Test func searchesWithoutTestImagesAndGoesOnWhereItWasKilled() throws {
    let folder = try TemporaryFolder()
    let (whole, pieces) = (folder.path + "/whole.onnx", folder.path + "/pieces.onnx")
    let outcome = try tune(whole)
    #expect(outcome.status == 0)
    #expect(outcome.errorLines.last?.contains("chosen by validation, test images were not read") == true)
    #expect(outcome.output.contains("accuracy %"))
    // The settings, four trials of a short round, two that go on, one that has all epochs.
    #expect(try rows(whole + ".trials.jsonl").count == 8)
    // On a busy machine a search may end before it is killed.
    var signal: Int32 = 0
    for _ in 0..<5 where signal == 0 {
      for name in try folder.names() where name.hasPrefix("pieces") {
        try FileManager.default.removeItem(atPath: folder.path + "/" + name)
      }
      let process = try SignallableProcess(Tool.path, ["tune", "-q", "-o", pieces] + Self.small)
      for _ in 0..<30_000 where try !folder.names().contains("pieces.onnx.trials.jsonl") { usleep(1000) }
      signal = process.endingSignal(after: SIGKILL)
    }
    #expect(signal == SIGKILL)
    let other = try tune(pieces, ["--seed", "2"])
    #expect(other.status == 1)
    #expect(other.errorLines.last?.hasSuffix("other settings or data; name another --table") == true)
    #expect(try tune(pieces).status == 0)
    #expect(try rows(pieces + ".trials.jsonl") == rows(whole + ".trials.jsonl"))
    #expect(try FileBytes.read(pieces) == FileBytes.read(whole))
    // What was being written when the process was killed may stay, under a name that says so.
    #expect(
      try folder.names().filter { !$0.hasSuffix(".partial") } == [
        "pieces.onnx", "pieces.onnx.trials.jsonl", "whole.onnx", "whole.onnx.trials.jsonl",
      ])
  }

  /// What keeps a trial's run from its file costs no trial.
  @Test func aRunThatCannotBeKeptGoesOn() throws {
    let folder = try TemporaryFolder()
    let (whole, other) = (folder.path + "/whole.onnx", folder.path + "/other.onnx")
    #expect(try tune(whole).status == 0)
    let place = other + ".trials.jsonl.trial-0"
    try folder.write("other.onnx.trials.jsonl.trial-0/x", [1])
    let outcome = try tune(other)
    #expect(outcome.status == 0)
    #expect(
      outcome.errorLines.filter { $0.hasPrefix("quill tune: ") } == [
        "quill tune: \(place): is a folder; expected a file; the run goes on without being kept, and tries again"
      ])
    #expect(try FileBytes.read(other) == FileBytes.read(whole))
  }

  @Test func aSpaceThatIsNoneIsOneLine() throws {
    let workspace = try Workspace()
    let outcome = try Tool.run(["tune", "-o", workspace.path("x.onnx"), "--data", "synthetic:50", "--space", "depth=3"])
    #expect(outcome.status == 2)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.hasPrefix("quill tune: the option --space does not fit: 'depth=3' is no choice"))
  }
}
