import Foundation

extension Evaluation {
  /// Precision, recall and F1 of each class and their averages, character by character as scikit-learn's
  /// `classification_report` with these labels, these digits and `zero_division=0` gives them.
  package func classificationReport(digits: Int = 2) -> String {
    let names = classes.map { Self.oneLine($0.name) }
    let width = max(names.map(\.unicodeScalars.count).max() ?? 0, "weighted avg".count, digits)
    func left(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
    }
    func row(_ name: String, _ cells: [String]) -> String {
      left(name, width) + " " + cells.map { " " + left($0, 9) }.joined() + "\n"
    }
    func number(_ value: Double) -> String { String(format: "%.\(digits)f", value) }
    func average(_ name: String, _ average: Average) -> String {
      row(name, [number(average.precision), number(average.recall), number(average.f1), String(images)])
    }
    var text =
      left("", width) + " " + ["precision", "recall", "f1-score", "support"].map { " " + left($0, 9) }.joined()
    text += "\n\n"
    for (name, measures) in zip(names, classes) {
      text += row(
        name, [number(measures.precision), number(measures.recall), number(measures.f1), String(measures.images)])
    }
    text += "\n" + row("accuracy", ["", "", number(accuracy), String(images)])
    return text + average("macro avg", macroAverage) + average("weighted avg", weightedAverage)
  }

  /// The confusion matrix in characters, a row for each class; `nil` for more than 20 classes, which no terminal holds.
  package var confusionText: String? {
    guard classes.count <= 20 else { return nil }
    let names = classes.map { String(Self.oneLine($0.name).prefix(10)) }
    let cells = confusion.map { $0.map { $0 == 0 ? "." : String($0) } }
    let width = max(3, (names + cells.flatMap { $0 }).map(\.count).max() ?? 3)
    let nameWidth = max(names.map(\.count).max() ?? 0, "true".count)
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let head = right("true", nameWidth) + " |" + names.map { " " + right($0, width) }.joined() + "  predicted"
    let rule =
      String(repeating: "-", count: nameWidth + 1) + "+" + String(repeating: "-", count: (width + 1) * names.count)
    let rows = zip(names, cells).map { name, cells in
      right(name, nameWidth) + " |" + cells.map { " " + right($0, width) }.joined()
    }
    return ([head, rule] + rows).joined(separator: "\n")
  }

  /// Everything for people.
  package func text(digits: Int = 2) -> String {
    var parts = [headline, classificationReport(digits: digits)]
    parts[1].removeLast()
    if let confusionText { parts.append(confusionText) }
    if !mostConfused.isEmpty {
      parts.append(
        "most confused: "
          + mostConfused.prefix(5).map { "\(Self.oneLine($0.label)) for \(Self.oneLine($0.prediction)) (\($0.images))" }
          .joined(separator: ", "))
    }
    parts.append(calibrationText)
    return parts.joined(separator: "\n\n")
  }

  /// One line: accuracy, images, loss.
  package var headline: String {
    "\(Self.percent(accuracy)): \(correct) of \(images) images, loss \(String(format: "%.4f", loss))"
  }

  /// One line on the calibration.
  package var calibrationText: String {
    "calibration: mean confidence \(Self.percent(calibration.meanConfidence)), accuracy \(Self.percent(accuracy)), "
      + "expected error \(String(format: "%.4f", calibration.expectedError))"
  }

  /// A share as percent with two digits.
  package static func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }

  /// A name without what would break the line or move the cursor.
  static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
