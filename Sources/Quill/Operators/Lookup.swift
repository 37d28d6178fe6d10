/// Parameters of every operator that maps a value to a value: 256 answers, made by the converter with the rules of the
/// function, so that the board only looks up.
public struct Lookup: Sendable, OperatorParameters {
  /// What the table holds, for reports.
  public enum Function: UInt32, Sendable, CaseIterable {
    case requantize = 0
    case relu = 1
    case relu6 = 2
    case reluMinus1To1 = 3
    case leakyRelu = 4
    case elu = 5
    case logistic = 6
    case tanh = 7
    case hardSwish = 8
    case other = 9

    /// The name in reports, as the field spells it.
    public var name: String {
      switch self {
      case .requantize: "Requantize"
      case .relu: "ReLU"
      case .relu6: "ReLU6"
      case .reluMinus1To1: "ReLUN1To1"
      case .leakyRelu: "LeakyReLU"
      case .elu: "ELU"
      case .logistic: "Logistic"
      case .tanh: "Tanh"
      case .hardSwish: "HardSwish"
      case .other: "Lookup"
      }
    }
  }

  /// What the table holds.
  public var function = Function.requantize
  /// Where the 256 int8 values lie in the weights section; the first is for -128.
  package var tableOffset: UInt32 = 0

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    var number = function.rawValue
    try coder.field(&number, "function", 0...UInt32(Function.allCases.count - 1))
    try coder.field(&tableOffset, "table offset", 0...FileHeader.maximumByteCount)
    function = Function(rawValue: number) ?? .other
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectExtentsOfInput()
  }

  /// Looks up every value; spans begin at the tensors' first values.
  package static func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, table: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    let rowByteCount = outputLayout.width &* outputLayout.channels
    for y in 0..<outputLayout.height {
      for index in 0..<rowByteCount {
        let value = input[y &* inputLayout.rowPitch &+ index]
        output[y &* outputLayout.rowPitch &+ index] = table[Int(value) &+ 128]
      }
    }
  }
}
