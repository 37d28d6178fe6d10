import Foundation
import QuillData
import Testing

/// What the tool sees to before it works for hours.
@Suite struct OutputFileTests {
  @Test func aNetworkIsNotReplacedByWhatIsMadeFromIt() throws {
    let workspace = try Workspace()
    let network = workspace.network
    let outcome = try Tool.run(["convert", network, "-o", network, "--calibrate", "synthetic:5"])
    #expect(outcome.status == 2)
    #expect(
      outcome.error
        == "quill convert: --output names the file of MODEL, which would be overwritten: \(network); "
        + "give another name\n")
    #expect(try FileBytes.read(network) == CoarseDigits.onnx)
  }

  @Test func twoPagesOfOneNameAreRefused() throws {
    let workspace = try Workspace()
    let page = workspace.path("page")
    let outcome = try Tool.run([
      "evaluate", workspace.network, "--data", "synthetic:5", "--html", page, "--sheet", page,
    ])
    #expect(
      outcome.error
        == "quill evaluate: --sheet names the file of --html, which would be overwritten: \(page); give another name\n")
    #expect(try workspace.folder.names() == ["coarse.onnx"])
  }

  /// Training would end there after all its epochs.
  @Test func nothingIsLearntForATargetThatCannotBeWritten() throws {
    let workspace = try Workspace()
    for (target, problem) in [
      (workspace.path("none/out.onnx"), "cannot be written: there is no folder \(workspace.path("none"))"),
      (workspace.folder.path, "is a folder; expected a file"),
    ] {
      let outcome = try Tool.run(["train", "--network", "mlp-128", "--data", "synthetic:20", "-o", target])
      #expect(outcome.status == 1)
      #expect(outcome.error == "quill train: \(target): \(problem)\n")
    }
    #expect(try workspace.folder.names() == ["coarse.onnx"])
  }

  /// The first file that is opened does not become what the result is written to.
  @Test func aClosedOutputIsNoFile() throws {
    let workspace = try Workspace()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let command = "exec '\(Tool.path)' evaluate '\(workspace.network)' --data synthetic:5 --sheet sheet.png >&- 2>said"
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: workspace.folder.path)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(
      String(decoding: try FileBytes.read(workspace.path("said")), as: UTF8.self)
        == "quill evaluate: standard output: cannot be written: Bad file descriptor\n")
    #expect(try ImageFile.read(workspace.path("sheet.png")).channels == 3)
  }
}
