import Foundation
import Quill
import Testing

/// Holds what `firmware-notes/quill-format.md` shows against the code.
@Suite("The specification of the flat file")
struct SpecificationTests {
  private static let document = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "firmware-notes/quill-format.md")

  private let lines: [String]

  init() throws {
    lines = try String(contentsOf: Self.document, encoding: .utf8).components(separatedBy: "\n")
  }

  /// The worked file: lines of an offset and up to 16 bytes; `*` repeats the line above up to the next offset.
  private func workedFile() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var last: [UInt8] = []
    for line in lines {
      let words = line.split(separator: " ")
      guard let first = words.first, first.count == 8, let offset = Int(first, radix: 16) else { continue }
      while bytes.count < offset { bytes += last }
      try #require(bytes.count == offset, "the dump's line at \(first) does not follow the one above it")
      last = try words.dropFirst().map { try #require(UInt8($0, radix: 16)) }
      bytes += last
    }
    return bytes
  }

  @Test("the worked bytes are a file that opens and proves itself")
  func workedBytes() throws {
    let bytes = try workedFile()
    #expect(bytes.count == 1600)
    let model = try Model(copying: bytes.span)
    var engine = Engine(for: model)
    #expect(GoldenVectors.verify(model, with: &engine) == nil)
    #expect(model.name == "tiny")
    #expect(model.operatorName(0) == "dense")
    #expect(model.arenaByteCount == 96)
    #expect(model.decisionTensor == 1)
    #expect(model.outputMeaning == .logits)
    #expect(model.tensors.map(\.zeroPoint) == [-128, -43])
    #expect(model.tensors.map(\.arenaOffset) == [0, 16])
    #expect(model.preprocessing == Preprocessing(fit: .crop, polarity: .any, channelOrder: .grey))
    #expect(model.provenanceText.tool == "quill 0.1.0")
    guard case .fullyConnected(let layer) = model.operation(0) else {
      Issue.record("the worked file's operator is \(model.operation(0).name)")
      return
    }
    #expect(layer.inputDepth == 3)
    #expect(layer.linear.channelsOffset == 0x40)
    #expect(layer.linear.rounding == .double)
  }

  @Test("the golden generator's first values are those of the table", arguments: 0..<8)
  func goldenValues(number: Int) throws {
    let row = try #require(lines.first { $0.hasPrefix("| \(number) | ") && $0.split(separator: ",").count == 12 })
    let cells = row.split(separator: "|")[1].split(separator: ",")
    let shown = try cells.map { try #require(Int8($0.trimmingCharacters(in: .whitespaces))) }
    var generator = GoldenVectors.Generator(seed: 0x51_5549_4C4C, case: number)
    #expect((0..<12).map { _ in generator.next() } == shown)
  }

  @Test("reserved bytes must be zero")
  func reservedBytes() throws {
    let bytes = try workedFile()
    // Header, section table, tensors, operator, interface: the reserved bytes of each.
    let reserved = [
      28..<64, 76..<80, 0x130..<0x140, 0x194..<0x1A0, 0x1B8..<0x200, 0x278..<0x280, 0x28C..<0x290, 0x3F0..<0x400,
    ]
    for position in reserved.joined() {
      var changed = bytes
      changed[position] = 1
      var sum = CRC32C()
      for (index, byte) in changed.enumerated() where !(16..<20).contains(index) { sum.update(byte) }
      for index in 0..<4 { changed[16 + index] = UInt8(truncatingIfNeeded: sum.value >> UInt32(8 * index)) }
      #expect(throws: ModelError.self, "byte \(position) may not be 1") { try open(changed) }
    }
  }

  private func open(_ bytes: [UInt8]) throws(ModelError) { _ = try Model(copying: bytes.span) }

  @Test("the checksum's example")
  func checksum() {
    var sum = CRC32C()
    for byte in "123456789".utf8 { sum.update(byte) }
    #expect(sum.value == 0xE306_9283)
  }

  @Test("the sizes of the records, the magic and the version")
  func sizes() {
    #expect(FileHeader.byteCount == 64)
    #expect(SectionRecord.byteCount == 16)
    #expect(TensorRecord.byteCount == 64)
    #expect(OperatorRecord.byteCount == 128)
    #expect(InterfaceRecord.byteCount == 64)
    #expect(ProvenanceRecord.byteCount == 64)
    #expect(FileHeader.magic == 0x0A0D_4C4C_4955_5189)
    #expect(FileHeader.version == 1)
    #expect(lines.contains { $0.hasPrefix("Specification of format version 1,") })
    for kind in SectionKind.allCases {
      #expect(lines.contains { $0.hasPrefix("| \(kind.rawValue) | ") && $0.contains(" | \(kind.recordByteCount) | ") })
    }
  }
}
