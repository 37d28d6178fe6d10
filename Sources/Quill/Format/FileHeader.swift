/// The first 64 bytes of a `.quill` file.
package struct FileHeader {
  package static let byteCount = 64

  /// 0x89, "QUILL", carriage return, line feed: a transfer that alters text breaks it at once.
  package static let magic: UInt64 = 0x0A0D_4C4C_4955_5189

  /// The version of the format that this code reads and writes; 0 was before the format was settled.
  package static let version: UInt32 = 1

  /// Where the checksum lies; its four bytes are not part of the sum.
  package static let checksumOffset = 16

  /// The largest file: every offset stays below 2^31.
  package static let maximumByteCount: UInt32 = 0x7FFF_FFFF

  package var fileByteCount: UInt32
  package var checksum: UInt32
  package var arenaByteCount: UInt32
  package var sectionCount: UInt32

  package init(fileByteCount: UInt32 = 64, checksum: UInt32 = 0, arenaByteCount: UInt32 = 0, sectionCount: UInt32 = 1) {
    self.fileByteCount = fileByteCount
    self.checksum = checksum
    self.arenaByteCount = arenaByteCount
    self.sectionCount = sectionCount
  }

  /// Takes a coder through the fields. The magic and version are checked before, with errors of their own.
  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    var magic = FileHeader.magic
    var version = FileHeader.version
    try coder.field(&magic, "magic", FileHeader.magic...FileHeader.magic)
    try coder.field(&version, "version", FileHeader.version...FileHeader.version)
    try coder.field(&fileByteCount, "file byte count", 64...FileHeader.maximumByteCount)
    try coder.field(&checksum, "checksum")
    try coder.field(&arenaByteCount, "arena byte count", 64...FileHeader.maximumByteCount)
    try coder.field(&sectionCount, "section count", 1...32)
    try coder.reserved(36)
  }
}

/// What a section holds. The numbers are the file's.
package enum SectionKind: UInt16, CaseIterable {
  case tensors = 1
  case operators = 2
  case operands = 3
  case weights = 4
  case interface = 5
  case text = 6
  case labels = 7
  case preprocessing = 8
  case provenance = 9
  case golden = 10
  case channelExponents = 11

  /// The bytes of one record; a section is a whole number of them.
  package var recordByteCount: Int {
    switch self {
    case .tensors: TensorRecord.byteCount
    case .operators: OperatorRecord.byteCount
    case .operands: 4
    case .weights, .text, .preprocessing: 1
    case .interface: InterfaceRecord.byteCount
    case .labels: TextReference.byteCount
    case .provenance: ProvenanceRecord.byteCount
    case .golden, .channelExponents: 4
    }
  }

  /// Whether a file without it is refused.
  package var isRequired: Bool {
    switch self {
    case .tensors, .operators, .operands, .weights, .interface, .text, .golden: true
    case .labels, .preprocessing, .provenance, .channelExponents: false
    }
  }
}

/// One entry of the section table, which follows the header.
package struct SectionRecord {
  package static let byteCount = 16

  package var kind: UInt16
  /// 1 where a reader that does not know the kind must refuse the file.
  package var required: UInt16
  package var offset: UInt32
  package var byteCount: UInt32

  package init(kind: UInt16 = 1, required: UInt16 = 0, offset: UInt32 = 0, byteCount: UInt32 = 0) {
    self.kind = kind
    self.required = required
    self.offset = offset
    self.byteCount = byteCount
  }

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&kind, "section kind", 1...UInt16.max)
    try coder.field(&required, "section required flag", 0...1)
    try coder.field(&offset, "section offset", 0...FileHeader.maximumByteCount)
    try coder.field(&byteCount, "section byte count", 0...FileHeader.maximumByteCount)
    try coder.reserved(4)
  }
}
