import Foundation

extension BenchReport {
  /// The report for people.
  func text(_ console: Console) -> String {
    var sections = [heading]
    sections.append(subjects([model] + (comparison.map { [$0.other] } ?? []), console))
    if let comparison {
      sections[1] +=
        "\n\nmedian of \(Self.label(model)) / median of \(Self.label(comparison.other)): "
        + String(format: "%.3f", comparison.medianRatio)
    }
    if let levels { sections.append(table(levels, console)) }
    sections.append(layerTable(console))
    sections.append(costs)
    return sections.joined(separator: "\n\n")
  }

  private var heading: String {
    "\(machine.processor), \(machine.processorCount) processors, \(machine.architecture), \(machine.system)\n"
      + "measured: \(measured)"
  }

  private var costs: String {
    var lines = ["file   \(fileBytes) bytes", "arena  \(arenaBytes) bytes"]
    if let coldStart {
      lines.append(
        "cold start: \(milliseconds(coldStart.processMilliseconds)) for a process of this tool from start to end after "
          + "one answer,\n            of which \(milliseconds(coldStart.openToAnswerMilliseconds)) from opening the "
          + "file to the answer (medians of processes of their own)")
      lines.append("peak RSS of such a process: \(coldStart.peakResidentBytes) bytes, the tool's libraries included")
    } else {
      lines.append("cold start and peak RSS: not measured (no file that a process of its own could open)")
    }
    return lines.joined(separator: "\n")
  }

  private func subjects(_ subjects: [Subject], _ console: Console) -> String {
    var table = TextTable(headings: [.left("network")] + Self.timeHeadings)
    for subject in subjects { table.append([Self.label(subject)] + Self.times(subject)) }
    return table.text(console)
  }

  private func table(_ levels: [Level], _ console: Console) -> String {
    var table = TextTable(headings: [.left("level")] + Self.timeHeadings)
    for level in levels {
      table.append([level.level] + (level.subject.map(Self.times) ?? ["not measured", "", "", "", ""]))
    }
    return table.text(console)
  }

  private func layerTable(_ console: Console) -> String {
    var table = TextTable(headings: [
      .left("layer"), .left("operator"), .left("name"), .right("us"), .right("share"), .right("GMAC/s"),
      .right("of peak"), .left("limit"),
    ])
    for layer in layers {
      table.append([
        String(layer.index), layer.operator, Console.oneLine(layer.name), Self.number(layer.microseconds),
        percent(layer.share), layer.gigaMultiplyAccumulatesPerSecond.map(Self.number) ?? "-",
        layer.shareOfRoof.map { String(format: "%.0f %%", 100 * $0) } ?? "-", layer.limit?.rawValue ?? "",
      ])
    }
    let total = layers.reduce(0) { $0 + $1.microseconds }
    table.append([
      "", "all", "", Self.number(total), "",
      Self.rate(multiplyAccumulates, microseconds: total).map(Self.number) ?? "-", "", "",
    ])
    return table.text(console) + "\n" + roofLine
  }

  private var roofLine: String {
    let products =
      roof.gigaMultiplyAccumulatesPerSecond.map { "\(Self.number($0)) GMAC/s in registers" } ?? "not known in products"
    return "peak of this core with \(model.level): \(products), \(Self.number(roof.gigaBytesPerSecond)) GB/s read from "
      + "\(roof.bytesRead) bytes; each layer is held against the one that limits it"
  }

  private static let timeHeadings: [TextTable.Heading] = [
    .right("median us"), .right("p10"), .right("p99"), .right("GMAC/s"), .right("samples"),
  ]

  private static func times(_ subject: Subject) -> [String] {
    let count = subject.inferencesPerSample > 1 ? " x \(subject.inferencesPerSample)" : ""
    return [
      number(subject.microseconds.median), number(subject.microseconds.p10), number(subject.microseconds.p99),
      subject.gigaMultiplyAccumulatesPerSecond.map(number) ?? "-", "\(subject.samples)\(count)",
    ]
  }

  private static func label(_ subject: Subject) -> String { "\(Console.oneLine(subject.file))@\(subject.level)" }

  private static func number(_ value: Double) -> String { String(format: value < 100 ? "%.2f" : "%.0f", value) }

  private func milliseconds(_ timing: Timing) -> String { String(format: "%.2f ms", timing.median) }
}
