import Foundation
import Testing

/// What `bench` answers, never how fast; and QUILL_KERNELS.
@Suite struct BenchTests {
  private struct Report: Decodable {
    struct Timing: Decodable { let median: Double, p10: Double, p99: Double }
    struct Subject: Decodable { let file: String, level: String, microseconds: Timing, samples: Int }
    struct Layer: Decodable {
      let `operator`: String, microseconds: Double, share: Double, multiplyAccumulates: Int
      let shareOfRoof: Double?, limit: String?
    }
    struct Roof: Decodable {
      let gigaMultiplyAccumulatesPerSecond: Double?, gigaBytesPerSecond: Double, bytesRead: Int
    }
    struct Level: Decodable { let level: String, isMeasured: Bool, subject: Subject? }
    struct Comparison: Decodable { let other: Subject, medianRatio: Double }
    struct Machine: Decodable { let processor: String, processorCount: Int, architecture: String, system: String }
    struct ColdStart: Decodable {
      let processMilliseconds: Timing, openToAnswerMilliseconds: Timing, peakResidentBytes: Int
    }
    let machine: Machine
    let measured: String
    let model: Subject
    let fileBytes: Int
    let arenaBytes: Int
    let operators: Int
    let multiplyAccumulates: Int
    let layers: [Layer]
    let roof: Roof
    let coldStart: ColdStart
    let levels: [Level]
    let comparison: Comparison
  }

  private func converted(_ work: Workspace) throws -> String {
    let path = work.path("coarse.quill")
    let outcome = try Tool.run(["convert", work.network, "-o", path, "--calibrate", "synthetic:50", "--quiet"])
    #expect(outcome.status == 0)
    return path
  }

  @Test func oneAnswerIsTwoNumbersOrJSON() throws {
    struct FirstAnswer: Decodable { let nanoseconds: UInt64, peakResidentBytes: Int }
    let work = try Workspace()
    let path = try converted(work)
    let text = try Tool.run(["bench", path, "--once"]).output
    #expect(text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.count == 2)
    let json = try Tool.run(["bench", path, "--once", "--json"]).output
    #expect(try JSONDecoder().decode(FirstAnswer.self, from: Data(json.utf8)).peakResidentBytes > 0)
  }

  @Test func theReportIsWhole() throws {
    let work = try Workspace()
    let path = try converted(work)
    let outcome = try Tool.run(["bench", path, "--levels", "--compare", "\(path)@plain", "--json"])
    #expect(outcome.status == 0)
    #expect(outcome.error.isEmpty)
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    #expect(report.model.file == path)
    #expect(report.model.samples > 0)
    #expect(report.model.microseconds.p10 <= report.model.microseconds.median)
    #expect(report.model.microseconds.median <= report.model.microseconds.p99)
    #expect(report.layers.count == report.operators)
    #expect(abs(report.layers.reduce(0) { $0 + $1.share } - 1) < 1e-6)
    #expect(report.roof.gigaBytesPerSecond > 0 && report.roof.bytesRead >= report.fileBytes)
    // Every level but plain Swift has a peak; only layers that multiply are held against it.
    let peak = report.roof.gigaMultiplyAccumulatesPerSecond ?? 0
    #expect(report.model.level == "plain" || peak > 0)
    for layer in report.layers {
      #expect((layer.shareOfRoof == nil) == (layer.multiplyAccumulates == 0 || report.model.level == "plain"))
      #expect((layer.limit == nil) == (layer.shareOfRoof == nil))
    }
    #expect(report.fileBytes > 0 && report.arenaBytes > 0 && report.multiplyAccumulates > 0)
    #expect(report.coldStart.peakResidentBytes > 0)
    #expect(report.levels.map(\.level) == ["plain", "simd128", "neon", "neon-dot", "avx2", "avx512vnni"])
    #expect(report.levels.allSatisfy { $0.isMeasured == ($0.subject != nil) })
    #expect(report.levels[0].isMeasured)
    #expect(report.comparison.other.level == "plain")
    #expect(report.comparison.medianRatio > 0)
  }

  @Test func theTextNamesMachineLayersAndWhatIsMissing() throws {
    let work = try Workspace()
    let path = try converted(work)
    let outcome = try Tool.run(["bench", path, "--levels"])
    #expect(outcome.status == 0)
    for words in ["measured: one thread, batch 1", "\(path)@", "layer  operator", "cold start: ", "peak RSS", "arena"] {
      #expect(outcome.output.contains(words))
    }
    // No machine has both kinds of kernels.
    #expect(outcome.output.contains("not measured"))
  }

  @Test func levelsCanBeForced() throws {
    let work = try Workspace()
    let path = try converted(work)
    for command in [
      ["verify", path], ["evaluate", path, "--data", "synthetic:20"],
      ["drift", work.network, path, "--data", "synthetic:20"],
    ] {
      let best = try Tool.run(command)
      let plain = try Tool.run(command, environment: ["QUILL_KERNELS": "plain"])
      #expect(plain.status == 0)
      #expect(plain.output == best.output)
    }
    let bench = try Tool.run(["bench", path], environment: ["QUILL_KERNELS": "plain"])
    #expect(bench.output.contains("\(path)@plain"))
  }

  @Test func answersDoNotDependOnTheNumberOfThreads() throws {
    let work = try Workspace()
    let path = try converted(work)
    let float = work.network
    func answers(_ threads: String) throws -> [String] {
      let target = work.path("threads-\(threads).quill")
      let convert = try Tool.run(
        ["convert", float, "-o", target, "--calibrate", "synthetic:100", "--threads", threads, "--quiet"])
      #expect(convert.status == 0)
      let others = try [
        ["evaluate", path, "--data", "synthetic:150"], ["evaluate", float, "--data", "synthetic:150"],
        ["drift", float, path, "--data", "synthetic:70"],
      ].map { try Tool.run($0 + ["--threads", threads]) }
      #expect(others.allSatisfy { $0.status == 0 })
      let file = try Data(contentsOf: URL(fileURLWithPath: target)).base64EncodedString()
      return [file] + others.map(\.output)
    }
    let one = try answers("1")
    #expect(try answers("3") == one)
    let none = try Tool.run(["evaluate", path, "--data", "synthetic:5", "--threads", "0"])
    #expect(none.status == 2)
  }

  @Test func levelsThatAreNotHereAreErrors() throws {
    let work = try Workspace()
    let path = try converted(work)
    let unknown = try Tool.run(["verify", path], environment: ["QUILL_KERNELS": "sse"])
    #expect(unknown.status == 1)
    #expect(
      unknown.error
        == "quill verify: QUILL_KERNELS: there are no kernels 'sse'; "
        + "expected plain, simd128, neon, neon-dot, avx2, avx512vnni\n")
    let foreign = try [Tool.run(["bench", "\(path)@neon"]), Tool.run(["bench", "\(path)@avx2"])].filter {
      $0.status != 0
    }
    for outcome in foreign {
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.error.contains("this machine or build lacks the kernels '"))
      #expect(outcome.error.contains("it has plain"))
    }
    #expect(!foreign.isEmpty)
    let float = try Tool.run(["bench", work.network])
    #expect(
      float.error
        == "quill bench: \(work.network): is another network; expected a .quill file, which quill convert makes\n")
  }
}
