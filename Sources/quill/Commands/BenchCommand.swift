import Quill
import QuillData

/// `quill bench`: how fast a file runs here, and what it costs.
enum BenchCommand: Command {
  private static let model = Operand(
    "MODEL", .input, help: "the network: .quill or int8 .tflite; MODEL@LEVEL forces a level's kernels")
  private static let compare = Option(
    "--compare", "OTHER", .input, help: "another network, or MODEL@LEVEL, measured in turns with this one")
  private static let levels = Flag("--levels", help: "also each level of kernels that this machine has")
  private static let seconds = Option(
    "--seconds", "S", .integer(1...3600), help: "how long each network and level is measured; by default 1")
  private static let once = Flag(
    "--once",
    help:
      "one inference only: nanoseconds from opening the file to the\nanswer, and the most bytes resident; what cold starts run"
  )

  static let declaration = CommandDeclaration(
    name: "bench", summary: "Measure how fast a .quill file runs on this machine.",
    discussion: """
      Answers median, 10th and 99th percentile of one inference on one thread, each layer's time, products a
      second and share of what this core can do at best, the bytes of file and arena, and the cold start. Networks
      and levels are measured in turns, so that what else the machine does meets all of them. Every level must give
      the same bytes.
      """,
    parameters: [
      model.declaration, compare.declaration, levels.declaration, seconds.declaration, once.declaration,
      SharedParameters.json.declaration,
    ],
    examples: [
      .init(command: "quill bench digits.quill", meaning: "times, layers, memory and cold start"),
      .init(
        command: "quill bench digits.quill --levels", meaning: "also plain Swift, AVX2, ... as far as they are here"),
      .init(
        command: "quill bench new.quill --compare old.quill@avx2 --json",
        meaning: "the ratio of two medians of the same run, for a script"),
    ])

  private static let roundSeconds = 0.02

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    if arguments[once] {
      let nanoseconds = try firstAnswer(try Subject(try arguments[model]))
      let first = FirstAnswer(nanoseconds: nanoseconds, peakResidentBytes: Machine.peakResidentBytes())
      if arguments[SharedParameters.json] {
        try console.printJSON(first)
      } else {
        try console.print("\(first.nanoseconds) \(first.peakResidentBytes)")
      }
      return .success
    }
    let subject = try Subject(try arguments[model])
    let own = Contender(try subject.load(), level: subject.level)
    let other = try arguments[compare].map { text in
      let subject = try Subject(text)
      return Contender(try subject.load(), level: subject.level)
    }
    var byLevel: [KernelLevel: Contender] = [:]
    if arguments[levels] {
      for level in KernelLevel.allCases where level.isAvailable && level != own.level {
        byLevel[level] = Contender(own.network, level: level)
      }
      try expectSameBytes(own, byLevel.values.map(\.self))
      byLevel[own.level] = own
    }
    let duration = Double(arguments[seconds] ?? 1)
    measure([own] + (other.map { [$0] } ?? []) + byLevel.values.filter { $0 !== own }, seconds: duration, console)
    let report = report(
      own, other, arguments[levels] ? byLevel : nil,
      layers: own.stepTimes(seconds: duration / 2), ColdStart.measure(subject.path, level: subject.level.name))
    if arguments[SharedParameters.json] {
      try console.printJSON(report)
    } else {
      try console.print(report.text(console))
    }
    return .success
  }

  /// What `--once` measures.
  private struct FirstAnswer: Encodable {
    let nanoseconds: UInt64
    let peakResidentBytes: Int
  }

  /// A file, and the level to run it with.
  private struct Subject {
    let path: String
    let level: KernelLevel

    /// `PATH` or `PATH@LEVEL`; what stands behind the last @ and names no level is part of the path.
    init(_ text: String) throws {
      if let at = text.lastIndex(of: "@"), let level = KernelLevel(named: String(text[text.index(after: at)...])) {
        path = String(text[..<at])
        do throws(UsageError) { self.level = try KernelChoice.available(level) } catch {
          throw ToolError.kernels(of: text, error)
        }
      } else {
        path = text
        level = try KernelChoice.level()
      }
    }

    func load() throws -> QuantizedNetwork {
      guard case .quantized(let network) = try ModelFile.load(path) else {
        throw ToolError.notQuill(path: FileBytes.displayName(path))
      }
      return network
    }
  }

  /// The nanoseconds from opening the file to the answer of one inference.
  private static func firstAnswer(_ subject: Subject) throws -> UInt64 {
    let start = Clock.nanoseconds()
    _ = Contender(try subject.load(), level: subject.level).answer()
    return Clock.nanoseconds() - start
  }

  private static func expectSameBytes(_ own: Contender, _ others: [Contender]) throws(ToolError) {
    let expected = own.answer()
    for other in others where other.answer() != expected {
      throw .differs(
        path: own.network.facts.path, what: "kernels \(other.level.name) and \(own.level.name) give different outputs")
    }
  }

  /// Measures in turns of a few hundredths of a second.
  private static func measure(_ contenders: [Contender], seconds: Double, _ console: Console) {
    let rounds = max(1, Int((seconds / roundSeconds).rounded()))
    let progress = ProgressBar("measuring", total: rounds, console: console)
    for contender in contenders { contender.warmUp() }
    for _ in 0..<rounds {
      for contender in contenders { contender.measure(seconds: roundSeconds) }
      progress.advance()
    }
    progress.finish()
  }

  private static func report(
    _ own: Contender, _ other: Contender?, _ byLevel: [KernelLevel: Contender]?, layers: [Double],
    _ coldStart: ColdStart?
  ) -> BenchReport {
    let facts = own.network.facts
    let model = BenchReport.Subject(own)
    let arenaBytes = own.network.model.arenaByteCount
    let roof = Roof.measure(own.level, bytes: facts.fileByteCount + arenaBytes)
    return BenchReport(
      machine: .current(), measured: BenchReport.measured, model: model, fileBytes: facts.fileByteCount,
      arenaBytes: arenaBytes, multiplyAccumulates: facts.multiplyAccumulateCount,
      operators: facts.layers.count, layers: BenchReport.layers(facts, nanoseconds: layers, under: roof), roof: roof,
      coldStart: coldStart,
      levels: byLevel.map { found in
        KernelLevel.allCases.map { level in
          BenchReport.Level(
            level: level.name, isMeasured: found[level] != nil, subject: found[level].map(BenchReport.Subject.init))
        }
      },
      comparison: other.map {
        let subject = BenchReport.Subject($0)
        return BenchReport.Comparison(
          other: subject,
          medianRatio: model.microseconds.median / max(subject.microseconds.median, .leastNonzeroMagnitude))
      })
  }
}
