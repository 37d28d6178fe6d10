/// Field numbers are those of `onnx.proto3` (IR version 11); unknown fields are passed over, as protobuf asks.
extension ONNXModel {
  /// The most nodes, tensors or attributes of a node that are read.
  static let maximumPartCount = 100_000

  /// The largest file: what protobuf allows.
  static let maximumByteCount = Int(Int32.max)

  /// Reads the model that a file's bytes hold.
  ///
  /// Time and memory are linear in the file; weights are not copied.
  init(parsing bytes: [UInt8]) throws(ONNXError) {
    guard !bytes.isEmpty else { throw ONNXError(at: .file, .empty) }
    guard bytes.count <= Self.maximumByteCount else {
      throw ONNXError(at: .file, .tooLarge(byteCount: bytes.count))
    }
    self.bytes = bytes
    var reader = WireReader(bytes, in: 0..<bytes.count)
    while let field = try reader.nextField() {
      switch field.number {
      case 2: producerName = try field.text(in: bytes)
      case 3: producerVersion = try field.text(in: bytes)
      case 7:
        hasGraph = true
        try parseGraph(in: field.range())
      case 8: try parseOpset(in: field.range())
      case 14: metadata.append(try Entry(parsing: bytes, in: field.range()))
      default: break
      }
    }
    guard hasGraph else { throw ONNXError(at: .file, .noGraph) }
  }

  private mutating func parseOpset(in range: Range<Int>) throws(ONNXError) {
    var reader = WireReader(bytes, in: range)
    var domain = ""
    var version: Int64 = 0
    while let field = try reader.nextField() {
      switch field.number {
      case 1: domain = try field.text(in: bytes)
      case 2: version = try field.int64()
      default: break
      }
    }
    opsets[domain == "ai.onnx" ? "" : domain] = version
  }

  private mutating func parseGraph(in range: Range<Int>) throws(ONNXError) {
    var reader = WireReader(bytes, in: range)
    while let field = try reader.nextField() {
      switch field.number {
      case 1:
        try Self.limit(nodes.count, .nodes)
        nodes.append(try Node(parsing: bytes, in: field.range()))
      case 2: name = try field.text(in: bytes)
      case 5:
        try Self.limit(initializers.count, .tensors)
        initializers.append(try Tensor(parsing: bytes, in: field.range()))
      case 11:
        try Self.limit(inputs.count, .tensors)
        inputs.append(try ValueInfo(parsing: bytes, in: field.range()))
      case 12:
        try Self.limit(outputs.count, .tensors)
        outputs.append(try ValueInfo(parsing: bytes, in: field.range()))
      default: break
      }
    }
  }

  fileprivate static func limit(_ count: Int, _ part: ONNXError.Part) throws(ONNXError) {
    guard count < maximumPartCount else { throw ONNXError(at: .file, .tooMany(part: part, maximum: maximumPartCount)) }
  }
}

extension ONNXModel.Entry {
  fileprivate init(parsing bytes: [UInt8], in range: Range<Int>) throws(ONNXError) {
    var reader = WireReader(bytes, in: range)
    while let field = try reader.nextField() {
      switch field.number {
      case 1: key = try field.text(in: bytes)
      case 2: value = try field.text(in: bytes)
      default: break
      }
    }
  }
}

extension ONNXModel.Node {
  fileprivate init(parsing bytes: [UInt8], in range: Range<Int>) throws(ONNXError) {
    var reader = WireReader(bytes, in: range)
    while let field = try reader.nextField() {
      switch field.number {
      case 1:
        try ONNXModel.limit(inputs.count, .tensors)
        inputs.append(try field.text(in: bytes))
      case 2:
        try ONNXModel.limit(outputs.count, .tensors)
        outputs.append(try field.text(in: bytes))
      case 3: name = try field.text(in: bytes)
      case 4: operatorName = try field.text(in: bytes)
      case 5:
        try ONNXModel.limit(attributes.count, .attributes)
        attributes.append(try ONNXModel.Attribute(parsing: bytes, in: field.range()))
      case 7:
        let text = try field.text(in: bytes)
        domain = text == "ai.onnx" ? "" : text
      default: break
      }
    }
  }
}

extension ONNXModel.Attribute {
  /// Which of the value fields counts is said by the declared type; files of IR version 1 declare none.
  fileprivate init(parsing bytes: [UInt8], in range: Range<Int>) throws(ONNXError) {
    var reader = WireReader(bytes, in: range)
    var type: UInt64 = 0
    var floats: [Float] = []
    var ints: [Int64] = []
    while let field = try reader.nextField() {
      switch field.number {
      case 1: name = try field.text(in: bytes)
      case 2: value = .float(try field.float())
      case 3: value = .int(try field.int64())
      case 4: value = .string(Array(bytes[try field.range()]))
      case 5: value = .tensor(try ONNXModel.Tensor(parsing: bytes, in: field.range()))
      case 7: try field.appendFloats(to: &floats, from: bytes)
      case 8: try field.appendInts(to: &ints, from: bytes)
      case 9: value = .strings
      case 6, 10, 11, 21, 22: value = .other
      case 20: type = try field.varint()
      default: break
      }
    }
    switch type {
    case 1: if case .float = value {} else { value = .float(0) }
    case 2: if case .int = value {} else { value = .int(0) }
    case 3: if case .string = value {} else { value = .string([]) }
    case 6: value = .floats(floats)
    case 7: value = .ints(ints)
    default:
      if !ints.isEmpty { value = .ints(ints) } else if !floats.isEmpty { value = .floats(floats) }
    }
  }
}

extension ONNXModel.Tensor {
  init(parsing bytes: [UInt8], in range: Range<Int>) throws(ONNXError) {
    offset = range.lowerBound
    var reader = WireReader(bytes, in: range)
    var isExternal = false
    var entries: [ONNXModel.Entry] = []
    while let field = try reader.nextField() {
      switch field.number {
      case 1: try field.appendInts(to: &dims, from: bytes)
      case 2: dataType = Int(truncatingIfNeeded: try field.int64())
      case 4: try appendRun(.floats, field, scalar: .fixed32)
      case 5: try appendRun(.int32s, field, scalar: .varint)
      case 7: try appendRun(.int64s, field, scalar: .varint)
      case 8: name = try field.text(in: bytes)
      case 9: raw = try field.range()
      case 10: try appendRun(.doubles, field, scalar: .fixed64)
      case 11: try appendRun(.uint64s, field, scalar: .varint)
      case 13: entries.append(try ONNXModel.Entry(parsing: bytes, in: field.range()))
      case 14: isExternal = try field.varint() == 1
      default: break
      }
    }
    if isExternal { external = entries }
  }

  /// Adds a packed run, or the one element of an unpacked field.
  private mutating func appendRun(
    _ kind: ONNXModel.TypedRun.Field, _ field: WireReader.Field, scalar: ONNXError.WireKind
  ) throws(ONNXError) {
    guard field.kind == scalar || field.kind == .bytes else { throw field.mismatch(expected: scalar) }
    typed.append(ONNXModel.TypedRun(field: kind, range: field.valueRange))
  }
}

extension ONNXModel.ValueInfo {
  fileprivate init(parsing bytes: [UInt8], in range: Range<Int>) throws(ONNXError) {
    var reader = WireReader(bytes, in: range)
    while let field = try reader.nextField() {
      switch field.number {
      case 1: name = try field.text(in: bytes)
      case 2: try parseType(bytes, in: field.range())
      default: break
      }
    }
  }

  private mutating func parseType(_ bytes: [UInt8], in range: Range<Int>) throws(ONNXError) {
    var reader = WireReader(bytes, in: range)
    while let field = try reader.nextField() {
      guard field.number == 1 else { continue }
      isTensor = true
      var tensor = WireReader(bytes, in: try field.range())
      while let field = try tensor.nextField() {
        switch field.number {
        case 1: elementType = Int(truncatingIfNeeded: try field.int64())
        case 2: dims = try Self.parseShape(bytes, in: field.range())
        default: break
        }
      }
    }
  }

  private static func parseShape(
    _ bytes: [UInt8], in range: Range<Int>
  ) throws(ONNXError) -> [ONNXModel.Dimension] {
    var dims: [ONNXModel.Dimension] = []
    var reader = WireReader(bytes, in: range)
    while let field = try reader.nextField() {
      guard field.number == 1 else { continue }
      var dimension = ONNXModel.Dimension()
      var inner = WireReader(bytes, in: try field.range())
      while let field = try inner.nextField() {
        switch field.number {
        case 1: dimension.value = try field.int64()
        case 2: dimension.symbol = try field.text(in: bytes)
        default: break
        }
      }
      dims.append(dimension)
    }
    return dims
  }
}

extension WireReader.Field {
  /// Adds the numbers of a repeated integer field, packed or not.
  fileprivate func appendInts(to list: inout [Int64], from bytes: [UInt8]) throws(ONNXError) {
    switch payload {
    case .varint(let value): list.append(Int64(bitPattern: value))
    case .bytes(let range):
      var reader = WireReader(bytes, in: range)
      while !reader.isAtEnd { list.append(Int64(bitPattern: try reader.readVarint())) }
    case .fixed32, .fixed64: throw mismatch(expected: .varint)
    }
  }

  /// Adds the numbers of a repeated float field, packed or not.
  fileprivate func appendFloats(to list: inout [Float], from bytes: [UInt8]) throws(ONNXError) {
    switch payload {
    case .fixed32(let value): list.append(Float(bitPattern: value))
    case .bytes(let range):
      var reader = WireReader(bytes, in: range)
      while !reader.isAtEnd { list.append(Float(bitPattern: try reader.readFixed32())) }
    case .varint, .fixed64: throw mismatch(expected: .fixed32)
    }
  }
}
