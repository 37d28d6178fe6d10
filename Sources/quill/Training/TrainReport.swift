/// A run as one HTML file: curves of loss and accuracy, settings, epochs, and the test's figures. It loads nothing.
struct TrainReport {
  let title: String
  let summary: TrainSummary

  /// The file.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
    table { border-collapse: collapse; margin: 1rem 0; }
    th, td { text-align: left; padding: .2rem .8rem; border-bottom: 1px solid #d0d7de; overflow-wrap: anywhere; }
    svg { max-width: 100%; height: auto; }
    .training { stroke: #0b62c4; fill: #0b62c4; } .validation { stroke: #c4500b; fill: #c4500b; }
    .line { fill: none; stroke-width: 2; } .grid { stroke: #d0d7de; } text { font-size: 13px; fill: #1b1f24; }
    </style>
    </head>
    <body>
    <h1>\(escaped(title))</h1>
    \(testText)
    \(chart("Loss", \.loss, isShare: false))
    \(chart("Accuracy", \.accuracy, isShare: true))
    <h2>Epochs</h2>
    \(epochTable)
    <h2>Settings</h2>
    \(settingTable)
    </body>
    </html>

    """
  }

  private var testText: String {
    let rows = summary.test.map { test in
      "<p><strong>\(escaped(test.data)), test: \(TrainProgress.number(test.accuracy * 100, 2)) %</strong>, "
        + "\(test.correct) of \(test.images), loss \(TrainProgress.number(test.loss, 4)); "
        + "read once, after the run.</p>"
    }
    let reported = summary.reported.map { "<p>Reported for this recipe on MNIST: \(escaped($0)).</p>" }
    return (rows + [reported ?? ""]).joined(separator: "\n")
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

  private var epochTable: String {
    let rows = summary.epochs.map { epoch in
      let results = [epoch.training, epoch.validation].map { result in
        result.map {
          "<td>\(TrainProgress.number($0.loss, 4))</td><td>\(TrainProgress.number($0.accuracy * 100, 2)) %</td>"
        } ?? "<td>-</td><td>-</td>"
      }
      let mark = epoch.epoch == summary.writtenEpoch ? " (written)" : ""
      return "<tr><td>\(epoch.epoch)\(mark)</td>\(results.joined())</tr>"
    }
    return "<table><tr><th>epoch</th><th>loss</th><th>accuracy</th><th>validation loss</th>"
      + "<th>validation accuracy</th></tr>\(rows.joined(separator: "\n"))</table>"
  }

  private var settingTable: String {
    let rows = summary.settings.sorted { $0.key < $1.key }.map {
      "<tr><th>\(escaped($0.key))</th><td>\(escaped($0.value))</td></tr>"
    }
    return "<table>\(rows.joined(separator: "\n"))</table>"
  }

  /// A text as HTML shows it.
  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
