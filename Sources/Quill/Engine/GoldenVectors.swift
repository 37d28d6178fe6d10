/// Inputs that everybody can make, and the answers that the converter got: how a file proves itself on any machine.
///
/// The section holds, in little-endian words: the seed (two words, low first), then for each of 8 cases one CRC-32C an
/// operator, of the output that it writes in row-major order, and after them the values of all outputs, filled up with
/// zeros to whole words.
public enum GoldenVectors {
  /// The number of cases in every file.
  public static let caseCount = 8

  package static func byteCount(operatorCount: Int, outputCount: Int) -> UInt64 {
    8 + UInt64(caseCount) * caseByteCount(operatorCount: operatorCount, outputCount: outputCount)
  }

  package static func caseByteCount(operatorCount: Int, outputCount: Int) -> UInt64 {
    UInt64(operatorCount) * 4 + (UInt64(outputCount) + 3) / 4 * 4
  }

  /// The stream of input values of one case: SplitMix64 (Steele, Lea and Flood 2014), its bytes low first.
  ///
  /// Cases 0...3 are uniform noise. In cases 4...7 a value is -128 unless the two lowest bits of the byte after it are
  /// zero: sparse ink on an empty page.
  package struct Generator {
    private var state: UInt64
    private var word: UInt64 = 0
    private var bytesLeft = 0
    private let isSparse: Bool

    package init(seed: UInt64, case number: Int) {
      state = seed &+ UInt64(number) &* 0xD1B5_4A32_D192_ED03
      isSparse = number >= 4
    }

    package mutating func next() -> Int8 {
      let value = Int8(bitPattern: nextByte())
      return isSparse && nextByte() & 3 != 0 ? -128 : value
    }

    private mutating func nextByte() -> UInt8 {
      if bytesLeft == 0 {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        word = state
        word = (word ^ word &>> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word &>> 27) &* 0x94D0_49BB_1331_11EB
        word ^= word &>> 31
        bytesLeft = 8
      }
      let byte = UInt8(truncatingIfNeeded: word)
      word &>>= 8
      bytesLeft -= 1
      return byte
    }
  }

  /// The first place where this machine differs from the file.
  public enum Difference: Sendable, Equatable {
    /// An operator wrote other bytes.
    case `operator`(index: Int, case: Int, found: UInt32, expected: UInt32)
    /// An output value differs though every operator's checksum agrees: the section is inconsistent.
    case output(index: Int, position: Int, case: Int, found: Int8, expected: Int8)
  }

  /// Runs the golden inputs and compares every operator's output; `nil` where all agree.
  public static func verify(_ model: borrowing Model, with engine: inout Engine) -> Difference? {
    let section = model.sections[.golden]
    let seed = model.memory.withBytes { file in
      UInt64(file.word(at: section.offset)) | UInt64(file.word(at: section.offset + 4)) << 32
    }
    var outputCount = 0
    for index in 0..<model.outputCount { outputCount += model.tensors[model.outputTensor(index)].count }
    let stride = Int(caseByteCount(operatorCount: model.operatorCount, outputCount: outputCount))
    for number in 0..<caseCount {
      let base = section.offset + 8 + number * stride
      if let difference = verify(model, &engine, seed: seed, case: number, at: base) { return difference }
    }
    return nil
  }

  private static func verify(
    _ model: borrowing Model, _ engine: inout Engine, seed: UInt64, case number: Int, at base: Int
  ) -> Difference? {
    engine.setGoldenInputs(of: model, seed: seed, case: number)
    for index in 0..<model.operatorCount {
      engine.step(model, operator: index)
      let found = engine.checksum(of: model.outputIndex(index), in: model)
      let expected = model.memory.withBytes { file in file.word(at: base + 4 * index) }
      if found != expected { return .operator(index: index, case: number, found: found, expected: expected) }
    }
    var position = base + 4 * model.operatorCount
    for output in 0..<model.outputCount {
      for index in 0..<model.tensors[model.outputTensor(output)].count {
        let found = engine.outputValue(index, at: output, of: model)
        let expected = model.memory.withBytes { file in Int8(bitPattern: file[position]) }
        if found != expected {
          return .output(index: output, position: index, case: number, found: found, expected: expected)
        }
        position += 1
      }
    }
    return nil
  }
}

extension Engine {
  /// Sets every input from the golden generator, one after the other from one stream.
  package mutating func setGoldenInputs(of model: borrowing Model, seed: UInt64, case number: Int) {
    expectOwnModel(model)
    var generator = GoldenVectors.Generator(seed: seed, case: number)
    for index in 0..<model.inputCount {
      let tensor = model.tensors[model.inputTensor(index)]
      fillHalo(tensor)
      withMutableValues(from: tensor.origin) { target in
        for y in 0..<Int(tensor.height) {
          for column in 0..<tensor.rowByteCount { target[y * Int(tensor.rowPitch) + column] = generator.next() }
        }
      }
    }
  }

  /// The CRC-32C of a tensor's values in row-major order, halo left out.
  package func checksum(of index: Int, in model: borrowing Model) -> UInt32 {
    let tensor = model.tensors[index]
    return withValues(from: tensor.origin) { values in
      var sum = CRC32C()
      for y in 0..<Int(tensor.height) {
        let row = y &* Int(tensor.rowPitch)
        for column in 0..<tensor.rowByteCount { sum.update(UInt8(bitPattern: values[row &+ column])) }
      }
      return sum.value
    }
  }
}

extension Span<UInt8> {
  /// The little-endian word at an offset that opening has proved to lie within.
  fileprivate func word(at offset: Int) -> UInt32 { UInt32(bitPattern: int32(at: offset)) }
}
