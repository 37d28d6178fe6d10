// Every name in the file is UTF-8 without control characters: it can be printed as it is, on a terminal or in JSON.

extension ModelParts {
  /// Names of the network, tensors, operators and labels.
  func checkText(_ file: Span<UInt8>) throws(ModelError) {
    let interfaceSubject = ModelError.Subject.section(SectionKind.interface.rawValue)
    try checkText(
      file, interface.networkName, "network name", interfaceSubject, UInt64(sections[.interface].offset) + 48)
    for index in 0..<tensors.count {
      let offset = UInt64(sections[.tensors].offset + index * TensorRecord.byteCount) + 36
      try checkText(file, tensors[index].name, "name", .tensor(index), offset)
    }
    for index in 0..<entries.count {
      try checkText(file, entries[index].name, "name", .operator(index), entries[index].offset + 12)
    }
    let labelCount = sections[.labels].byteCount / TextReference.byteCount
    for index in 0..<labelCount {
      let offset = UInt64(sections[.labels].offset + index * TextReference.byteCount)
      var reference = TextReference()
      var coder = RecordCoder(reading: file, at: offset, byteCount: TextReference.byteCount, subject: .label(index))
      try reference.transfer(&coder)
      try checkText(file, reference, "label", .label(index), offset)
    }
    let classes = tensors[Int(interface.outputs[0])].count
    if labelCount != 0 && labelCount != classes {
      throw ModelError(
        offset: UInt64(sections[.labels].offset), subject: .section(SectionKind.labels.rawValue),
        fault: .extent("label count", found: Int64(labelCount), expected: Int64(classes)))
    }
  }

  func checkText(
    _ file: Span<UInt8>, _ reference: TextReference, _ field: FieldName, _ subject: ModelError.Subject, _ offset: UInt64
  ) throws(ModelError) {
    let end = UInt64(reference.offset) + UInt64(reference.byteCount)
    if end > UInt64(sections[.text].byteCount) {
      throw ModelError(
        offset: offset, subject: subject,
        fault: .outOfBounds(field: field, end: end, limit: UInt64(sections[.text].byteCount)))
    }
    let start = sections[.text].offset + Int(reference.offset)
    if !isPrintableUTF8(file, start..<start + Int(reference.byteCount)) {
      throw ModelError(offset: offset, subject: subject, fault: .text(field: field))
    }
  }

  /// Shortest forms only, no surrogates, nothing past U+10FFFF, none of U+0000...U+001F and U+007F...U+009F.
  /// Source: Unicode Standard, table 3-7.
  private func isPrintableUTF8(_ file: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
      let lead = file[position]
      let length: Int
      switch lead {
      case 0x20...0x7E: length = 1
      case 0xC2...0xDF: length = 2
      case 0xE0...0xEF: length = 3
      case 0xF0...0xF4: length = 4
      default: return false
      }
      if position + length > range.upperBound { return false }
      for index in 1..<max(length, 1) where file[position + index] & 0xC0 != 0x80 { return false }
      if length > 1 && !isWellFormed(lead, file[position + 1]) { return false }
      position += length
    }
    return true
  }

  /// Whether the second byte may follow the first.
  private func isWellFormed(_ lead: UInt8, _ second: UInt8) -> Bool {
    switch lead {
    case 0xC2: second >= 0xA0
    case 0xE0: second >= 0xA0
    case 0xED: second <= 0x9F
    case 0xF0: second >= 0x90
    case 0xF4: second <= 0x8F
    default: true
    }
  }
}
