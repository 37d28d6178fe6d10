import Quill
import QuillConverter
import TestSupport
import Testing

@Suite("Damaged files")
struct MutationTests {
  /// Nine in ten are sealed again, so that the checksum does not hide the rest; what is accepted is run on every level.
  @Test("any byte string opens or is refused, and what opens runs alike on every level")
  func mutations() throws {
    var random = SeededGenerator(seed: 31)
    var sources: [[UInt8]] = []
    for _ in 0..<12 { sources.append(try Flat.bytes(RandomNetwork.make(&random))) }
    var accepted = 0
    for _ in 0..<fuzzCases(4000) {
      var bytes = sources[random.integer(0...(sources.count - 1))]
      for _ in 0..<random.integer(1...4) { mutate(&bytes, &random) }
      if bytes.count >= 64 && !random.once(in: 10) { FlatFileSeal.seal(&bytes) }
      if try run(bytes, &random) { accepted += 1 }
    }
    #expect(accepted > 0)
    print("damaged files: \(accepted) of \(fuzzCases(4000)) were still models and ran alike on every level")
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    // Records lie in front of weights: most changes go there.
    let reach = random.once(in: 3) ? bytes.count : min(bytes.count, 1500)
    let place = random.integer(0...max(0, reach - 1))
    guard place < bytes.count else { return }
    switch random.integer(0...6) {
    case 0: bytes[place] ^= 1 << UInt8(random.integer(0...7))
    case 1: bytes[place] = UInt8(random.integer(0...255))
    case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
    case 3:
      let word = place / 4 * 4
      let value = [0, 1, 15, 16, 64, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF].randomElement(using: &random) ?? 0
      for index in 0..<4 where word + index < bytes.count { bytes[word + index] = UInt8(value >> (8 * index) & 0xFF) }
    case 4:
      let from = random.integer(0...max(0, reach - 1)) / 4 * 4
      let to = place / 4 * 4
      for index in 0..<4 where to + index < bytes.count && from + index < bytes.count {
        bytes[to + index] = bytes[from + index]
      }
    case 5: if random.once(in: 8) { bytes.removeLast(random.integer(1...min(200, bytes.count))) }
    default: if random.once(in: 8) { bytes.insert(UInt8(random.integer(0...255)), at: place) }
    }
  }

  private func run(_ bytes: [UInt8], _ random: inout SeededGenerator) throws -> Bool {
    let inputs: [[Int8]]
    do throws(ModelError) {
      let model = try Model(copying: bytes.span)
      // A file may ask for a large arena in good faith; here memory and time are bounded.
      if model.arenaByteCount > 1 << 24 { return true }
      var values: [[Int8]] = []
      for index in 0..<model.inputCount { values.append(random.int8s(model.tensors[model.inputTensor(index)].count)) }
      inputs = values
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
    let expected = try Flat.run(bytes, inputs, level: .plain, stepwise: true)
    for level in Flat.levels {
      #expect(try Flat.run(bytes, inputs, level: level, stepwise: false) == expected, "\(level.name)")
    }
    return true
  }
}
