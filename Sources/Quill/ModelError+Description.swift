// Every sentence that a file which is not a model can cause. Pinned by `ModelErrorTests`.

extension ModelError: CustomStringConvertible {
  /// One line: where, what was found, what was expected, what to do.
  public var description: String { sentence.description }
}

extension ModelError {
  /// The same without a `String`, for programs on a board.
  public var sentence: Sentence {
    switch subject {
    case .file: "\(rule) (byte \(offset))"
    default: "\(place): \(rule) (byte \(offset))"
    }
  }

  private var place: Sentence {
    switch subject {
    case .file: "file"
    case .section(let kind): "section \(kind)\(named(kind))"
    case .tensor(let index): "tensor \(index)"
    case .operator(let index): "operator \(index)"
    case .operand(let index): "operand \(index)"
    case .label(let index): "label \(index)"
    }
  }

  private var rule: Sentence {
    switch fault {
    case .byteCount(let found, let expected):
      "the file has \(found) bytes; expected \(found < 64 ? "at least " as StaticString : "")\(expected): it is cut short or has been added to; copy or convert it again"
    case .notAQuillFile:
      "this is not a .quill file: it does not begin with the bytes 89 51 55 49 4C 4C 0D 0A; make one with `quill convert`"
    case .misalignedMemory(let alignment):
      "the model begins at a multiple of \(alignment) bytes only; align it to 64"
    case .version(let found, let read) where found > read:
      "format version \(found); this program reads version \(read): update it, or convert the model again with this version's `quill`"
    case .version(let found, let read):
      "format version \(found); this program reads version \(read): convert the model again with this version's `quill`"
    case .checksum(let found, let expected):
      "the checksum of the bytes is \(hexadecimal(found)); expected \(hexadecimal(expected)): the file was damaged after it was written; copy or convert it again"
    case .missingSection: "the section is missing"
    case .repeatedSection: "the section stands twice"
    case .unknownRequiredSection: "the section is required, and this program does not know its kind: update the program"
    case .sectionByteCount(let found, let expected): "the section has \(found) bytes; expected \(expected)"
    case .outOfBounds(let field, let end, let limit): "\(field.text) ends at \(end); expected at most \(limit)"
    case .field(let name, let found, let low, let high):
      low == high ? "\(name.text) is \(found); expected \(low)" : "\(name.text) is \(found); expected \(low)...\(high)"
    case .alignment(let field, let found, let multiple): "\(field.text) is \(found); expected a multiple of \(multiple)"
    case .text(let field): "\(field.text) is not UTF-8 text without control characters"
    default: networkRule
    }
  }

  /// Sentences about how the parts fit together.
  private var networkRule: Sentence {
    switch fault {
    case .notYetComputed(let tensor): "tensor \(tensor) is used before anything computes it"
    case .writtenTwice(let tensor): "tensor \(tensor) is written twice"
    case .operandCount(let found, let low, let high):
      low == high ? "\(found) operands; expected \(low)" : "\(found) operands; expected \(low)...\(high)"
    case .extent(let name, let found, let expected): "\(name.text) is \(found); expected \(expected)"
    case .overlap(let tensor, let other):
      "tensors \(tensor) and \(other) are alive together and share bytes of the arena"
    case .halo(let side, let tensor, let found, let needed):
      "tensor \(tensor) has a halo of \(found) \(side.text); expected at least \(needed)"
    case .notDense(let tensor): "tensor \(tensor) has a halo or gaps; expected neither"
    case .weightMinus128(let offset): "the weight at byte \(offset) is -128; expected -127...127"
    case .accumulator(let channel): "the accumulator of channel \(channel) can leave 32 bits"
    case .multiplier(let channel, let quantized, let shift):
      "channel \(channel) has multiplier \(quantized) and shift \(shift); expected a normal multiplier and a shift in range"
    case .quantizationDiffers(let tensor, let other):
      "tensor \(tensor) has another scale or zero point than tensor \(other); expected the same"
    case .arena(let found, let expected): "the arena has \(found) bytes; its tensors take \(expected)"
    default: ""
    }
  }

  /// The name of a section of a known kind, in parentheses.
  private func named(_ kind: UInt16) -> Sentence {
    guard let name = SectionKind(rawValue: kind)?.name else { return "" }
    return " (\(name))"
  }

  private func hexadecimal(_ value: UInt32) -> Sentence {
    var text: Sentence = "0x"
    text.append(hexadecimal: UInt64(value), digits: 8)
    return text
  }
}

extension SectionKind {
  /// The section's name in the specification.
  var name: StaticString {
    switch self {
    case .tensors: "tensors"
    case .operators: "operators"
    case .operands: "operands"
    case .weights: "weights"
    case .interface: "interface"
    case .text: "text"
    case .labels: "labels"
    case .preprocessing: "preprocessing"
    case .provenance: "provenance"
    case .golden: "golden vectors"
    case .channelExponents: "channel exponents"
    }
  }
}
