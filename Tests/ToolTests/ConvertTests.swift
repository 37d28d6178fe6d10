import Foundation
import QuillData
import Testing

/// The main road as a user walks it: `convert`, `verify`, `run`, `evaluate` and `drift` on one tiny network.
@Suite struct ConvertTests {
  private struct Drift: Decodable {
    struct Score: Decodable { let correct: Int }
    struct Flips: Decodable { let changed: Int, lost: Int, gained: Int }
    struct Layer: Decodable { let name: String, sqnrDecibels: Double?, cosine: Double? }
    let images: Int
    let float: Score
    let quantized: Score
    let flips: Flips
    let layers: [Layer]
  }

  private struct Evaluation: Decodable { let images: Int, correct: Int }

  private func converted(_ work: Workspace, _ options: [String] = []) throws -> String {
    let path = work.path("coarse.quill")
    let outcome = try Tool.run(
      ["convert", work.network, "-o", path, "--calibrate", "synthetic:200", "--calibration-images", "100", "--quiet"]
        + options)
    #expect(outcome.status == 0)
    #expect(outcome.error.isEmpty)
    #expect(outcome.output.isEmpty)
    return path
  }

  private func error(_ arguments: [String], status: Int32 = 1) throws -> String {
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == status)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errorLines.count == 1)
    return outcome.error
  }

  @Test func convertedFilesVerifyAndRepeat() throws {
    let work = try Workspace()
    let path = try converted(work)
    let verified = try Tool.run(["verify", path])
    #expect(verified.status == 0)
    #expect(verified.output.hasPrefix("\(path): "))
    let bytes = try FileBytes.read(path)
    #expect(try FileBytes.read(try converted(work)) == bytes)
    #expect(try work.folder.names() == ["coarse.onnx", "coarse.quill"])
    let streamed = try Tool.run(["verify", "-"], input: bytes)
    #expect(streamed.status == 0)
  }

  @Test func damagedFilesAreRefused() throws {
    let work = try Workspace()
    let bytes = try FileBytes.read(try converted(work))
    for offset in stride(from: 0, to: bytes.count, by: 97) {
      var damaged = bytes
      damaged[offset] ^= 0x10
      let path = try work.folder.write("damaged.quill", damaged)
      #expect(try error(["verify", path]).hasPrefix("quill verify: \(path): "))
    }
    for count in [8, 63, 64, 200, bytes.count - 1] {
      let path = try work.folder.write("cut.quill", Array(bytes.prefix(count)))
      #expect(try error(["verify", path]).hasPrefix("quill verify: \(path): "))
    }
  }

  @Test func driftCountsRight() throws {
    let work = try Workspace()
    let path = try converted(work)
    let outcome = try Tool.run(["drift", work.network, path, "--data", "synthetic:300", "--json"])
    #expect(outcome.status == 0)
    let decoder = JSONDecoder()
    let drift = try decoder.decode(Drift.self, from: Data(outcome.output.utf8))
    #expect(drift.images == 300)
    #expect(drift.quantized.correct - drift.float.correct == drift.flips.gained - drift.flips.lost)
    #expect(drift.flips.changed >= drift.flips.lost + drift.flips.gained)
    #expect(!drift.layers.isEmpty)
    for (network, correct) in [(work.network, drift.float.correct), (path, drift.quantized.correct)] {
      let evaluated = try Tool.run(["evaluate", network, "--data", "synthetic:300", "--json"])
      let report = try decoder.decode(Evaluation.self, from: Data(evaluated.output.utf8))
      #expect(report.correct == correct)
    }
    #expect(
      try Tool.run(["drift", work.network, path, "--data", "synthetic:300", "--max-flips", "300"]).status == 0)
    let flipped = drift.flips.changed
    if flipped > 0 {
      let limited = try Tool.run([
        "drift", work.network, path, "--data", "synthetic:300", "--max-flips", "\(flipped - 1)",
      ])
      #expect(limited.status == 3)
      #expect(limited.errorLines.count == 1)
    }
  }

  @Test func arraysRunInBothKinds() throws {
    let work = try Workspace()
    let path = try converted(work)
    let bytes = (0..<2 * 784).map { Int8(truncatingIfNeeded: $0 % 784 / 4 - 98) }
    let int8 = try work.array("int8.npy", NumpyArray(shape: [2, 28, 28], int8s: bytes))
    let output = work.path("y.npy")
    let raw = try Tool.run(["run", path, "--input", int8, "-o", output, "--dump-tensors", work.path("tensors")])
    #expect(raw.status == 0)
    let answers = try NumpyFile.read(output)
    #expect(answers.element == .int8)
    #expect(answers.shape == [2, 10])
    // The input's pixels are 0...1, so int8 -128...127 stand for 0...255.
    let reals = bytes.map { (Float($0) + 128) / 255 }
    let floats = try work.array("floats.npy", NumpyArray(shape: [2, 784], floats: reals))
    #expect(try Tool.run(["run", path, "--input", floats, "-o", output]).status == 0)
    let real = try NumpyFile.read(output)
    #expect(real.element == .float32)
    #expect(try real.floats() == #require(answers.int8s()).map { (Float($0) + 128) / 256 })
    let dumped = try FileManager.default.contentsOfDirectory(atPath: work.path("tensors")).filter {
      $0.hasPrefix("000-")
    }
    #expect(try NumpyFile.read(work.path("tensors/") + dumped[0]).int8s() == bytes)
  }

  @Test func nanIsRefusedWhereInt8CannotHoldIt() throws {
    let work = try Workspace()
    let path = try converted(work)
    var values = [Float](repeating: 0, count: 784)
    values[5] = .nan
    let input = try work.array("nan.npy", NumpyArray(shape: [1, 784], floats: values))
    #expect(
      try error(["run", path, "--input", input, "-o", work.path("y.npy")])
        == "quill run: \(input): element 5 is not a number (NaN), which int8 cannot hold\n")
  }

  @Test func labelsAreCarried() throws {
    let work = try Workspace()
    let names = try work.folder.write(
      "names", Array("zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n".utf8))
    let path = try converted(work, ["--labels", names])
    let inspected = try Tool.run(["inspect", path])
    #expect(inspected.output.contains("labels  zero, one, two"))
    let few = try work.folder.write("few", Array("zero\none\n".utf8))
    #expect(
      try error(["convert", work.network, "-o", work.path("x"), "--calibrate", "synthetic:10", "--labels", few])
        .hasSuffix(": 2 labels for 10 classes; name one label a class\n"))
    let binary = try work.folder.write("binary", [0xff, 0xfe, 0x00])
    #expect(
      try error(["convert", work.network, "-o", work.path("x"), "--calibrate", "synthetic:10", "--labels", binary])
        == "quill convert: \(binary): is not UTF-8 text; expected class names, one a line\n")
  }

  @Test func badConversionsSayWhy() throws {
    let work = try Workspace()
    let path = try converted(work)
    let target = work.path("out.quill")
    #expect(
      try error(["convert", work.network, "-o", target], status: 2)
        == "quill convert: the option --calibrate must be given; see --help\n")
    #expect(
      try error(["convert", path, "-o", target, "--calibrate", "synthetic"])
        == "quill convert: \(path): is a .quill file already; expected a float network or an int8 .tflite\n")
    #expect(
      try error(["convert", work.network, "-o", work.path("none/out"), "--calibrate", "synthetic:10"])
        == "quill convert: \(work.path("none/out")): cannot be written: there is no folder \(work.path("none"))\n")
    #expect(
      try error(["convert", work.network, "-o", "/dev/full", "--calibrate", "synthetic:10"])
        == "quill convert: /dev/full: cannot be written: No space left on device\n")
    let none = try work.array("none.npy", NumpyArray(shape: [0, 784], floats: []))
    #expect(
      try error(["convert", work.network, "-o", target, "--calibrate", none])
        .contains("the calibration set has no images"))
    #expect(
      try error(["convert", work.network, "-o", target, "--calibrate", "synthetic:10", "--match", "tflite"], status: 2)
        == "quill convert: --match is 'tflite'; expected tflite-micro or litert\n")
    #expect(
      try error(["drift", path, path, "--data", "synthetic:10"])
        == "quill drift: \(path): is an int8 network; expected the float network that it was made from\n")
    #expect(
      try error(["drift", work.network, work.network, "--data", "synthetic:10"]).contains("expected a .quill file"))
    #expect(
      try error(["evaluate", path, "--data", "synthetic:10", "--input-range", "0..1"], status: 2)
        == "quill evaluate: the option --input-range does not fit: \(path) carries its own; it was set by convert\n")
    #expect(!FileManager.default.fileExists(atPath: target))
  }
}
