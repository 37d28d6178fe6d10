extension ONNXReader {
  /// What a file says of itself, read without looking at its operators.
  public struct Summary: Sendable, Equatable {
    /// The names of what is fed, constants left out, in order.
    public var inputNames: [String]

    /// The names of what is answered, in order.
    public var outputNames: [String]

    /// The version of the standard operator set, or `nil` where none is declared.
    public var opset: Int?

    /// The exporter's name and version.
    public var producer: String

    /// The names of the operators, each once, in the order in which they first come.
    public var operatorNames: [String]
  }

  /// Reads what a file says of itself.
  public static func summary(_ bytes: [UInt8]) throws(ONNXError) -> Summary {
    let model = try ONNXModel(parsing: bytes)
    let constants = Set(model.initializers.map(\.name))
    var seen: Set<String> = []
    return Summary(
      inputNames: model.inputs.map(\.name).filter { !constants.contains($0) },
      outputNames: model.outputs.map(\.name),
      opset: model.opsets[""].flatMap { Int(exactly: $0) },
      producer: [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " "),
      operatorNames: model.nodes.map(\.operatorName).filter { seen.insert($0).inserted })
  }

  /// The type of the elements in a file of ONNX's `TensorProto`, or `nil` for a number that stands for none.
  public static func elementType(ofTensor bytes: [UInt8]) throws(ONNXError) -> ElementType? {
    guard bytes.count <= ONNXModel.maximumByteCount else {
      throw ONNXError(at: .file, .tooLarge(byteCount: bytes.count))
    }
    return ElementType(rawValue: try ONNXModel.Tensor(parsing: bytes, in: 0..<bytes.count).dataType)
  }
}
