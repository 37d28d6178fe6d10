import QuillReport

/// A run as one HTML file: curves of loss and accuracy, settings, epochs, and the test's figures. It loads nothing.
struct TrainReport {
  let title: String
  let summary: TrainSummary

  /// The file.
  var html: String {
    var page = HTMLPage(title: title)
    for test in summary.test {
      page.paragraph(
        "\(test.data), test: \(TrainProgress.number(test.accuracy * 100, 2)) %, \(test.correct) of \(test.images), loss "
          + "\(TrainProgress.number(test.loss, 4)); read once, after the run.")
    }
    if let reported = summary.reported { page.paragraph("Reported for this recipe on MNIST: \(reported).") }
    page.drawing(chart("Loss", \.loss, isShare: false))
    page.drawing(chart("Accuracy", \.accuracy, isShare: true))
    page.heading("Epochs")
    page.table(
      ["epoch", "loss", "accuracy", "validation loss", "validation accuracy"],
      summary.epochs.map { epoch in
        let mark = epoch.epoch == summary.writtenEpoch ? " (written)" : ""
        return ["\(epoch.epoch)\(mark)"] + cells(epoch.training) + (epoch.validation.map(cells) ?? ["-", "-"])
      })
    page.heading("Settings")
    page.table(
      ["setting", "value"], summary.settings.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }, numbersFrom: 2)
    return page.html
  }

  private func cells(_ result: TrainSummary.Result) -> [String] {
    [TrainProgress.number(result.loss, 4), "\(TrainProgress.number(result.accuracy * 100, 2)) %"]
  }

  private func chart(_ name: String, _ measure: KeyPath<TrainSummary.Result, Double>, isShare: Bool) -> String {
    CurveChart(
      title: name, isShare: isShare,
      curves: [
        .init(name: "training", values: summary.epochs.map { $0.training[keyPath: measure] }),
        .init(name: "validation", values: summary.epochs.compactMap { $0.validation?[keyPath: measure] }),
      ].filter { !$0.values.isEmpty }
    ).svg
  }
}
