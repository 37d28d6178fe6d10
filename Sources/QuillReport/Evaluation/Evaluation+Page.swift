import Foundation
import QuillData

extension Evaluation {
  /// Adds the evaluation to a page: measures, matrix, calibration.
  package func write(to page: inout HTMLPage) {
    page.paragraph("\(headline); \(split) images of \(data)")
    page.heading("Classes")
    func row(_ name: String, _ measures: [Double], _ count: Int) -> [String] {
      [name] + measures.map { String(format: "%.4f", $0) } + [String(count)]
    }
    func row(_ name: String, _ average: Average) -> [String] {
      row(name, [average.precision, average.recall, average.f1], images)
    }
    page.table(
      ["class", "precision", "recall", "F1", "images"],
      classes.map { row($0.name, [$0.precision, $0.recall, $0.f1], $0.images) } + [
        row("macro average", macroAverage), row("weighted average", weightedAverage),
      ])
    page.heading("Confusion matrix: what was taken for what")
    if let matrix = Charts.confusion(confusion, names: classes.map(\.name)) {
      page.paragraph("A row for each true class, a column for each answer.")
      page.drawing(matrix)
    }
    if !mostConfused.isEmpty {
      page.table(
        ["class", "taken for", "images"], mostConfused.map { [$0.label, $0.prediction, String($0.images)] },
        numbersFrom: 2)
    }
    page.heading("Calibration: is it as sure as it is right?")
    page.paragraph(calibrationText)
    page.drawing(Charts.reliability(calibration))
  }
}

extension RobustnessReport {
  /// Adds the tables to a page: each network's strengths, and several networks' means beside each other.
  package func write(to page: inout HTMLPage) {
    page.heading("Robustness")
    page.paragraph("Accuracy in percent on \(images) images of \(data) that were damaged at strengths 1 to 5.")
    if networks.count > 1 { page.table(rows[0], Array(rows.dropFirst())) }
    for network in networks {
      let own = RobustnessReport(data: data, split: split, images: images, networks: [network]).rows
      if networks.count > 1 { page.heading(network.model) }
      page.table(own[0], Array(own.dropFirst()))
      page.paragraph(
        "Over all: \(Evaluation.percent(network.meanCorruptedAccuracy)); as they are: "
          + "\(Evaluation.percent(network.accuracy)); lost: \(String(format: "%.2f", network.lost * 100)) points.")
    }
  }
}
