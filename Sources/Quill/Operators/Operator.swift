/// The operators of the runtime. This enum is the only registry: its switches have no `default`, so that a new case
/// breaks the build exactly where work is due.
public enum Operator: Sendable {
  case conv2D(Convolution)
  case depthwiseConv2D(Convolution)
  case fullyConnected(FullyConnected)
  case maxPool2D(Pool)
  case averagePool2D(Pool)
  case mean(Reduction)
  case sum(Reduction)
  case add(Addition)
  case subtract(Addition)
  case multiply(Multiplication)
  case maximum
  case minimum
  case lookup(Lookup)
  case softmax(Softmax)
  case pad(Padding)
  case reshape
  case transpose(Transposition)
  case concatenate(Concatenation)
  case slice(StridedSlice)
  case resizeNearest(NearestResize)
  case constant(Constant)
  case normalize(Normalization)
}

extension Operator {
  /// The number that stands for the operator in the file.
  package enum Kind: UInt16, CaseIterable {
    case conv2D = 1
    case depthwiseConv2D = 2
    case fullyConnected = 3
    case maxPool2D = 4
    case averagePool2D = 5
    case mean = 6
    case sum = 7
    case add = 8
    case subtract = 9
    case multiply = 10
    case maximum = 11
    case minimum = 12
    case lookup = 13
    case softmax = 14
    case pad = 15
    case reshape = 16
    case transpose = 17
    case concatenate = 18
    case slice = 19
    case resizeNearest = 20
    case constant = 21
    case normalize = 22
  }

  package var kind: Kind {
    switch self {
    case .conv2D: .conv2D
    case .depthwiseConv2D: .depthwiseConv2D
    case .fullyConnected: .fullyConnected
    case .maxPool2D: .maxPool2D
    case .averagePool2D: .averagePool2D
    case .mean: .mean
    case .sum: .sum
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .maximum: .maximum
    case .minimum: .minimum
    case .lookup: .lookup
    case .softmax: .softmax
    case .pad: .pad
    case .reshape: .reshape
    case .transpose: .transpose
    case .concatenate: .concatenate
    case .slice: .slice
    case .resizeNearest: .resizeNearest
    case .constant: .constant
    case .normalize: .normalize
    }
  }

  /// The operator's name in reports, as the field spells it.
  public var name: String {
    switch self {
    case .conv2D: "Conv2D"
    case .depthwiseConv2D: "DepthwiseConv2D"
    case .fullyConnected: "FullyConnected"
    case .maxPool2D: "MaxPool2D"
    case .averagePool2D: "AveragePool2D"
    case .mean: "Mean"
    case .sum: "Sum"
    case .add: "Add"
    case .subtract: "Sub"
    case .multiply: "Mul"
    case .maximum: "Maximum"
    case .minimum: "Minimum"
    case .lookup(let lookup): lookup.function.name
    case .softmax: "Softmax"
    case .pad: "Pad"
    case .reshape: "Reshape"
    case .transpose: "Transpose"
    case .concatenate: "Concatenate"
    case .slice: "Slice"
    case .resizeNearest: "ResizeNearest"
    case .constant: "Constant"
    case .normalize: "Normalize"
    }
  }

  /// The fewest and the most operands.
  package var operandCounts: ClosedRange<Int> {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected, .maxPool2D, .averagePool2D, .mean, .sum, .lookup, .softmax, .pad,
      .reshape, .transpose, .slice, .resizeNearest, .normalize:
      1...1
    case .add, .subtract, .multiply, .maximum, .minimum: 2...2
    case .concatenate: 1...64
    case .constant: 0...0
    }
  }

  /// Whether the output may take the place of an operand that dies here and lies the same way: each value is read
  /// before the one at the same place is written, and never again.
  package var worksInPlace: Bool {
    switch self {
    case .add, .subtract, .multiply, .maximum, .minimum, .lookup, .reshape, .normalize: true
    case .conv2D, .depthwiseConv2D, .fullyConnected, .maxPool2D, .averagePool2D, .mean, .sum, .softmax, .pad,
      .transpose, .concatenate, .slice, .resizeNearest, .constant:
      false
    }
  }
}

/// The values that an operator's output is limited to: a fused activation, or -128...127.
public struct OutputRange: Sendable, Equatable {
  /// The least value, -128...127.
  public var minimum: Int32
  /// The greatest value, `minimum`...127.
  public var maximum: Int32

  /// Every int8 value.
  public static let all = OutputRange(minimum: -128, maximum: 127)

  /// A range by its ends.
  public init(minimum: Int32, maximum: Int32) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// `value` limited to the range.
  @inline(__always)
  package func clamp(_ value: Int32) -> Int8 {
    Int8(truncatingIfNeeded: max(minimum, min(maximum, value)))
  }

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&minimum, "output minimum", -128...127)
    try coder.field(&maximum, "output maximum", -128...127)
  }
}

extension Multiplier {
  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&quantized, "multiplier", 0...Int32.max)
    try coder.field(&shift, "shift", -31...30)
  }
}
