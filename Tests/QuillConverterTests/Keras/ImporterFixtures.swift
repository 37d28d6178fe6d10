import Foundation
import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Small files that stand in the repository, made by `Fixtures/importers/make-fixtures.py`.
enum ImporterFixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/importers")

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// What the readers must answer.
  static func expected(_ name: String) throws -> JSONValue {
    try #require(try JSONParser.parse(try bytes("expected.json"))[name])
  }

  static func rows(_ value: JSONValue?, _ index: Int) throws -> [[Double]] {
    let rows = try #require(value?.array?[index].array)
    return rows.map { $0.array?.compactMap(\.number) ?? [] }
  }

  /// The largest difference of a network's answers to a fixture's, relative beyond 1.
  static func difference(_ graph: Graph, _ name: String) throws -> Double {
    let expected = try expected(name)
    let engine = try FloatEngine(graph)
    let inputs = try graph.inputs.indices.map { try rows(expected["inputs"], $0) }
    var largest = 0.0
    for sample in inputs[0].indices {
      let outputs = engine.run(
        zip(graph.inputs, inputs).map { id, rows in
          FloatTensor(shape: graph[id].shape, values: rows[sample].map { Float($0) })
        })
      for (position, output) in outputs.enumerated() {
        let wanted = try rows(expected["outputs"], position)[sample]
        try #require(wanted.count == output.values.count)
        for (value, other) in zip(output.values, wanted) {
          let difference = abs(Double(value) - other) / max(1, abs(other))
          largest = difference.isNaN ? .infinity : max(largest, difference)
        }
      }
    }
    return largest
  }

  /// How many mutations of each fixture the fuzz tests try.
  static let fuzzCases = TestSupport.fuzzCases(300)
}

/// The mutations that fuzz tests make, which a seed replays.
struct Mutator {
  private var random: SeededGenerator

  init(seed: Int) { random = SeededGenerator(seed: seed) }

  mutating func below(_ count: Int) -> Int { count <= 0 ? 0 : random.integer(0...count - 1) }

  /// One to six changes: bits, interesting bytes and words, cuts, copies of a part over another.
  mutating func mutate(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...below(6) where bytes.count >= 16 {
      let offset = below(bytes.count - 8)
      switch below(8) {
      case 0: bytes[offset] ^= 1 << UInt8(below(8))
      case 1: bytes[offset] = [0, 1, 0x7F, 0x80, 0xFF][below(5)]
      case 2: for index in 0..<4 { bytes[offset + index] = 0xFF }
      case 3: for index in 0..<8 { bytes[offset + index] = index == 7 && below(2) == 0 ? 0x7F : 0xFF }
      case 4: bytes[offset] = UInt8(truncatingIfNeeded: random.next())
      case 5:
        let value = UInt32(below(2 * bytes.count))
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
      case 6:
        let length = min(1 + below(64), bytes.count - offset)
        let source = below(bytes.count - length)
        let part = Array(bytes[source..<(source + length)])
        for index in 0..<length { bytes[offset + index] = part[index] }
      default: if below(4) == 0 { bytes.removeLast(below(bytes.count - 8)) }
      }
    }
    return bytes
  }
}
