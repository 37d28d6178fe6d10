import Quill

extension FlatFileWriter {
  /// The file of what has been lowered; its golden vectors are still to come.
  mutating func assemble() throws(ConverterError) -> [UInt8] {
    var sections: [(kind: SectionKind, bytes: [UInt8])] = []
    do throws(ModelError) {
      var operands: [UInt8] = []
      sections.append((.tensors, try tensorSection()))
      sections.append((.operators, try operatorSection(&operands)))
      sections.append((.operands, operands))
      sections.append((.interface, try interfaceSection()))
      if !description.labels.isEmpty { sections.append((.labels, try labelSection())) }
      if description.preprocessing != nil { sections.append((.preprocessing, try preprocessingSection())) }
      sections.append((.provenance, try provenanceSection()))
      if !description.channelExponents.isEmpty { sections.append((.channelExponents, channelExponentSection())) }
    } catch {
      if let name = text.refused { throw .text(name) }
      throw .rejected(error.description)
    }
    if let name = text.refused { throw .text(name) }
    sections.append((.text, text.bytes))
    sections.append((.golden, goldenSection()))
    sections.append((.weights, weights))
    return try join(sections)
  }

  private func tensorSection() throws(ModelError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, tensor) in tensors.enumerated() {
      var record = tensor
      var coder = RecordCoder(writing: .tensor(index))
      try record.transfer(&coder)
      bytes += coder.prefix(TensorRecord.byteCount)
    }
    return bytes
  }

  private mutating func operatorSection(_ operands: inout [UInt8]) throws(ModelError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, node) in graph.nodes.enumerated() {
      var record = OperatorRecord(operation: operators[index])
      record.inputCount = UInt16(node.inputs.count)
      record.firstOperand = UInt32(operands.count / 4)
      record.output = UInt32(node.output)
      record.name = text.addOrNote(node.name)
      var coder = RecordCoder(writing: .operator(index))
      try record.transfer(&coder)
      bytes += coder.prefix(OperatorRecord.byteCount)
      for input in node.inputs { operands += UInt32(input).littleEndianBytes }
    }
    return bytes
  }

  private mutating func interfaceSection() throws(ModelError) -> [UInt8] {
    var record = InterfaceRecord()
    record.inputCount = UInt32(graph.inputs.count)
    record.outputCount = UInt32(graph.outputs.count)
    for (index, tensor) in graph.inputs.enumerated() { record.inputs[index] = UInt32(tensor) }
    for (index, tensor) in graph.outputs.enumerated() { record.outputs[index] = UInt32(tensor) }
    record.decisionTensor = description.decisionTensor.map { UInt32($0) } ?? InterfaceRecord.noTensor
    record.meaning = description.meaning.rawValue
    record.networkName = text.addOrNote(graph.name)
    var coder = RecordCoder(writing: .section(SectionKind.interface.rawValue))
    try record.transfer(&coder)
    return coder.prefix(InterfaceRecord.byteCount)
  }

  private mutating func labelSection() throws(ModelError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, label) in description.labels.enumerated() {
      var reference = text.addOrNote(label)
      var coder = RecordCoder(writing: .label(index))
      try reference.transfer(&coder)
      bytes += coder.prefix(TextReference.byteCount)
    }
    return bytes
  }

  private func preprocessingSection() throws(ModelError) -> [UInt8] {
    guard var record = description.preprocessing else { return [] }
    var coder = RecordCoder(writing: .section(SectionKind.preprocessing.rawValue))
    try record.transfer(&coder)
    return coder.prefix(Preprocessing.headerByteCount) + description.tables.joined().map { UInt8(bitPattern: $0) }
  }

  private mutating func provenanceSection() throws(ModelError) -> [UInt8] {
    var record = ProvenanceRecord()
    if let hash = description.sourceSHA256 {
      for index in 0..<32 { record.sourceSHA256[index] = hash[index] }
    }
    record.tool = text.addOrNote(description.tool)
    record.options = text.addOrNote(description.options)
    var coder = RecordCoder(writing: .section(SectionKind.provenance.rawValue))
    try record.transfer(&coder)
    return coder.prefix(ProvenanceRecord.byteCount)
  }

  private func channelExponentSection() -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, tensor) in graph.tensors.enumerated() {
      guard let exponents = description.channelExponents[tensor.name] else { continue }
      bytes += UInt32(index).littleEndianBytes + UInt32(exponents.count).littleEndianBytes
      bytes += exponents.map { UInt8(bitPattern: Int8($0)) }
      while bytes.count % 4 != 0 { bytes.append(0) }
    }
    return bytes
  }

  /// Room for the golden vectors, with the seed.
  private func goldenSection() -> [UInt8] {
    let outputCount = graph.outputs.reduce(0) { $0 + tensors[$1].count }
    let byteCount = GoldenVectors.byteCount(operatorCount: graph.nodes.count, outputCount: outputCount)
    let seed = description.goldenSeed
    let words = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)]
    return words.flatMap(\.littleEndianBytes) + [UInt8](repeating: 0, count: Int(byteCount) - 8)
  }

  private func join(_ sections: [(kind: SectionKind, bytes: [UInt8])]) throws(ConverterError) -> [UInt8] {
    func aligned(_ count: Int) -> Int { (count + 63) / 64 * 64 }
    var offset = aligned(FileHeader.byteCount + sections.count * SectionRecord.byteCount)
    let total = sections.reduce(offset) { aligned($0) + $1.bytes.count }
    guard total <= Int(FileHeader.maximumByteCount), arenaByteCount <= Int(FileHeader.maximumByteCount) else {
      throw .tooLarge(bytes: UInt64(max(total, arenaByteCount)))
    }
    var header = FileHeader(
      fileByteCount: UInt32(total), arenaByteCount: UInt32(arenaByteCount), sectionCount: UInt32(sections.count))
    do throws(ModelError) {
      var coder = RecordCoder(writing: .file)
      try header.transfer(&coder)
      var head = coder.prefix(FileHeader.byteCount)
      var body: [UInt8] = []
      for section in sections {
        var record = SectionRecord(
          kind: section.kind.rawValue, required: section.kind.isRequired ? 1 : 0, offset: UInt32(offset),
          byteCount: UInt32(section.bytes.count))
        var coder = RecordCoder(writing: .section(section.kind.rawValue))
        try record.transfer(&coder)
        head += coder.prefix(SectionRecord.byteCount)
        body += section.bytes
        offset += section.bytes.count
        if section.kind != sections.last?.kind {
          body += [UInt8](repeating: 0, count: aligned(offset) - offset)
          offset = aligned(offset)
        }
      }
      return head + [UInt8](repeating: 0, count: aligned(head.count) - head.count) + body
    } catch {
      throw .rejected(error.description)
    }
  }
}

extension RecordCoder {
  /// The first bytes of the record.
  func prefix(_ count: Int) -> [UInt8] { (0..<count).map { bytes[$0] } }
}

extension UInt32 {
  /// The four bytes, low first.
  var littleEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (8 * UInt32($0))) } }
}
