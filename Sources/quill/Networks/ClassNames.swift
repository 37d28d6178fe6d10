import Foundation
import QuillFloat

/// The names of a float network's classes among its file's metadata, as a JSON list: names may hold any character.
extension Graph {
  private static let classNameKey = "quill.classes"

  /// The names in the order of the outputs; empty where the file tells none, or not one for each.
  var classNames: [String] {
    guard let text = metadata[Self.classNameKey],
      let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)), outputs.count == 1,
      names.count == self[outputs[0]].shape.last
    else { return [] }
    return names
  }

  /// Keeps the names.
  mutating func note(classNames: [String]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    metadata[Self.classNameKey] = String(decoding: try encoder.encode(classNames), as: UTF8.self)
  }
}
