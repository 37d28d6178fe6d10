/// A `.quill` file that has been opened: every rule of the format holds, so that running it cannot fail.
public struct Model: ~Copyable, Sendable {
  /// An operator of the file, with the tensors that it reads and writes.
  package struct Entry: Sendable {
    package var operation: Operator
    /// The position of its first operand in `operands`.
    package var firstOperand: Int
    package var operandCount: Int
    package var output: Int
    package var name: TextReference
    /// Where its record begins in the file.
    package var offset: UInt64
  }

  package let memory: ModelMemory
  package let header: FileHeader
  package let entries: [Entry]
  package let operands: [Int]
  package let interface: InterfaceRecord
  package let sections: SectionTable
  package let provenance: ProvenanceRecord?

  /// Every tensor of the network, in the order of the file.
  public let tensors: [TensorRecord]

  /// How pictures become the input, where the file says so.
  public let preprocessing: Preprocessing?

  /// Opens a model: checks every rule of the format (`firmware-notes/quill-format.md`) in one pass.
  ///
  /// Allocates what running will need to know; `Engine` allocates the arena. Nothing is allocated afterwards.
  /// - Throws: `ModelError`, which says where, what was found and what was expected.
  public init(_ memory: consuming ModelMemory) throws(ModelError) {
    if memory.alignment < 64 {
      throw ModelError(offset: 0, subject: .file, fault: .misalignedMemory(alignment: memory.alignment))
    }
    let parts = try memory.withBytes { (file) throws(ModelError) in try ModelParts(reading: file) }
    header = parts.header
    entries = parts.entries
    operands = parts.operands
    interface = parts.interface
    sections = parts.sections
    provenance = parts.provenance
    tensors = parts.tensors
    preprocessing = parts.preprocessing
    self.memory = memory
  }

  /// Opens a copy of the bytes of a `.quill` file.
  public init(copying bytes: Span<UInt8>) throws(ModelError) {
    try self.init(ModelMemory(copying: bytes))
  }

  /// The bytes of the file.
  public var byteCount: Int { memory.byteCount }

  /// The bytes that an engine's arena takes: every tensor, halo and margin, and nothing else.
  public var arenaByteCount: Int { Int(header.arenaByteCount) }

  /// The format version of the file.
  public var formatVersion: Int { Int(FileHeader.version) }

  /// The number of operators.
  public var operatorCount: Int { entries.count }

  /// What an operator computes.
  public func operation(_ index: Int) -> Operator { entries[index].operation }

  /// An operator's name in the float network.
  public func operatorName(_ index: Int) -> String { text(entries[index].name) }

  /// An operator's name in UTF-8.
  public func operatorNameBytes(_ index: Int) -> [UInt8] { textBytes(entries[index].name) }

  /// A tensor's name in the float network.
  public func tensorName(_ index: Int) -> String { text(tensors[index].name) }

  /// The tensors that an operator reads.
  public func operandIndices(_ index: Int) -> [Int] {
    let entry = entries[index]
    return (0..<entry.operandCount).map { operands[entry.firstOperand + $0] }
  }

  /// The tensor that an operator writes.
  public func outputIndex(_ index: Int) -> Int { entries[index].output }

  /// The network's name.
  public var name: String { text(interface.networkName) }

  /// The number of inputs, 1...4.
  public var inputCount: Int { Int(interface.inputCount) }

  /// The number of outputs, 1...4.
  public var outputCount: Int { Int(interface.outputCount) }

  /// The tensor behind an input.
  public func inputTensor(_ index: Int = 0) -> Int { Int(interface.inputs[index]) }

  /// The tensor behind an output.
  public func outputTensor(_ index: Int = 0) -> Int { Int(interface.outputs[index]) }

  /// The tensor whose greatest value names the class, ties going to the lowest index; `nil` where nothing is decided.
  public var decisionTensor: Int? {
    interface.decisionTensor == InterfaceRecord.noTensor ? nil : Int(interface.decisionTensor)
  }

  /// What the first output's numbers are.
  public var outputMeaning: OutputMeaning { OutputMeaning(rawValue: interface.meaning) ?? .values }

  /// The number of class names that the file holds; 0 where it holds none.
  public var labelCount: Int { sections[.labels].byteCount / TextReference.byteCount }

  /// The name of a class.
  public func label(_ index: Int) -> String { String(decoding: labelBytes(index), as: UTF8.self) }

  /// The name of a class in UTF-8.
  public func labelBytes(_ index: Int) -> [UInt8] {
    let offset = sections[.labels].offset + index * TextReference.byteCount
    return textBytes(memory.withBytes { file in TextReference(reading: file, at: offset) })
  }

  /// The SHA-256 of the float network that the file was made from; `nil` where the file does not say.
  public var sourceSHA256: [UInt8]? {
    guard let provenance else { return nil }
    let bytes = (0..<32).map { provenance.sourceSHA256[$0] }
    return bytes.contains { $0 != 0 } ? bytes : nil
  }

  /// The tool and version that wrote the file, and the options that it was given; empty where the file does not say.
  public var provenanceText: (tool: String, options: String) {
    guard let provenance else { return ("", "") }
    return (text(provenance.tool), text(provenance.options))
  }

  /// The int8 value that stands for a pixel's byte in a channel, by the file's table.
  public func inputValue(ofPixel byte: UInt8, channel: Int) -> Int8 {
    let offset = sections[.preprocessing].offset + Preprocessing.headerByteCount + channel * 256 + Int(byte)
    return memory.withBytes { file in Int8(bitPattern: file[offset]) }
  }

  /// The text behind a reference, which opening has proved to be UTF-8.
  package func text(_ reference: TextReference) -> String {
    String(decoding: textBytes(reference), as: UTF8.self)
  }

  /// The same as bytes, for programs on a board: a `String` would cost them tens of kilobytes.
  private func textBytes(_ reference: TextReference) -> [UInt8] {
    let start = sections[.text].offset + Int(reference.offset)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(reference.byteCount))
    memory.withBytes { file in
      for index in start..<start + Int(reference.byteCount) { bytes.append(file[index]) }
    }
    return bytes
  }
}

/// Where each kind of section lies; kinds that are absent are empty.
package struct SectionTable: Sendable {
  package struct Range: Sendable {
    package var offset = 0
    package var byteCount = 0
    package var isPresent = false
  }

  package var ranges: InlineArray<12, Range> = .init(repeating: Range())

  package subscript(kind: SectionKind) -> Range {
    get { ranges[Int(kind.rawValue)] }
    set { ranges[Int(kind.rawValue)] = newValue }
  }
}

extension TextReference {
  /// The reference at `offset`, which opening has proved to lie within the file.
  fileprivate init(reading file: Span<UInt8>, at offset: Int) {
    var numbers: InlineArray<2, UInt32> = [0, 0]
    for index in 0..<8 { numbers[index / 4] |= UInt32(file[offset + index]) << UInt32(index % 4 * 8) }
    self.init(offset: numbers[0], byteCount: numbers[1])
  }
}
