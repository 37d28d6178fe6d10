// What makes running safe: the order of operators, their shapes, their weights, and that no live tensors share bytes.

extension ModelParts {
  /// Proves everything that is not about a single record.
  func prove(_ file: Span<UInt8>) throws(ModelError) {
    let lives = try proveOrder()
    for index in 0..<entries.count { try proveOperator(file, index) }
    try proveMemory(lives)
    try proveGolden()
  }

  /// The scope of an operator, for its shape rule.
  private func scope(_ index: Int) -> OperatorScope {
    let entry = entries[index]
    let first = entry.firstOperand
    return OperatorScope(
      index: index, offset: entry.offset, tensors: tensors,
      operands: (first..<first + entry.operandCount).map { operands[$0] }, outputIndex: entry.output)
  }

  /// From which operator to which a tensor's bytes matter; inputs live from -1, outputs to the number of operators.
  private struct Life {
    var first: Int
    var last: Int
  }

  private func proveOrder() throws(ModelError) -> [Life?] {
    var lives = [Life?](repeating: nil, count: tensors.count)
    let interfaceOffset = UInt64(sections[.interface].offset)
    let subject = ModelError.Subject.section(SectionKind.interface.rawValue)
    for index in 0..<Int(interface.inputCount) {
      let tensor = Int(interface.inputs[index])
      if lives[tensor] != nil {
        throw ModelError(
          offset: interfaceOffset + 8 + UInt64(4 * index), subject: subject, fault: .writtenTwice(tensor: tensor))
      }
      lives[tensor] = Life(first: -1, last: -1)
    }
    for (index, entry) in entries.enumerated() {
      for position in entry.firstOperand..<entry.firstOperand + entry.operandCount {
        let operand = operands[position]
        if lives[operand] == nil {
          throw ModelError(
            offset: entry.offset, subject: .operator(index), fault: .notYetComputed(tensor: operand))
        }
        lives[operand]?.last = index
      }
      if lives[entry.output] != nil {
        throw ModelError(
          offset: entry.offset + 8, subject: .operator(index), fault: .writtenTwice(tensor: entry.output))
      }
      lives[entry.output] = Life(first: index, last: index)
    }
    var kept = (0..<Int(interface.outputCount)).map { Int(interface.outputs[$0]) }
    if interface.decisionTensor != InterfaceRecord.noTensor { kept.append(Int(interface.decisionTensor)) }
    for tensor in kept {
      if lives[tensor] == nil {
        throw ModelError(
          offset: interfaceOffset + 24, subject: subject, fault: .notYetComputed(tensor: tensor))
      }
      lives[tensor]?.last = entries.count
    }
    return lives
  }

  /// Tensors that are alive together lie apart, but for an operator that works in place; the arena ends with the last.
  private func proveMemory(_ lives: [Life?]) throws(ModelError) {
    var end: UInt64 = 0
    for index in 0..<tensors.count {
      guard let life = lives[index] else { continue }
      let tensor = tensors[index]
      let tensorEnd = UInt64(tensor.arenaOffset) + tensor.storedByteCount
      end = max(end, tensorEnd)
      for other in 0..<index {
        guard let otherLife = lives[other], life.first <= otherLife.last, otherLife.first <= life.last else { continue }
        let neighbour = tensors[other]
        let neighbourEnd = UInt64(neighbour.arenaOffset) + neighbour.storedByteCount
        if UInt64(tensor.arenaOffset) >= neighbourEnd || UInt64(neighbour.arenaOffset) >= tensorEnd { continue }
        if mayShare(index, life, other, otherLife) || mayShare(other, otherLife, index, life) { continue }
        throw ModelError(
          offset: UInt64(sections[.tensors].offset + index * TensorRecord.byteCount) + 12, subject: .tensor(index),
          fault: .overlap(tensor: index, with: other))
      }
    }
    let expected = (end + 15) / 16 * 16 + UInt64(Engine.marginByteCount)
    if UInt64(header.arenaByteCount) != expected {
      throw ModelError(
        offset: 20, subject: .file, fault: .arena(found: UInt64(header.arenaByteCount), expected: expected))
    }
  }

  /// Whether `dying` ends where `born` begins, at an operator that may write the one over the other.
  private func mayShare(_ dying: Int, _ dyingLife: Life, _ born: Int, _ bornLife: Life) -> Bool {
    guard dyingLife.last == bornLife.first, bornLife.first >= 0, bornLife.first < entries.count else { return false }
    let operation = entries[bornLife.first].operation
    guard operation.worksInPlace else { return false }
    if case .reshape = operation {
      return tensors[dying].isDense && tensors[born].isDense && tensors[dying].arenaOffset == tensors[born].arenaOffset
    }
    return tensors[dying].hasLayout(of: tensors[born])
  }

  private func proveOperator(_ file: Span<UInt8>, _ index: Int) throws(ModelError) {
    let scope = scope(index)
    switch entries[index].operation {
    case .conv2D(let convolution):
      try convolution.check(scope, depthwise: false)
      let order = convolution.runs(input: scope.input, output: scope.output)
      try LinearProof(scope, convolution.linear, sections[.weights]).prove(file, order)
    case .depthwiseConv2D(let convolution):
      try convolution.check(scope, depthwise: true)
      try LinearProof(scope, convolution.linear, sections[.weights]).proveDepthwise(file, convolution)
    case .fullyConnected(let layer):
      try layer.check(scope)
      let order = layer.order(outputs: Int(scope.output.channels))
      try LinearProof(scope, layer.linear, sections[.weights]).prove(file, order)
    case .maxPool2D(let pool), .averagePool2D(let pool): try pool.check(scope)
    case .mean(let reduction), .sum(let reduction): try reduction.check(scope)
    case .add(let addition), .subtract(let addition): try addition.check(scope)
    case .multiply(let multiplication): try multiplication.check(scope)
    case .maximum, .minimum:
      try scope.expectBroadcast()
      for operand in scope.operands { try scope.expectSameQuantization(operand) }
    case .lookup(let lookup):
      try lookup.check(scope)
      try proveRange(scope, "table", UInt64(lookup.tableOffset), 256, multiple: 1)
    case .softmax(let softmax): try softmax.check(scope)
    case .pad(let padding): try padding.check(scope)
    case .reshape: try Reshape.check(scope)
    case .transpose(let transposition): try transposition.check(scope)
    case .concatenate(let concatenation): try concatenation.check(scope)
    case .slice(let slice): try slice.check(scope)
    case .resizeNearest(let resize): try proveResize(file, scope, resize)
    case .normalize(let normalization): try normalization.check(scope)
    case .constant(let constant):
      try proveRange(scope, "values", UInt64(constant.valuesOffset), UInt64(scope.output.count), multiple: 1)
    }
  }

  private func proveRange(
    _ scope: OperatorScope, _ field: FieldName, _ offset: UInt64, _ byteCount: UInt64, multiple: UInt64
  ) throws(ModelError) {
    if offset % multiple != 0 {
      throw scope.failure(.alignment(field: field, found: offset, multiple: multiple))
    }
    let limit = UInt64(sections[.weights].byteCount)
    if byteCount > limit || offset > limit - byteCount {
      let (end, overflow) = offset.addingReportingOverflow(byteCount)
      throw scope.failure(.outOfBounds(field: field, end: overflow ? .max : end, limit: limit))
    }
  }

  private func proveResize(
    _ file: Span<UInt8>, _ scope: OperatorScope, _ resize: NearestResize
  ) throws(ModelError) {
    try resize.check(scope)
    let height = Int(scope.output.height)
    let count = height + Int(scope.output.width)
    try proveRange(scope, "indices", UInt64(resize.indexOffset), UInt64(count) * 4, multiple: 4)
    let start = sections[.weights].offset + Int(resize.indexOffset)
    for index in 0..<count {
      let found = file.int32(at: start + 4 * index)
      let limit = index < height ? Int32(scope.input.height) : Int32(scope.input.width)
      if found < 0 || found >= limit {
        throw scope.failure(.field("index", found: Int64(found), low: 0, high: Int64(limit) - 1))
      }
    }
  }

  private func proveGolden() throws(ModelError) {
    let range = sections[.golden]
    let expected = GoldenVectors.byteCount(operatorCount: entries.count, outputCount: outputValueCount)
    if UInt64(range.byteCount) != expected {
      throw ModelError(
        offset: UInt64(range.offset), subject: .section(SectionKind.golden.rawValue),
        fault: .sectionByteCount(found: UInt64(range.byteCount), expected: expected))
    }
  }

  /// The values of all outputs.
  private var outputValueCount: Int {
    (0..<Int(interface.outputCount)).reduce(0) { $0 + tensors[Int(interface.outputs[$1])].count }
  }
}

extension Span<UInt8> {
  /// The little-endian Int32 at an offset that the caller has proved to lie within.
  func int32(at offset: Int) -> Int32 {
    var bits: UInt32 = 0
    for index in 0..<4 { bits |= UInt32(self[offset + index]) << UInt32(8 * index) }
    return Int32(bitPattern: bits)
  }
}
