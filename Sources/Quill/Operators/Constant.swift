/// Parameters of Constant: values of the file, copied into the arena where an operator needs them.
public struct Constant: Sendable, OperatorParameters {
  /// Where the values lie in the weights section, in row-major order.
  package var valuesOffset: UInt32 = 0

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&valuesOffset, "values offset", 0...FileHeader.maximumByteCount)
  }
}
