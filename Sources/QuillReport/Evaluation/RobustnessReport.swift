import Foundation
import QuillFloat

/// How often networks are right on damaged images (`Corruption`).
package struct RobustnessReport: Sendable, Encodable {
  /// The accuracy at each strength.
  package struct Row: Sendable, Encodable {
    package let corruption: String

    /// Strengths 1 to 5.
    package let accuracies: [Double]
    package let mean: Double

    /// A row by its accuracies.
    package init(_ corruption: Corruption, accuracies: [Double]) {
      self.corruption = corruption.rawValue
      self.accuracies = accuracies
      mean = accuracies.reduce(0, +) / Double(max(accuracies.count, 1))
    }
  }

  /// One network's rows.
  package struct Network: Sendable, Encodable {
    package let model: String

    /// The accuracy on the images as they are.
    package let accuracy: Double
    package let corruptions: [Row]

    /// The mean over all corruptions and strengths.
    package let meanCorruptedAccuracy: Double

    /// How much the mean lies below the accuracy on the images as they are.
    package let lost: Double

    /// A network by its rows.
    package init(model: String, accuracy: Double, corruptions: [Row]) {
      self.model = model
      self.accuracy = accuracy
      self.corruptions = corruptions
      meanCorruptedAccuracy = corruptions.reduce(0) { $0 + $1.mean } / Double(max(corruptions.count, 1))
      lost = accuracy - meanCorruptedAccuracy
    }
  }

  package let data: String
  package let split: String
  package let images: Int
  package let networks: [Network]

  /// A report over networks that saw the same images.
  package init(data: String, split: String, images: Int, networks: [Network]) {
    self.data = data
    self.split = split
    self.images = images
    self.networks = networks
  }

  /// One network's strengths as a table, or several networks' means beside each other. All in percent.
  package var rows: [[String]] {
    func percent(_ share: Double) -> String { String(format: "%.2f", share * 100) }
    guard networks.count > 1, let first = networks.first else {
      var table = [["corruption"] + Corruption.strengths.map(String.init) + ["mean"]]
      for row in networks.flatMap(\.corruptions) {
        table.append([row.corruption] + row.accuracies.map(percent) + [percent(row.mean)])
      }
      return table
    }
    var table = [["corruption"] + ShortNames.ofNetworks(networks.map(\.model))]
    for (index, row) in first.corruptions.enumerated() {
      table.append([row.corruption] + networks.map { percent($0.corruptions[index].mean) })
    }
    table.append(["mean"] + networks.map { percent($0.meanCorruptedAccuracy) })
    table.append(["none"] + networks.map { percent($0.accuracy) })
    table.append(["lost"] + networks.map { percent($0.lost) })
    return table
  }

  /// The table for people.
  package var text: String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }.joined(separator: "  ")
    }
    let verdict = zip(
      networks, networks.count > 1 ? ShortNames.ofNetworks(networks.map(\.model)) : networks.map(\.model)
    ).map { network, name in
      "\(name): \(Evaluation.percent(network.accuracy)) as they are, "
        + "\(Evaluation.percent(network.meanCorruptedAccuracy)) over all corruptions and strengths, "
        + "lost \(String(format: "%.2f", network.lost * 100)) points"
    }
    return
      "accuracy in percent on \(images) images of \(data)\(networks.count > 1 ? ", means over five strengths" : "")\n\n"
      + lines.joined(separator: "\n") + "\n\n" + verdict.joined(separator: "\n")
  }
}
