import Foundation
import QuillData
import Testing

@Suite struct RunTests {
  private func runError(_ arguments: [String]) throws -> String {
    let outcome = try Tool.run(["run"] + arguments)
    #expect(outcome.status == 1)
    #expect(outcome.errorLines.count == 1)
    return outcome.error
  }

  @Test func arraysGoInAndComeOut() throws {
    let work = try Workspace()
    let outcome = try Tool.run(["run", work.network, "--input", work.ramp("x.npy", count: 3), "-o", work.path("y.npy")])
    #expect(outcome.status == 0)
    #expect(outcome.error.isEmpty)
    let answers = try NumpyFile.read(work.path("y.npy"))
    #expect(answers.shape == [3, 10])
    #expect(answers.element == .float32)
    let rows = answers.floats()
    #expect(abs(rows[0..<10].reduce(0, +) - 1) < 1e-5)
    #expect(Array(rows[0..<10]) == Array(rows[20..<30]))
  }

  @Test(arguments: [[784], [1, 28, 28], [28, 28], [28, 28, 1], [4, 196]]) func shapesThatCountTheSameFit(
    shape: [Int]
  ) throws {
    let work = try Workspace()
    let outcome = try Tool.run([
      "run", work.network, "--input=\(work.ramp("x.npy", count: 2, shape: shape))", "--output=\(work.path("y.npy"))",
    ])
    #expect(outcome.status == 0)
    #expect(try NumpyFile.read(work.path("y.npy")).shape == [2, 10])
  }

  @Test func bytesWithoutSignAreAnsweredInKind() throws {
    let work = try Workspace()
    let converted = work.path("coarse.quill")
    let made = try Tool.run([
      "convert", work.network, "-o", converted, "--calibrate", "synthetic", "--calibration-images", "4",
    ])
    #expect(made.status == 0)
    let pixels = (0..<2 * 784).map { UInt8($0 % 256) }
    let unsigned = try work.array("u.npy", NumpyArray(element: .uint8, shape: [2, 784], bytes: pixels))
    let signed = try work.array(
      "s.npy", NumpyArray(shape: [2, 784], int8s: pixels.map { Int8(bitPattern: $0 ^ 0x80) }))
    for (input, output) in [(unsigned, "uy.npy"), (signed, "sy.npy")] {
      #expect(try Tool.run(["run", converted, "--input", input, "-o", work.path(output)]).status == 0)
    }
    let bytes = try NumpyFile.read(work.path("uy.npy"))
    #expect(bytes.element == .uint8)
    #expect(bytes.bytes.map { Int8(bitPattern: $0 ^ 0x80) } == (try NumpyFile.read(work.path("sy.npy")).int8s()))
  }

  @Test func standardStreamsServe() throws {
    let work = try Workspace()
    let bytes = try FileBytes.read(work.ramp("x.npy", count: 2))
    let output = try Tool.run(["run", work.network, "--input", "-", "-o", work.path("y.npy")], input: bytes)
    #expect(output.status == 0)
    let twice = try Tool.run(["run", "-", "--input", "-", "-o", work.path("y.npy")], input: CoarseDigits.onnx)
    #expect(twice.error == "quill run: standard input (-) can be read only once\n")
    #expect(twice.status == 2)
  }

  @Test func inputsThatDoNotFitAreNamed() throws {
    let work = try Workspace()
    let (network, output) = (work.network, work.path("y.npy"))
    let odd = try work.ramp("odd.npy", count: 2, shape: [28, 27])
    #expect(
      try runError([network, "--input", odd, "-o", output])
        == "quill run: \(odd): shape (2, 28, 27) holds 756 values a sample; the input 'image' takes 784, (1, 28, 28, 1); "
        + "the first dimension is the batch\n")
    let flat = try work.array("flat.npy", NumpyArray(shape: [784], floats: [Float](repeating: 0, count: 784)))
    #expect(try runError([network, "--input", flat, "-o", output]).contains("shape (784,) holds 1 values a sample"))
    let scalar = try work.array("scalar.npy", NumpyArray(shape: [], floats: [1]))
    #expect(
      try runError([network, "--input", scalar, "-o", output])
        == "quill run: \(scalar): is a single number; expected an array whose first dimension is the batch\n")
    let int8 = try work.array("int8.npy", NumpyArray(shape: [1, 784], int8s: [Int8](repeating: 0, count: 784)))
    #expect(
      try runError([network, "--input", int8, "-o", output])
        == "quill run: \(int8): holds int8; expected floats, scaled as in training (numpy: x.astype(numpy.float32) / 255, "
        + "say)\n")
    let foreign = try work.folder.write("foreign.npy", Array("P5 1 1 255 x".utf8))
    #expect(try runError([network, "--input", foreign, "-o", output]).contains(": is not a .npy file: "))
    let cut = try work.folder.write("cut.npy", Array(FileBytes.read(odd).dropLast(5)))
    #expect(try runError([network, "--input", cut, "-o", output]).contains("the file is cut"))
    #expect(try Tool.run(["run", network, "--input", odd, "--input", odd, "-o", output]).status == 2)
    #expect(
      try Tool.run(["run", network, "--input", odd, "-o", output, "-o", output + "2"]).error
        == "quill run: the network has 1 outputs; expected as many --output, found 2\n")
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func targetsThatCannotBeWrittenLeaveNothing() throws {
    let work = try Workspace()
    let input = try work.ramp("x.npy", count: 1)
    let before = try work.folder.names()
    #expect(
      try runError([work.network, "--input", input, "-o", "/dev/full"])
        == "quill run: /dev/full: cannot be written: No space left on device\n")
    #expect(
      try runError([work.network, "--input", input, "-o", work.folder.path])
        == "quill run: \(work.folder.path): is a folder; expected a file\n")
    #expect(
      try runError([work.network, "--input", input, "-o", work.path("none/y.npy")])
        == "quill run: \(work.path("none/y.npy")): cannot be written: there is no folder \(work.path("none"))\n")
    #expect(
      try runError([work.network, "--input", input, "-o", work.path("y.npy"), "--dump-tensors", input])
        == "quill run: \(input): is a file; expected a folder\n")
    #expect(try work.folder.names() == before)
  }

  @Test func anEmptyBatchGivesAnEmptyAnswer() throws {
    let work = try Workspace()
    let empty = try work.array("empty.npy", NumpyArray(shape: [0, 28, 28, 1], floats: []))
    #expect(try Tool.run(["run", work.network, "--input", empty, "-o", work.path("y.npy")]).status == 0)
    #expect(try NumpyFile.read(work.path("y.npy")).shape == [0, 10])
  }

  private struct Step: Decodable {
    let `operator`: String
    let name: String
    let inputs: [String]
    let outputs: [String]
  }

  @Test func tensorsAreDumpedWithAnIndex() throws {
    let work = try Workspace()
    let outcome = try Tool.run([
      "run", work.network, "--input", work.ramp("x.npy", count: 3), "-o", work.path("y.npy"), "--dump-tensors",
      work.path("tensors"),
    ])
    #expect(outcome.status == 0)
    let index = try Data(contentsOf: URL(fileURLWithPath: work.path("tensors/index.json")))
    let steps = try JSONDecoder().decode([Step].self, from: index)
    let softmax = try #require(steps.last)
    #expect(softmax.operator == "Softmax")
    let scores = try NumpyFile.read(work.path("tensors/") + softmax.inputs[0])
    #expect(scores.shape == [3, 10])
    let answers = try NumpyFile.read(work.path("tensors/") + softmax.outputs[0])
    #expect(answers == (try NumpyFile.read(work.path("y.npy"))))
    let first = try #require(steps.first)
    #expect(first.inputs[0].hasPrefix("000-"))
    let files = try FileManager.default.contentsOfDirectory(atPath: work.path("tensors"))
    #expect(files.count == steps.count + 2)
    #expect(!files.contains { $0.hasSuffix(".partial") })
  }

  /// A dump that is ended by a signal takes its unfinished files along.
  @Test func aSignalLeavesNothingUnfinished() throws {
    let work = try Workspace()
    let input = try work.ramp("x.npy", count: 20_000)
    let process = try SignallableProcess(
      Tool.path,
      [
        "run", work.network, "--input", input, "-o", work.path("y.npy"), "--dump-tensors", work.path("tensors"),
      ])
    func unfinished() -> Bool {
      let names = try? FileManager.default.contentsOfDirectory(atPath: work.path("tensors"))
      return names?.contains { $0.hasSuffix(".partial") } ?? false
    }
    let deadline = Date().addingTimeInterval(60)
    while !unfinished(), Date() < deadline { usleep(1_000) }
    #expect(process.endingSignal(after: SIGTERM) == SIGTERM)
    #expect(!unfinished())
    #expect(!FileManager.default.fileExists(atPath: work.path("y.npy")))
  }
}
