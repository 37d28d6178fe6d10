/// Why a byte string is not a model that can run. Wording in `ModelError+Description.swift`.
public struct ModelError: Error, Sendable, Equatable {
  /// The part of the file that breaks a rule.
  public enum Subject: Sendable, Equatable {
    case file
    case section(UInt16)
    case tensor(Int)
    case `operator`(Int)
    case operand(Int)
    case label(Int)
  }

  /// The rule that it breaks.
  public enum Fault: Sendable, Equatable {
    /// Fewer bytes than the smallest file, or than the header says; more than the header says.
    case byteCount(found: UInt64, expected: UInt64)
    /// The first eight bytes are not a `.quill` file's.
    case notAQuillFile
    /// The bytes do not begin at a multiple of 64.
    case misalignedMemory(alignment: Int)
    /// A format version that this reader does not read.
    case version(found: UInt32, read: UInt32)
    /// The checksum of the bytes differs from the one in the header.
    case checksum(found: UInt32, expected: UInt32)
    /// A section that must be there is not.
    case missingSection
    /// A section stands twice.
    case repeatedSection
    /// A section of an unknown kind that the file declares to be required.
    case unknownRequiredSection
    /// A section's bytes are not a whole number of its records, or do not fit what it describes.
    case sectionByteCount(found: UInt64, expected: UInt64)
    /// A range of bytes or records ends outside what holds it.
    case outOfBounds(field: FieldName, end: UInt64, limit: UInt64)
    /// A field outside its permitted range.
    case field(FieldName, found: Int64, low: Int64, high: Int64)
    /// A number that must be a multiple of another.
    case alignment(field: FieldName, found: UInt64, multiple: UInt64)
    /// Text that is not UTF-8 without control characters.
    case text(field: FieldName)
    /// A tensor that is read before an operator has written it, or never.
    case notYetComputed(tensor: Int)
    /// A tensor that two operators write, or that an operator writes though it is an input.
    case writtenTwice(tensor: Int)
    /// The number of operands is not what the operator takes.
    case operandCount(found: Int, low: Int, high: Int)
    /// An extent does not follow from the operands.
    case extent(FieldName, found: Int64, expected: Int64)
    /// Tensors that are alive together share bytes.
    case overlap(tensor: Int, with: Int)
    /// A tensor needs more bytes of halo than it has.
    case halo(side: FieldName, tensor: Int, found: Int, needed: Int)
    /// A tensor that must be stored without halo or gaps is not.
    case notDense(tensor: Int)
    /// A weight of -128.
    case weightMinus128(offset: UInt32)
    /// A channel's accumulator could leave 32 bits.
    case accumulator(channel: Int)
    /// A multiplier that is neither 0 nor in 2^30...2^31 - 1, or a shift that is out of range.
    case multiplier(channel: Int, quantized: Int64, shift: Int64)
    /// Scale or zero point differ where the operator needs them equal.
    case quantizationDiffers(tensor: Int, from: Int)
    /// The arena is larger or smaller than its tensors need.
    case arena(found: UInt64, expected: UInt64)
  }

  /// Where the file breaks a rule: the offset of the field in bytes from the start of the file.
  public var offset: UInt64

  /// What breaks it.
  public var subject: Subject

  /// How.
  public var fault: Fault

  /// An error by place, subject and fault.
  public init(offset: UInt64, subject: Subject, fault: Fault) {
    self.offset = offset
    self.subject = subject
    self.fault = fault
  }
}
