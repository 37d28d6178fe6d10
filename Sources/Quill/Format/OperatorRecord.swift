/// One operator in the file: 32 bytes that all have, then 96 that each kind lays out for itself.
package struct OperatorRecord {
  package static let byteCount = 128

  package var inputCount: UInt16 = 1
  /// The position of the first operand in the operands section; the others follow.
  package var firstOperand: UInt32 = 0
  /// The tensor that it computes.
  package var output: UInt32 = 0
  package var name = TextReference()
  package var operation: Operator

  package init(operation: Operator) {
    self.operation = operation
  }

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    var number = operation.kind.rawValue
    let kinds = Operator.Kind.allCases
    try coder.field(&number, "operator kind", 1...UInt16(kinds.count))
    try coder.field(&inputCount, "operand count", 0...64)
    try coder.field(&firstOperand, "first operand", 0...FileHeader.maximumByteCount)
    try coder.field(&output, "output tensor")
    try name.transfer(&coder)
    try coder.reserved(12)
    operation = try OperatorRecord.transferParameters(operation, of: kinds[Int(number) - 1], &coder)
  }

  /// Takes a coder through the parameters of a kind; when reading, what `operation` holds is only a seed.
  private static func transferParameters(
    _ operation: Operator, of kind: Operator.Kind, _ coder: inout RecordCoder
  ) throws(ModelError) -> Operator {
    let end = UInt64(byteCount) - 32 + coder.offset
    let result: Operator
    switch kind {
    case .conv2D: result = .conv2D(try operation.convolution.transferred(&coder))
    case .depthwiseConv2D: result = .depthwiseConv2D(try operation.convolution.transferred(&coder))
    case .fullyConnected: result = .fullyConnected(try operation.fullyConnected.transferred(&coder))
    case .maxPool2D: result = .maxPool2D(try operation.pool.transferred(&coder))
    case .averagePool2D: result = .averagePool2D(try operation.pool.transferred(&coder))
    case .mean: result = .mean(try operation.reduction.transferred(&coder))
    case .sum: result = .sum(try operation.reduction.transferred(&coder))
    case .add: result = .add(try operation.addition.transferred(&coder))
    case .subtract: result = .subtract(try operation.addition.transferred(&coder))
    case .multiply: result = .multiply(try operation.multiplication.transferred(&coder))
    case .maximum: result = .maximum
    case .minimum: result = .minimum
    case .lookup: result = .lookup(try operation.lookup.transferred(&coder))
    case .softmax: result = .softmax(try operation.softmax.transferred(&coder))
    case .pad: result = .pad(try operation.padding.transferred(&coder))
    case .reshape: result = .reshape
    case .transpose: result = .transpose(try operation.transposition.transferred(&coder))
    case .concatenate: result = .concatenate(try operation.concatenation.transferred(&coder))
    case .slice: result = .slice(try operation.slice.transferred(&coder))
    case .resizeNearest: result = .resizeNearest(try operation.nearestResize.transferred(&coder))
    case .constant: result = .constant(try operation.constant.transferred(&coder))
    case .normalize: result = .normalize(try operation.normalization.transferred(&coder))
    }
    try coder.reserved(Int(end - coder.offset))
    return result
  }
}

/// Parameters that take a coder through their fields, in the order of the file.
package protocol OperatorParameters {
  init()
  mutating func transfer(_ coder: inout RecordCoder) throws(ModelError)
}

extension OperatorParameters {
  package func transferred(_ coder: inout RecordCoder) throws(ModelError) -> Self {
    var copy = self
    try copy.transfer(&coder)
    return copy
  }
}

extension Operator {
  // The payload, or a blank one to read into.
  fileprivate var convolution: Convolution {
    switch self {
    case .conv2D(let value), .depthwiseConv2D(let value): value
    default: Convolution()
    }
  }
  fileprivate var fullyConnected: FullyConnected {
    if case .fullyConnected(let value) = self { value } else { FullyConnected() }
  }
  fileprivate var pool: Pool {
    switch self {
    case .maxPool2D(let value), .averagePool2D(let value): value
    default: Pool()
    }
  }
  fileprivate var reduction: Reduction {
    switch self {
    case .mean(let value), .sum(let value): value
    default: Reduction()
    }
  }
  fileprivate var addition: Addition {
    switch self {
    case .add(let value), .subtract(let value): value
    default: Addition()
    }
  }
  fileprivate var multiplication: Multiplication {
    if case .multiply(let value) = self { value } else { Multiplication() }
  }
  fileprivate var lookup: Lookup {
    if case .lookup(let value) = self { value } else { Lookup() }
  }
  fileprivate var softmax: Softmax {
    if case .softmax(let value) = self { value } else { Softmax() }
  }
  fileprivate var padding: Padding {
    if case .pad(let value) = self { value } else { Padding() }
  }
  fileprivate var transposition: Transposition {
    if case .transpose(let value) = self { value } else { Transposition() }
  }
  fileprivate var concatenation: Concatenation {
    if case .concatenate(let value) = self { value } else { Concatenation() }
  }
  fileprivate var slice: StridedSlice {
    if case .slice(let value) = self { value } else { StridedSlice() }
  }
  fileprivate var nearestResize: NearestResize {
    if case .resizeNearest(let value) = self { value } else { NearestResize() }
  }
  fileprivate var normalization: Normalization {
    if case .normalize(let value) = self { value } else { Normalization() }
  }
  fileprivate var constant: Constant {
    if case .constant(let value) = self { value } else { Constant() }
  }
}
