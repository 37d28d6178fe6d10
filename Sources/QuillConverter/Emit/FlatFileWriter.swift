import Quill

/// Writes a quantised network as a flat file, and has the core prove it before anyone else sees it.
package struct FlatFileWriter {
  /// A written file and what it takes to run it.
  package struct File: Sendable {
    package var bytes: [UInt8]
    /// The smallest arena that any plan could have: the largest sum of tensors alive at once, halos as stored, and the margin.
    package var arenaLowerBound: Int
  }

  private let graph: QuantizedGraph
  private let description: FlatFileDescription
  private var text = TextPool()
  private var tensors: [TensorRecord] = []
  private var operators: [Operator] = []
  private var weights: [UInt8] = []
  private var arenaByteCount = 0

  /// The file of a network.
  package static func write(
    _ graph: QuantizedGraph, match: Match, _ description: FlatFileDescription
  ) throws(ConverterError) -> File {
    var writer = FlatFileWriter(graph, description)
    let lowerBound = try writer.lower(match)
    let bytes = try writer.assemble()
    return File(bytes: try GoldenRecorder.record(in: bytes), arenaLowerBound: lowerBound)
  }

  /// The file of a network that is still being worked on: it runs, and proves nothing of itself.
  static func writeWithoutGolden(_ graph: QuantizedGraph, match: Match) throws(ConverterError) -> [UInt8] {
    var writer = FlatFileWriter(graph, FlatFileDescription())
    _ = try writer.lower(match)
    var bytes = try writer.assemble()
    FlatFileSeal.seal(&bytes)
    return bytes
  }

  private init(_ graph: QuantizedGraph, _ description: FlatFileDescription) {
    self.graph = graph
    self.description = description
  }

  /// Operators, tensors and their places; answers the smallest possible arena.
  private mutating func lower(_ match: Match) throws(ConverterError) -> Int {
    guard (1...4).contains(graph.inputs.count), (1...4).contains(graph.outputs.count) else {
      throw .interface(inputs: graph.inputs.count, outputs: graph.outputs.count)
    }
    var lowering = try OperatorLowering(graph, match: match)
    for node in graph.nodes { operators.append(try lowering.lower(node)) }
    tensors = lowering.tensors
    weights = lowering.weights.bytes
    alignSums()
    let (plan, lowerBound) = place()
    for index in tensors.indices {
      tensors[index].arenaOffset = UInt32(plan.offsets[index])
      tensors[index].name = try text.add(graph.tensors[index].name)
    }
    let margin = Engine.marginByteCount
    arenaByteCount = (plan.byteCount + 15) / 16 * 16 + margin
    return lowerBound + margin
  }

  /// Gives a convolution's output the halo of the Add that alone reads it, where that lets the sum lie in its place: the
  /// engine may then do both in one pass.
  private mutating func alignSums() {
    for index in graph.nodes.indices.dropFirst() {
      guard case .conv2D = operators[index - 1], case .add = operators[index] else { continue }
      let node = graph.nodes[index]
      let middle = graph.nodes[index - 1].output
      let sum = tensors[node.output]
      guard node.inputs.filter({ $0 == middle }).count == 1, dies(middle, at: index), tensors[middle].isDense,
        tensors[middle].count == sum.count,
        !node.inputs.contains(where: { dies($0, at: index) && tensors[$0].hasLayout(of: sum) })
      else { continue }
      tensors[middle].haloTop = sum.haloTop
      tensors[middle].haloLeft = sum.haloLeft
      tensors[middle].haloBottom = sum.haloBottom
      tensors[middle].haloRight = sum.haloRight
      tensors[middle].rowPitch = sum.rowPitch
    }
  }

  /// Whether nothing reads a tensor after an operator.
  private func dies(_ tensor: Int, at index: Int) -> Bool {
    !graph.outputs.contains(tensor) && description.decisionTensor != tensor
      && !graph.nodes[(index + 1)...].contains { $0.inputs.contains(tensor) }
  }

  /// How much larger than the smallest possible the arena may become for the sake of speed.
  private static let fusionAllowance = 1.05

  /// The plan of the arena: one in which a max pool's output lies clear of what the convolution before it reads, so that
  /// the engine may do both in one pass, where that costs little. With it the least that any plan could take.
  private func place() -> (plan: MemoryPlan, lowerBound: Int) {
    let plan = plan(clearsFusions: false)
    let fused = self.plan(clearsFusions: true)
    let margin = Engine.marginByteCount
    let limit = Double(plan.lowerBound + margin) * Self.fusionAllowance
    return (Double(fused.byteCount + margin) <= limit ? fused : plan, plan.lowerBound)
  }

  private func plan(clearsFusions: Bool) -> MemoryPlan {
    var items = tensors.map { MemoryPlan.Item(byteCount: Int($0.storedByteCount), first: -1, last: -1) }
    for (index, node) in graph.nodes.enumerated() {
      items[node.output].first = index
      items[node.output].last = index
      for input in node.inputs { items[input].last = index }
    }
    for output in graph.outputs { items[output].last = graph.nodes.count }
    if let decision = description.decisionTensor { items[decision].last = graph.nodes.count }
    var shared: [(Int, Int)] = []
    for (index, node) in graph.nodes.enumerated() where operators[index].worksInPlace {
      let candidate = node.inputs.first { items[$0].last == index && mayShare($0, node.output, operators[index]) }
      if let candidate { shared.append((candidate, node.output)) }
    }
    if clearsFusions {
      for index in graph.nodes.indices.dropFirst() where mayFuse(index - 1, index) {
        items[graph.nodes[index].output].first = index - 1
      }
    }
    return MemoryPlan(items, shared: shared)
  }

  /// Whether the second operator is a max pool that could be done in the pass of the first.
  private func mayFuse(_ first: Int, _ second: Int) -> Bool {
    guard case .conv2D = operators[first], case .maxPool2D(let pool) = operators[second] else { return false }
    return graph.nodes[second].inputs == [graph.nodes[first].output] && pool.padTop == 0 && pool.padLeft == 0
  }

  /// Whether an output may lie where a dying operand lies (the reader checks the same).
  private func mayShare(_ input: Int, _ output: Int, _ operation: Operator) -> Bool {
    if case .reshape = operation { return tensors[input].isDense && tensors[output].isDense }
    return tensors[input].hasLayout(of: tensors[output])
  }

  // MARK: Sections

  private mutating func assemble() throws(ConverterError) -> [UInt8] {
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

/// The text section: each piece once.
struct TextPool {
  private(set) var bytes: [UInt8] = []
  /// The first piece that a file does not hold.
  private(set) var refused: String?
  private var places: [String: TextReference] = [:]

  /// A reference to a piece of text.
  mutating func add(_ piece: String) throws(ConverterError) -> TextReference {
    let reference = addOrNote(piece)
    if let refused { throw .text(refused) }
    return reference
  }

  /// The same; what a file does not hold is noted in `refused`.
  mutating func addOrNote(_ piece: String) -> TextReference {
    if let place = places[piece] { return place }
    let utf8 = Array(piece.utf8)
    let isPrintable = piece.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    if utf8.count > 255 || !isPrintable {
      refused = refused ?? piece
      return TextReference()
    }
    let place = TextReference(offset: UInt32(bytes.count), byteCount: UInt32(utf8.count))
    bytes += utf8
    places[piece] = place
    return place
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
