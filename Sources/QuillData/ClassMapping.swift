/// EMNIST's mapping files: a line for each label, the label and the code of its character, and where letters of both cases share a
/// label the other's too.
enum ClassMapping {
  /// The character of each label.
  static func read(_ path: String) throws(DataError) -> [Int: String] {
    let bytes = try FileBytes.read(path, limit: 1 << 20)
    var names: [Int: String] = [:]
    for (index, line) in bytes.split(separator: 0x0a).enumerated() {
      let words = line.split { $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
      if words.isEmpty { continue }
      guard words.count >= 2, let label = Int(words[0]), (0..<256).contains(label), let code = UInt32(words[1]),
        let scalar = Unicode.Scalar(code), code > 32
      else {
        throw DataError(
          path: path, .mappingLine(line: index + 1, found: String(String(decoding: line, as: UTF8.self).prefix(40))))
      }
      names[label] = String(Character(scalar))
    }
    guard !names.isEmpty else { throw DataError(path: path, .mappingLine(line: 1, found: "")) }
    return names
  }
}
