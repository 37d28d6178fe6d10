import Foundation
import QuillFloat
import QuillONNX
import TestSupport
import Testing

/// Damaged files: every one gives a graph or an error, and never a trap.
@Suite struct MutationTests {
  /// How many mutations are tried.
  static let caseCount = fuzzCases(4000)
  static let seed = ProcessInfo.processInfo.environment["QUILL_FUZZ_SEED"].flatMap(UInt64.init) ?? 20_261_121

  /// A file with some of its bytes changed, moved, cut or repeated.
  static func mutated(_ original: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    if Bool.random(using: &generator) {
      // One byte, in place: lengths stay right, so that the damage reaches what is behind them.
      let position = Int.random(in: 0..<bytes.count, using: &generator)
      bytes[position] =
        Bool.random(using: &generator)
        ? bytes[position] ^ 1 << UInt8.random(in: 0..<8, using: &generator)
        : UInt8.random(in: 0...255, using: &generator)
      return bytes
    }
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let position = Int.random(in: 0..<bytes.count, using: &generator)
      let length = min(bytes.count - position, Int.random(in: 1...16, using: &generator))
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[position] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes[position] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &generator) ?? 0
      case 3: bytes.removeSubrange(position..<(position + length))
      case 4: bytes.insert(contentsOf: bytes[position..<(position + length)], at: position)
      case 5: bytes.removeLast(bytes.count - position)
      case 6:
        bytes.insert(contentsOf: (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }, at: position)
      default: bytes.replaceSubrange(position..<(position + length), with: [UInt8](repeating: 0xff, count: length))
      }
    }
    return bytes
  }

  @Test func damagedFilesGiveAGraphOrAnError() throws {
    let originals = try FixtureTests.names.map { name in
      try TestFiles.bytes(TestFiles.fixtures.appendingPathComponent("\(name).onnx"))
    }
    var generator = SeededGenerator(seed: Self.seed)
    var (read, refused) = (0, 0)
    for _ in 0..<Self.caseCount {
      let original = originals[Int.random(in: 0..<originals.count, using: &generator)]
      let bytes = Self.mutated(original, using: &generator)
      do {
        let graph = try ONNXReader.read(bytes) { try? TestFiles.bytes(TestFiles.fixtures.appendingPathComponent($0)) }
        read += 1
        try graph.validate()
        // What is read can be rewritten, written and read again.
        #expect(throws: Never.self, "seed \(Self.seed)") {
          try ONNXReader.read(ONNXWriter.write(graph.withFewestTransposes()))
        }
      } catch let error as ONNXError {
        refused += 1
        #expect(!error.description.isEmpty && !error.description.contains("\n"), "seed \(Self.seed)")
      }
    }
    print("\(Self.caseCount) damaged ONNX files (seed \(Self.seed)): \(read) read, \(refused) refused")
    #expect(refused > 0)
  }

  @Test func everyCutFileIsAnError() throws {
    let bytes = try TestFiles.bytes(TestFiles.fixtures.appendingPathComponent("keras-cnn.onnx"))
    for count in 0..<bytes.count {
      // A file cut between two top-level fields may still hold the graph, but then lacks what follows it.
      if (try? ONNXReader.read(Array(bytes[..<count]))) != nil {
        #expect(count > bytes.count - 40)
      }
    }
  }
}
