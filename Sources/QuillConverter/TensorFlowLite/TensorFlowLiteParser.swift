import QuillFloat

/// Reads the FlatBuffer of a `.tflite` file (schema version 3). Total and bounded: no offset is believed, and what is
/// copied out of the file is counted.
struct TensorFlowLiteParser {
  private let bytes: [UInt8]
  private let root: FlatTable

  /// Bytes that may still be copied: a hostile file can name the same vector many times.
  private var byteCountLeft: Int

  /// The constants that results of `DENSIFY` stand for; sparse constants are dense as they are read.
  private var densified: [Int: Int] = [:]

  private init(_ bytes: [UInt8]) throws(ImportError) {
    self.bytes = bytes
    root = try FlatTable.root(bytes)
    byteCountLeft = 1 << 22 + 8 * bytes.count
  }

  /// Whether bytes have the file identifier.
  static func recognizes(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 8 && bytes[4..<8].elementsEqual("TFL3".utf8)
  }

  /// The network in a file.
  static func parse(_ bytes: [UInt8]) throws(ImportError) -> TensorFlowLiteModel {
    guard recognizes(bytes) else { throw .tensorFlowLite(.model, .notTensorFlowLite) }
    var parser = try TensorFlowLiteParser(bytes)
    return try parser.model()
  }

  /// Counts bytes that are about to be copied.
  private mutating func claim(_ byteCount: Int, at offset: Int) throws(ImportError) {
    guard byteCount <= byteCountLeft else {
      throw .tensorFlowLite(.byte(offset), .tooLarge(permitted: 1 << 22 + 8 * bytes.count))
    }
    byteCountLeft -= byteCount
  }

  private mutating func model() throws(ImportError) -> TensorFlowLiteModel {
    let version = try root.uint32(0)
    guard version == 3 else { throw .tensorFlowLite(.model, .unknownVersion(version)) }
    let subgraphCount = try root.count(2, width: 4)
    if let name = try stateKeeper() { throw .tensorFlowLite(.model, .keepsState(name)) }
    guard subgraphCount == 1 else { throw .tensorFlowLite(.model, .subgraphCount(subgraphCount)) }
    let graph = try root.table(2, 0)
    var tensors: [TensorFlowLiteModel.Tensor] = []
    for index in 0..<(try graph.count(0, width: 4)) {
      tensors.append(try tensor(try graph.table(0, index), index))
    }
    var nodes: [TensorFlowLiteModel.Node] = []
    for index in 0..<(try graph.count(3, width: 4)) {
      if let node = try node(try graph.table(3, index), index, tensorCount: tensors.count) { nodes.append(node) }
    }
    let inputs = try indices(graph, 1, count: tensors.count)
    let outputs = try indices(graph, 2, count: tensors.count)
    return TensorFlowLiteModel(
      summary: ImportedName.clean(try root.string(3) ?? ""), tensors: tensors, nodes: nodes, inputs: inputs,
      outputs: outputs,
      byteCount: bytes.count)
  }

  /// The first kind of operator that remembers values; such networks have functions that set them.
  private func stateKeeper() throws(ImportError) -> String? {
    for index in 0..<(try root.count(1, width: 4)) {
      let name = try operatorName(try root.table(1, index))
      if ["VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE"].contains(name) { return name }
    }
    return nil
  }

  /// The name of an operator code.
  private func operatorName(_ table: FlatTable) throws(ImportError) -> String {
    // Codes beyond 127 stand in the newer field.
    TensorFlowLiteOperatorNames.name(max(try table.int8(0), try table.int32(3)))
  }

  private mutating func indices(_ table: FlatTable, _ field: Int, count: Int) throws(ImportError) -> [Int] {
    try claim(8 * (try table.count(field, width: 4)), at: table.offset)
    let indices = try table.int32s(field)
    for index in indices where index < 0 || index >= count {
      throw .tensorFlowLite(.byte(table.offset), .badIndex("tensor", found: index, count: count))
    }
    return indices
  }

  private mutating func tensor(_ table: FlatTable, _ index: Int) throws(ImportError) -> TensorFlowLiteModel.Tensor {
    try claim(128 + 8 * (try table.count(0, width: 4)) + (try table.count(3, width: 1)), at: table.offset)
    let name = ImportedName.first(of: try table.string(3) ?? "")
    let place = TensorFlowLitePlace.tensor(index: index, name: name)
    let number = try table.int8(1)
    guard let type = TensorFlowLiteModel.ElementType(rawValue: number) else {
      throw .tensorFlowLite(place, .unsupportedType("type \(number)", expected: "a number"))
    }
    let declared = try table.int32s(0)
    var data = try data(buffer: try table.uint32(2), place)
    // An extent that varies at run time is written as -1 or 0 by some exporters.
    let shape = data == nil ? declared.map { $0 == -1 || $0 == 0 ? 1 : $0 } : declared
    guard shape.count <= 8, shape.allSatisfy({ $0 >= 0 }), let count = shape.checkedProduct else {
      throw .tensorFlowLite(place, .badShape(declared))
    }
    if let sparsity = try table.table(6), let stored = data, let width = type.byteCount, !shape.isEmpty, count > 0 {
      try claim(count.multipliedReportingOverflow(by: width).overflow ? .max : count * width, at: table.offset)
      let layout = try TensorFlowLiteSparsity(sparsity, shape: shape, byteCount: bytes.count, place)
      data = try layout.dense(stored, width: width)[...]
    }
    if let data, let width = type.byteCount {
      let (expected, overflow) = count.multipliedReportingOverflow(by: width)
      guard !overflow, data.count == expected else {
        throw .tensorFlowLite(place, .byteCount(found: data.count, expected: overflow ? .max : expected))
      }
    }
    return TensorFlowLiteModel.Tensor(
      name: name, shape: shape, type: type, quantization: try quantization(try table.table(4), place), data: data)
  }

  /// The bytes of a buffer; nil for buffer 0 and for empty ones, which stand for "not a constant".
  private func data(buffer index: Int, _ place: TensorFlowLitePlace) throws(ImportError) -> ArraySlice<UInt8>? {
    let count = try root.count(4, width: 4)
    guard index < max(1, count) else {
      throw .tensorFlowLite(place, .badIndex("buffer", found: index, count: count))
    }
    guard index > 0 else { return nil }
    let buffer = try root.table(4, index)
    if let range = try buffer.byteRange(0), !range.isEmpty { return bytes[range] }
    let start = try buffer.uint64(1)
    let length = try buffer.uint64(2)
    guard start > 1 else { return nil }
    guard start <= UInt64(bytes.count), length <= UInt64(bytes.count) - start else {
      throw .tensorFlowLite(place, .outside)
    }
    return bytes[Int(start)..<Int(start + length)]
  }

  private mutating func quantization(
    _ table: FlatTable?, _ place: TensorFlowLitePlace
  ) throws(ImportError) -> TensorFlowLiteModel.Quantization? {
    guard let table else { return nil }
    try claim(4 * (try table.count(2, width: 4)) + 12 * (try table.count(3, width: 8)), at: table.offset)
    let scales = try table.floats(2)
    let zeroPoints = try table.int64s(3)
    if scales.isEmpty { return nil }
    guard scales.allSatisfy({ $0.isFinite && $0 > 0 }), zeroPoints.isEmpty || zeroPoints.count == scales.count,
      zeroPoints.allSatisfy({ (-32_768...32_767).contains($0) })
    else { throw .tensorFlowLite(place, .badQuantization) }
    let points = zeroPoints.isEmpty ? [Int32](repeating: 0, count: scales.count) : zeroPoints.map { Int32($0) }
    return TensorFlowLiteModel.Quantization(scales: scales, zeroPoints: points, axis: try table.int32(6))
  }

  private mutating func node(
    _ table: FlatTable, _ index: Int, tensorCount: Int
  ) throws(ImportError) -> TensorFlowLiteModel.Node? {
    let codeCount = try root.count(1, width: 4)
    let codeIndex = try table.uint32(0)
    guard codeIndex < codeCount else {
      throw .tensorFlowLite(
        .node(index: index, name: "?"), .badIndex("operator code", found: codeIndex, count: codeCount))
    }
    let codeTable = try root.table(1, codeIndex)
    let name = try operatorName(codeTable)
    let place = TensorFlowLitePlace.node(index: index, name: name)
    if name == "CUSTOM" {
      throw .tensorFlowLite(place, .customOperator(ImportedName.clean(try codeTable.string(1) ?? "")))
    }
    try claim(128 + 16 * (try table.count(1, width: 4)) + 8 * (try table.count(2, width: 4)), at: table.offset)
    var inputs: [Int?] = []
    for input in try table.int32s(1) {
      guard input >= -1, input < tensorCount else {
        throw .tensorFlowLite(place, .badIndex("tensor", found: input, count: tensorCount))
      }
      inputs.append(input < 0 ? nil : densified[input] ?? input)
    }
    // Of all operators this one alone has its image behind a shape.
    if name == "TRANSPOSE_CONV" {
      guard (3...4).contains(inputs.count) else {
        throw .tensorFlowLite(place, .operandCount(found: inputs.count, expected: 3...4))
      }
      inputs = [inputs[2], inputs[1], inputs.count > 3 ? inputs[3] : nil, inputs[0]]
    }
    let outputs = try indices(table, 2, count: tensorCount)
    if name == "DENSIFY" {
      guard inputs.count == 1, outputs.count == 1, let constant = inputs[0] else {
        throw .tensorFlowLite(place, .operandCount(found: inputs.count, expected: 1...1))
      }
      densified[outputs[0]] = constant
      return nil
    }
    let options = TensorFlowLiteOptions(table: try table.table(4), place: place)
    let operation = try options.operation(name)
    guard outputs.count == operation.outputCount else {
      throw .tensorFlowLite(place, outputs.isEmpty ? .missing("output") : .unsupportedOperator)
    }
    return TensorFlowLiteModel.Node(operation: operation, name: name, inputs: inputs, outputs: outputs)
  }
}
