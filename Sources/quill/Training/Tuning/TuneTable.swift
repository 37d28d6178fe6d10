import Foundation
import QuillData
import QuillFloat

/// What a search has found so far, in a file of JSON lines: its settings first, then each trial's result of each round
/// as it ends. A search that was killed goes on from it.
struct TuneTable {
  /// The first line.
  struct Settings: Codable, Equatable {
    let space: String
    let template: String
    let trials: Int
    let epochs: Int
    let seed: UInt64
    let classes: Int
    let trainingImages: Int
    let validationImages: Int
    let imageChecksum: String
    let augmentation: String
  }

  /// A trial at the end of a round.
  struct Row: Codable, Equatable {
    let trial: Int
    let epochs: Int
    let validationAccuracy: Double
    let validationLoss: Double
    let validationCorrect: Int
    let trainingLoss: Double
    let network: String
    let learningRate: Double
    let batch: Int
    let parameters: Int
    let seconds: Double
  }

  let path: String
  let settings: Settings
  private(set) var rows: [Row] = []

  /// The table of a search: what its file holds, or an empty one.
  /// - Throws: `DataError`, or `TrainFault.table` where the file is another search's.
  init(path: String, settings: Settings) throws {
    (self.path, self.settings) = (path, settings)
    guard FileManager.default.fileExists(atPath: path) else { return }
    let lines = String(decoding: try FileBytes.read(path), as: UTF8.self).split(separator: "\n")
    let decoder = JSONDecoder()
    for (index, line) in lines.enumerated() {
      let bytes = Data(line.utf8)
      if index == 0 {
        guard let found = try? decoder.decode(Settings.self, from: bytes) else {
          throw TrainFault.table(path: path, line: 1, reason: "is no settings of quill tune; name another --table")
        }
        guard found == settings else {
          throw TrainFault.table(
            path: path, line: 1, reason: "the search was begun with other settings or data; name another --table")
        }
      } else {
        guard let row = try? decoder.decode(Row.self, from: bytes) else {
          throw TrainFault.table(
            path: path, line: index + 1, reason: "is no result of quill tune; name another --table")
        }
        rows.append(row)
      }
    }
  }

  /// A trial's result after some epochs, where it has one.
  func row(trial: Int, epochs: Int) -> Row? { rows.first { $0.trial == trial && $0.epochs == epochs } }

  /// Adds a result, which `write` writes.
  mutating func append(_ row: Row) { rows.append(row) }

  /// Writes the file anew.
  func write() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes = Array(try encoder.encode(settings)) + [0x0A]
    for row in rows { bytes += Array(try encoder.encode(row)) + [0x0A] }
    try AtomicFile.write(bytes, to: path)
  }

  /// The rows, best first, those with more epochs before the others.
  func text(_ console: Console) -> String {
    var table = TextTable(
      headings: [
        .right("trial"), .right("epochs"), .right("accuracy %"), .right("loss"), .right("rate"), .right("batch"),
        .right("parameters"), .left("network"),
      ])
    let sorted = rows.sorted {
      ($0.epochs, $0.validationAccuracy, -$0.validationLoss, -$0.trial)
        > ($1.epochs, $1.validationAccuracy, -$1.validationLoss, -$1.trial)
    }
    for row in sorted {
      table.append([
        "\(row.trial)", "\(row.epochs)", TrainProgress.number(row.validationAccuracy * 100, 2),
        TrainProgress.number(row.validationLoss, 4), String(format: "%.2g", row.learningRate), "\(row.batch)",
        "\(row.parameters)", row.network,
      ])
    }
    return table.text(console)
  }
}

extension TuneTable.Row {
  /// What the trial gave, for ranking.
  func result(validationCount: Int) -> BatchResult {
    BatchResult(loss: validationLoss, correctCount: validationCorrect, sampleCount: validationCount)
  }
}
