/// What opening a file finds: the first half reads records, `ModelParts+Proof.swift` proves that they fit together.
package struct ModelParts {
  package var header = FileHeader()
  package var sections = SectionTable()
  package var tensors: [TensorRecord] = []
  package var entries: [Model.Entry] = []
  package var operands: [Int] = []
  package var interface = InterfaceRecord()
  package var preprocessing: Preprocessing?
  package var provenance: ProvenanceRecord?

  /// The most tensors, and the most operators, that a file may hold: the proof compares tensors in pairs.
  package static let maximumRecordCount = 4096

  /// Reads and checks a whole file.
  package init(reading file: Span<UInt8>) throws(ModelError) {
    try readHeader(file)
    try readSections(file)
    try readTensors(file)
    try readOperators(file)
    try readInterface(file)
    try checkText(file)
    try readPreprocessing(file)
    try readProvenance(file)
    try prove(file)
  }

  private mutating func readHeader(_ file: Span<UInt8>) throws(ModelError) {
    let found = UInt64(file.count)
    if file.count < FileHeader.byteCount {
      throw ModelError(offset: 0, subject: .file, fault: .byteCount(found: found, expected: 64))
    }
    var magic: UInt64 = 0
    for index in 0..<8 { magic |= UInt64(file[index]) << UInt64(8 * index) }
    if magic != FileHeader.magic { throw ModelError(offset: 0, subject: .file, fault: .notAQuillFile) }
    var version: UInt32 = 0
    for index in 0..<4 { version |= UInt32(file[8 + index]) << UInt32(8 * index) }
    if version != FileHeader.version {
      throw ModelError(offset: 8, subject: .file, fault: .version(found: version, read: FileHeader.version))
    }
    var coder = RecordCoder(reading: file, at: 0, byteCount: FileHeader.byteCount, subject: .file)
    try header.transfer(&coder)
    if UInt64(header.fileByteCount) != found {
      throw ModelError(
        offset: 12, subject: .file, fault: .byteCount(found: found, expected: UInt64(header.fileByteCount)))
    }
    var sum = CRC32C()
    sum.update(file.extracting(0..<16))
    sum.update(file.extracting(20..<file.count))
    if sum.value != header.checksum {
      throw ModelError(
        offset: 16, subject: .file, fault: .checksum(found: sum.value, expected: header.checksum))
    }
  }

  private mutating func readSections(_ file: Span<UInt8>) throws(ModelError) {
    for index in 0..<Int(header.sectionCount) {
      let offset = FileHeader.byteCount + index * SectionRecord.byteCount
      var record = SectionRecord()
      if offset + SectionRecord.byteCount > file.count {
        throw ModelError(
          offset: 24, subject: .file,
          fault: .outOfBounds(
            field: "section table", end: UInt64(offset + SectionRecord.byteCount), limit: UInt64(file.count)))
      }
      var coder = RecordCoder(
        reading: file, at: UInt64(offset), byteCount: SectionRecord.byteCount, subject: .file)
      try record.transfer(&coder)
      try place(record, at: UInt64(offset), in: file)
    }
    for kind in SectionKind.allCases where kind.isRequired && !sections[kind].isPresent {
      throw ModelError(offset: 64, subject: .section(kind.rawValue), fault: .missingSection)
    }
  }

  private mutating func place(_ record: SectionRecord, at offset: UInt64, in file: Span<UInt8>) throws(ModelError) {
    let subject = ModelError.Subject.section(record.kind)
    let end = UInt64(record.offset) + UInt64(record.byteCount)
    if end > UInt64(file.count) {
      throw ModelError(
        offset: offset + 4, subject: subject,
        fault: .outOfBounds(field: "section", end: end, limit: UInt64(file.count)))
    }
    if record.offset % 64 != 0 {
      throw ModelError(
        offset: offset + 4, subject: subject,
        fault: .alignment(field: "section offset", found: UInt64(record.offset), multiple: 64))
    }
    guard let kind = SectionKind(rawValue: record.kind) else {
      if record.required != 0 {
        throw ModelError(offset: offset, subject: subject, fault: .unknownRequiredSection)
      }
      return
    }
    if sections[kind].isPresent { throw ModelError(offset: offset, subject: subject, fault: .repeatedSection) }
    let whole = Int(record.byteCount) / kind.recordByteCount * kind.recordByteCount
    if whole != Int(record.byteCount) {
      throw ModelError(
        offset: offset + 8, subject: subject,
        fault: .sectionByteCount(found: UInt64(record.byteCount), expected: UInt64(whole)))
    }
    sections[kind] = SectionTable.Range(
      offset: Int(record.offset), byteCount: Int(record.byteCount), isPresent: true)
  }

  /// The records of a section, at least one and at most `limit`.
  private func recordCount(_ kind: SectionKind, atMost limit: Int) throws(ModelError) -> Int {
    let count = sections[kind].byteCount / kind.recordByteCount
    if count < 1 || count > limit {
      throw ModelError(
        offset: UInt64(sections[kind].offset), subject: .section(kind.rawValue),
        fault: .field("record count", found: Int64(count), low: 1, high: Int64(limit)))
    }
    return count
  }

  private mutating func readTensors(_ file: Span<UInt8>) throws(ModelError) {
    let count = try recordCount(.tensors, atMost: ModelParts.maximumRecordCount)
    tensors.reserveCapacity(count)
    for index in 0..<count {
      let offset = UInt64(sections[.tensors].offset + index * TensorRecord.byteCount)
      var tensor = TensorRecord()
      var coder = RecordCoder(
        reading: file, at: offset, byteCount: TensorRecord.byteCount, subject: .tensor(index))
      try tensor.transfer(&coder)
      try check(tensor, index, offset)
      tensors.append(tensor)
    }
  }

  private func check(_ tensor: TensorRecord, _ index: Int, _ offset: UInt64) throws(ModelError) {
    let subject = ModelError.Subject.tensor(index)
    if tensor.arenaOffset % 16 != 0 {
      throw ModelError(
        offset: offset + 12, subject: subject,
        fault: .alignment(field: "arena offset", found: UInt64(tensor.arenaOffset), multiple: 16))
    }
    let pixels = UInt64(tensor.haloLeft) + UInt64(tensor.width) + UInt64(tensor.haloRight)
    if pixels * UInt64(tensor.channels) > UInt64(tensor.rowPitch) {
      throw ModelError(
        offset: offset + 16, subject: subject,
        fault: .outOfBounds(
          field: "row", end: pixels * UInt64(tensor.channels), limit: UInt64(tensor.rowPitch)))
    }
    let end = UInt64(tensor.arenaOffset) + tensor.storedByteCount + UInt64(Engine.marginByteCount)
    if end > UInt64(header.arenaByteCount) {
      throw ModelError(
        offset: offset + 12, subject: subject,
        fault: .outOfBounds(field: "tensor in the arena", end: end, limit: UInt64(header.arenaByteCount)))
    }
    if (tensor.rank < 4 && tensor.height != 1) || (tensor.rank < 3 && tensor.width != 1) {
      throw ModelError(
        offset: offset + 44, subject: subject,
        fault: .extent("rank", found: Int64(tensor.rank), expected: tensor.height != 1 ? 4 : 3))
    }
  }

  private mutating func readOperators(_ file: Span<UInt8>) throws(ModelError) {
    let operandCount = sections[.operands].byteCount / 4
    for index in 0..<operandCount {
      let offset = UInt64(sections[.operands].offset + index * 4)
      var operand: UInt32 = 0
      var coder = RecordCoder(reading: file, at: offset, byteCount: 4, subject: .operand(index))
      try coder.field(&operand, "tensor", 0...UInt32(tensors.count - 1))
      operands.append(Int(operand))
    }
    let count = try recordCount(.operators, atMost: ModelParts.maximumRecordCount)
    entries.reserveCapacity(count)
    for index in 0..<count {
      let offset = UInt64(sections[.operators].offset + index * OperatorRecord.byteCount)
      var record = OperatorRecord(operation: .reshape)
      var coder = RecordCoder(
        reading: file, at: offset, byteCount: OperatorRecord.byteCount, subject: .operator(index))
      try record.transfer(&coder)
      try append(record, index, offset)
    }
  }

  private mutating func append(_ record: OperatorRecord, _ index: Int, _ offset: UInt64) throws(ModelError) {
    let subject = ModelError.Subject.operator(index)
    let counts = record.operation.operandCounts
    if !counts.contains(Int(record.inputCount)) {
      throw ModelError(
        offset: offset + 2, subject: subject,
        fault: .operandCount(found: Int(record.inputCount), low: counts.lowerBound, high: counts.upperBound))
    }
    let end = UInt64(record.firstOperand) + UInt64(record.inputCount)
    if end > UInt64(operands.count) {
      throw ModelError(
        offset: offset + 4, subject: subject,
        fault: .outOfBounds(field: "operands", end: end, limit: UInt64(operands.count)))
    }
    if Int(record.output) >= tensors.count {
      throw ModelError(
        offset: offset + 8, subject: subject,
        fault: .field("output tensor", found: Int64(record.output), low: 0, high: Int64(tensors.count - 1)))
    }
    entries.append(
      Model.Entry(
        operation: record.operation, firstOperand: Int(record.firstOperand), operandCount: Int(record.inputCount),
        output: Int(record.output), name: record.name, offset: offset))
  }

  private mutating func readInterface(_ file: Span<UInt8>) throws(ModelError) {
    let range = sections[.interface]
    if range.byteCount != InterfaceRecord.byteCount {
      throw ModelError(
        offset: UInt64(range.offset), subject: .section(SectionKind.interface.rawValue),
        fault: .sectionByteCount(found: UInt64(range.byteCount), expected: UInt64(InterfaceRecord.byteCount)))
    }
    var coder = RecordCoder(
      reading: file, at: UInt64(range.offset), byteCount: InterfaceRecord.byteCount,
      subject: .section(SectionKind.interface.rawValue))
    try interface.transfer(&coder)
    for index in 0..<Int(interface.inputCount) { try expectTensor(interface.inputs[index], 8 + 4 * index) }
    for index in 0..<Int(interface.outputCount) { try expectTensor(interface.outputs[index], 24 + 4 * index) }
    if interface.decisionTensor != InterfaceRecord.noTensor { try expectTensor(interface.decisionTensor, 40) }
  }

  private func expectTensor(_ number: UInt32, _ position: Int) throws(ModelError) {
    if Int(number) >= tensors.count {
      throw ModelError(
        offset: UInt64(sections[.interface].offset + position), subject: .section(SectionKind.interface.rawValue),
        fault: .field("tensor", found: Int64(number), low: 0, high: Int64(tensors.count - 1)))
    }
  }

  private mutating func readPreprocessing(_ file: Span<UInt8>) throws(ModelError) {
    let range = sections[.preprocessing]
    guard range.isPresent else { return }
    let subject = ModelError.Subject.section(SectionKind.preprocessing.rawValue)
    var value = Preprocessing(fit: .stretch, polarity: .any, channelOrder: .grey)
    if range.byteCount < Preprocessing.headerByteCount {
      throw ModelError(
        offset: UInt64(range.offset), subject: subject,
        fault: .sectionByteCount(found: UInt64(range.byteCount), expected: UInt64(Preprocessing.headerByteCount)))
    }
    var coder = RecordCoder(
      reading: file, at: UInt64(range.offset), byteCount: Preprocessing.headerByteCount, subject: subject)
    try value.transfer(&coder)
    let channels = value.channelOrder.channels
    let expected = Preprocessing.headerByteCount + 256 * channels
    if range.byteCount != expected {
      throw ModelError(
        offset: UInt64(range.offset), subject: subject,
        fault: .sectionByteCount(found: UInt64(range.byteCount), expected: UInt64(expected)))
    }
    let input = tensors[Int(interface.inputs[0])]
    // A network on flat pixels takes a picture too: its values are the picture's rows one after the other.
    let isPicture = Int(input.channels) == channels
    let isFlat = input.rank == 2 && Int(input.channels) % channels == 0
    if !isPicture && !isFlat {
      throw ModelError(
        offset: UInt64(range.offset) + 8, subject: subject,
        fault: .extent("channel count", found: Int64(channels), expected: Int64(input.channels)))
    }
    preprocessing = value
  }

  private mutating func readProvenance(_ file: Span<UInt8>) throws(ModelError) {
    let range = sections[.provenance]
    guard range.isPresent else { return }
    let subject = ModelError.Subject.section(SectionKind.provenance.rawValue)
    if range.byteCount != ProvenanceRecord.byteCount {
      throw ModelError(
        offset: UInt64(range.offset), subject: subject,
        fault: .sectionByteCount(found: UInt64(range.byteCount), expected: UInt64(ProvenanceRecord.byteCount)))
    }
    var record = ProvenanceRecord()
    var coder = RecordCoder(
      reading: file, at: UInt64(range.offset), byteCount: ProvenanceRecord.byteCount, subject: subject)
    try record.transfer(&coder)
    try checkText(file, record.tool, "tool", subject, UInt64(range.offset) + 32)
    try checkText(file, record.options, "options", subject, UInt64(range.offset) + 40)
    provenance = record
  }
}
