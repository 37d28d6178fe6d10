import Quill
import QuillConverter
import TestSupport
import Testing

@Suite("Files that are no models")
struct ModelErrorTests {
  private static let valid: [UInt8] = {
    var random = SeededGenerator(seed: 21)
    return (try? Flat.bytes(RandomNetwork.make(&random))) ?? []
  }()

  /// The error of a file whose bytes were changed and, if wanted, sealed again.
  private func error(sealing: Bool = true, _ change: (inout [UInt8]) -> Void) -> ModelError? {
    var bytes = Self.valid
    change(&bytes)
    if sealing && bytes.count >= 20 { FlatFileSeal.seal(&bytes) }
    do throws(ModelError) {
      _ = try Model(copying: bytes.span)
      return nil
    } catch {
      return error
    }
  }

  /// Where a section begins in the valid file.
  private func offset(of kind: SectionKind) throws -> Int {
    try Model(copying: Self.valid.span).sections[kind].offset
  }

  @Test("the unchanged file opens")
  func valid() { #expect(error { _ in } == nil && !Self.valid.isEmpty) }

  @Test("an empty, a cut and a lengthened file")
  func lengths() {
    let count = UInt64(Self.valid.count)
    #expect(
      error { $0 = [] } == ModelError(offset: 0, subject: .file, fault: .byteCount(found: 0, expected: 64)))
    #expect(
      error { $0.removeLast() }
        == ModelError(offset: 12, subject: .file, fault: .byteCount(found: count - 1, expected: count)))
    #expect(
      error { $0.append(0) }
        == ModelError(offset: 12, subject: .file, fault: .byteCount(found: count + 1, expected: count)))
  }

  @Test("a foreign file, a newer and an older version, a flipped bit")
  func header() {
    #expect(error { $0[0] = 0x50 } == ModelError(offset: 0, subject: .file, fault: .notAQuillFile))
    #expect(
      error { $0[8] = 9 }
        == ModelError(offset: 8, subject: .file, fault: .version(found: 9, read: FileHeader.version)))
    #expect(
      error { $0[8] = 0 }
        == ModelError(offset: 8, subject: .file, fault: .version(found: 0, read: 1)))
    guard case .checksum = error(sealing: false, { $0[$0.count - 1] ^= 4 })?.fault else {
      Issue.record("a flipped bit was accepted")
      return
    }
  }

  @Test("each field names itself, its place and its range")
  func fields() throws {
    let tensors = try offset(of: .tensors)
    let operators = try offset(of: .operators)
    #expect(
      error {
        $0[tensors] = 0; $0[tensors + 1] = 0
      }
        == ModelError(
          offset: UInt64(tensors), subject: .tensor(0), fault: .field("height", found: 0, low: 1, high: 65_535)))
    // The input's zero point, -128, becomes -256.
    #expect(
      error { $0[tensors + 32] = 0 }
        == ModelError(
          offset: UInt64(tensors) + 32, subject: .tensor(0),
          fault: .field("zero point", found: -256, low: -128, high: 127)))
    #expect(
      error { $0[operators] = 200 }
        == ModelError(
          offset: UInt64(operators), subject: .operator(0),
          fault: .field("operator kind", found: 200, low: 1, high: Int64(Operator.Kind.allCases.count))))
    guard case .arena(let found, let expected) = error({ $0[20] &+= 16 })?.fault else {
      Issue.record("a wrong arena size was accepted")
      return
    }
    #expect(found != expected)
  }

  @Test("a weight of -128 is found")
  func weights() throws {
    let offset = try offset(of: .weights)
    // The section begins with the first weight of the first operator.
    #expect(
      error { $0[offset] = 0x80 }
        == ModelError(
          offset: UInt64(offset), subject: .operator(0), fault: .weightMinus128(offset: UInt32(offset))))
  }

  @Test("exact sentences")
  func sentences() {
    func text(_ subject: ModelError.Subject, _ fault: ModelError.Fault) -> String {
      ModelError(offset: 7, subject: subject, fault: fault).description
    }
    #expect(
      text(.file, .byteCount(found: 10, expected: 64))
        == "the file has 10 bytes; expected at least 64: it is cut short or has been added to; copy or convert it again (byte 7)"
    )
    #expect(
      text(.file, .notAQuillFile)
        == "this is not a .quill file: it does not begin with the bytes 89 51 55 49 4C 4C 0D 0A; make one with `quill convert` (byte 7)"
    )
    #expect(
      text(.file, .version(found: 3, read: 1))
        == "format version 3; this program reads version 1: update it, or convert the model again with this version's `quill` (byte 7)"
    )
    #expect(
      text(.file, .version(found: 0, read: 1))
        == "format version 0; this program reads version 1: convert the model again with this version's `quill` (byte 7)"
    )
    #expect(
      text(.file, .checksum(found: 1, expected: 0xABCD_0000))
        == "the checksum of the bytes is 0x00000001; expected 0xabcd0000: the file was damaged after it was written; copy or convert it again (byte 7)"
    )
    #expect(
      text(.tensor(3), .field("height", found: 0, low: 1, high: 9)) == "tensor 3: height is 0; expected 1...9 (byte 7)")
    #expect(
      text(.tensor(3), .overlap(tensor: 3, with: 1))
        == "tensor 3: tensors 3 and 1 are alive together and share bytes of the arena (byte 7)")
    #expect(
      text(.section(4), .missingSection) == "section 4 (weights): the section is missing (byte 7)")
    #expect(
      text(.operator(2), .extent("output height", found: 4, expected: 5))
        == "operator 2: output height is 4; expected 5 (byte 7)")
    #expect(
      text(.operator(2), .accumulator(channel: 8))
        == "operator 2: the accumulator of channel 8 can leave 32 bits (byte 7)")
    #expect(
      text(.operator(2), .halo(side: "above", tensor: 1, found: 0, needed: 1))
        == "operator 2: tensor 1 has a halo of 0 above; expected at least 1 (byte 7)")
  }
}
