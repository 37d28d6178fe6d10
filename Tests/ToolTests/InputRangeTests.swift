import Foundation
import QuillData
import Testing

/// `--input-range`, and how `convert` finds a range where it is not given.
@Suite struct InputRangeTests {
  private struct Report: Decodable {
    struct Choice: Decodable {
      struct Score: Decodable { let range: String, correct: Int, images: Int, low: Double, high: Double }
      let range: String
      let source: String
      let scores: [Score]
    }
    let inputRange: Choice?
  }

  private struct Evaluation: Decodable { let correct: Int }

  private struct Conversion {
    let choice: Report.Choice?
    let bytes: [UInt8]
    let remarks: [String]
  }

  private func convert(
    _ work: Workspace, _ network: String, _ options: [String] = [], data: String = "synthetic:300"
  ) throws -> Conversion {
    let path = work.path("out.quill")
    let outcome = try Tool.run(["convert", network, "-o", path, "--calibrate", data, "--json"] + options)
    #expect(outcome.status == 0)
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    return Conversion(
      choice: report.inputRange, bytes: try FileBytes.read(path), remarks: outcome.errorLines)
  }

  private func correct(_ network: String, _ options: [String]) throws -> Int {
    let outcome = try Tool.run(["evaluate", network, "--data", "synthetic:300", "--json"] + options)
    #expect(outcome.status == 0)
    return try JSONDecoder().decode(Evaluation.self, from: Data(outcome.output.utf8)).correct
  }

  @Test func zeroToOneChangesNoByte() throws {
    let work = try Workspace()
    let found = try convert(work, work.network)
    #expect(found.choice?.source == "ranked")
    #expect(found.choice?.range == "0..1")
    #expect(found.choice?.scores.count == 5)
    let given = try convert(work, work.network, ["--input-range", "0..1"])
    #expect(given.choice?.source == "given")
    #expect(given.remarks.isEmpty)
    #expect(given.bytes == found.bytes)
    #expect(try convert(work, work.network, ["--input-range", "0/1"]).bytes == found.bytes)
  }

  @Test(arguments: [("-1..1", Float(-1), Float(1)), ("-0.5..0.5", -0.5, 0.5)])
  func anotherRangeIsFound(name: String, low: Float, high: Float) throws {
    let work = try Workspace()
    let network = try work.folder.write("other.onnx", CoarseDigits.onnx(low: low, high: high))
    let found = try convert(work, network)
    #expect(found.choice?.range == name)
    #expect(found.remarks.count == 1)
    #expect(found.remarks.first?.contains("--input-range \(name)") == true)
    #expect(try correct(network, ["--input-range", name]) == correct(work.network, []))
    // 255 / (255 * 2) and so on: the same range in the other way to write it.
    let meanAndDeviation = low == -1 ? "0.5/0.5" : "0.5/1"
    #expect(try correct(network, ["--input-range", meanAndDeviation]) == correct(work.network, []))
  }

  private struct Drift: Decodable {
    struct Score: Decodable { let correct: Int }
    let float: Score
  }

  /// Found by itself, given in one way or the other: the file says what the float network is to be fed.
  @Test(arguments: [[], ["--input-range", "-1..1"], ["--input-range", "0.4/0.6"], ["--input-range", "0..255"]])
  func driftFeedsTheFloatNetworkWhatTheFileWasMadeWith(options: [String]) throws {
    let work = try Workspace()
    let network = try work.folder.write("other.onnx", CoarseDigits.onnx(low: -1, high: 1))
    _ = try convert(work, network, options)
    let outcome = try Tool.run(["drift", network, work.path("out.quill"), "--data", "synthetic:300", "--json"])
    let report = try JSONDecoder().decode(Drift.self, from: Data(outcome.output.utf8))
    #expect(report.float.correct == (try correct(network, options.isEmpty ? ["--input-range", "-1..1"] : options)))
  }

  /// Beside the file that was made from it; the file's own range is never replaced.
  @Test func evaluateFeedsTheFloatNetworkWhatTheFileWasMadeWith() throws {
    let work = try Workspace()
    let network = try work.folder.write("other.onnx", CoarseDigits.onnx(low: -1, high: 1))
    _ = try convert(work, network)
    func evaluate(_ options: [String]) throws -> (correct: [Int], remarks: [String]) {
      let networks = [network, work.path("out.quill")]
      let outcome = try Tool.run(["evaluate"] + networks + ["--data", "synthetic:300", "--json"] + options)
      #expect(outcome.status == 0)
      let answers = try JSONDecoder().decode([Evaluation].self, from: Data(outcome.output.utf8))
      return (answers.map(\.correct), outcome.errorLines)
    }
    let (told, file) = (try correct(network, ["--input-range", "-1..1"]), try correct(work.path("out.quill"), []))
    let found = try evaluate([])
    #expect(found.correct == [told, file])
    #expect(
      found.remarks == [
        "quill evaluate: \(network) is fed -1..1, as when \(work.path("out.quill")) was made from it; "
          + "--input-range sets another"
      ])
    let given = try evaluate(["--input-range", "0..1"])
    #expect(given.correct == [try correct(network, []), file] && given.correct[0] != told && given.remarks.isEmpty)
  }

  @Test func rangesThatCannotBeToldApartAreSaid() throws {
    let work = try Workspace()
    let network = try work.folder.write("bytes.onnx", CoarseDigits.onnx(low: 0, high: 1))
    let found = try convert(work, network, data: "synthetic:12")
    #expect(found.choice?.range == "0..1")
    #expect(found.remarks.first?.contains("which 12 calibration images cannot tell from") == true)
    #expect(found.remarks.first?.hasPrefix("quill convert: took input range 0..1 (") == true)
  }

  @Test func aRescalingLayerTellsTheRange() throws {
    let work = try Workspace()
    let network = try work.folder.write("scaling.onnx", CoarseDigits.scalingBytes)
    let found = try convert(work, network)
    #expect(found.choice?.source == "network")
    #expect(found.choice?.range == "0..255")
    #expect(
      found.remarks == [
        "quill convert: input range 0..255, which the network itself tells; --input-range sets another"
      ])
    #expect(try correct(network, []) == correct(work.network, []))
    #expect(try correct(work.path("out.quill"), []) * 100 > 60 * 300)
  }

  @Test(arguments: [("0..1", 0), ("-1..1", 1)]) func aFileTellsItsRange(range: String, remarks: Int) throws {
    let work = try Workspace()
    let found = try convert(work, try work.folder.write("told.onnx", CoarseDigits.onnx(tellingRange: range)))
    #expect(found.choice?.source == "network")
    #expect(found.choice?.range == range)
    #expect(found.remarks.count == remarks)
  }

  @Test func poorAccuracyIsLoud() throws {
    let work = try Workspace()
    let digits = try DataSource(argument: "synthetic:100").load(split: .train)
    for index in 0..<digits.count {
      let header = Array("P5\n28 28\n255\n".utf8)
      try work.folder.write("set/\(digits.labels[index])_\(index).pgm", header + digits.image(index).map { 255 - $0 })
    }
    let found = try convert(work, work.network, data: work.path("set"))
    #expect(found.remarks.count == 1)
    #expect(found.remarks.first?.contains("WARNING: the float network is wrong too often") == true)
    #expect(try convert(work, work.network, ["--quiet"], data: work.path("set")).remarks.isEmpty)
  }

  @Test func picturesOfOneClassAreNotRanked() throws {
    let work = try Workspace()
    let digits = try DataSource(argument: "synthetic:5").load(split: .train)
    for index in 0..<digits.count {
      try work.folder.write("set/0_\(index).pgm", Array("P5\n28 28\n255\n".utf8) + digits.image(index))
    }
    let found = try convert(work, work.network, data: work.path("set"))
    #expect(found.choice?.source == "assumed")
    #expect(found.choice?.range == "0..1")
    #expect(found.remarks.isEmpty)
    let array = try work.ramp("x.npy", count: 3)
    #expect(try convert(work, work.network, data: array).choice == nil)
  }

  @Test(arguments: ["0.1/0", "0.1/-1", "nan/1", "/1", "0..", "1", "0/1e-60", "inf..nan"])
  func badRangesAreRefused(text: String) throws {
    let outcome = try Tool.run(["evaluate", "m", "--data", "synthetic", "--input-range", text])
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("--input-range is '\(text)'; expected LOW..HIGH"))
  }
}
