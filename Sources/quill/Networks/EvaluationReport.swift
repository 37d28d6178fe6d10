/// How often a network was right.
struct EvaluationReport: Encodable {
  /// One class's share.
  struct Class: Encodable {
    let name: String
    let images: Int
    let correct: Int

    /// `correct / images`; absent where there are no images.
    let accuracy: Double?
  }

  let model: String
  let data: String
  let split: String
  let images: Int
  let correct: Int
  let accuracy: Double
  let classes: [Class]

  /// `confusion[label][prediction]`: how many images.
  let confusion: [[Int]]

  init(model: String, data: String, split: String, classNames: [String], labels: [Int], predictions: [Int]) {
    self.model = model
    self.data = data
    self.split = split
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classNames.count), count: classNames.count)
    for (label, prediction) in zip(labels, predictions) { confusion[label][prediction] += 1 }
    self.confusion = confusion
    images = labels.count
    correct = classNames.indices.reduce(0) { $0 + confusion[$1][$1] }
    accuracy = images == 0 ? 0 : Double(correct) / Double(images)
    classes = classNames.enumerated().map { index, name in
      let images = confusion[index].reduce(0, +)
      let correct = confusion[index][index]
      return Class(
        name: name, images: images, correct: correct,
        accuracy: images == 0 ? nil : Double(correct) / Double(images))
    }
  }

  /// The report for people.
  func text(_ console: Console) -> String {
    var table = TextTable(headings: [
      .left("class"), .right("images"), .right("correct"), .right("accuracy"), .left("most often taken for"),
    ])
    for (index, row) in classes.enumerated() {
      table.append([
        Console.oneLine(row.name), String(row.images), String(row.correct), row.accuracy.map(percent) ?? "-",
        mistakes(of: index),
      ])
    }
    return "\(console.bold(percent(accuracy))): \(correct) of \(images) images\n\n" + table.text(console)
  }

  /// The one or two classes that a class was most often taken for.
  private func mistakes(of label: Int) -> String {
    confusion[label].enumerated().filter { $0.offset != label && $0.element > 0 }
      .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(2)
      .map { "\(Console.oneLine(classes[$0.offset].name)) (\($0.element))" }.joined(separator: ", ")
  }
}
