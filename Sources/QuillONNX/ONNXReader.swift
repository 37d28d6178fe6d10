import QuillFloat

/// Reads networks in the ONNX format (onnx.ai), operator sets 6 to 27, as float graphs.
///
/// The reader is total: any bytes give a graph or an `ONNXError` that says where and what; time and memory stay in
/// proportion to the file. Shapes are made static and the batch 1, integer arithmetic on shapes is carried out, and each
/// operator on NCHW images becomes a transpose to NHWC, the operation, and a transpose back: `Graph.withFewestTransposes`
/// takes them out again.
public enum ONNXReader {
  /// The versions of the standard operator set that are read.
  public static let supportedOpsets = 6...27

  /// What a caller can say that the file does not.
  public struct Options: Sendable, Equatable {
    /// What happens to the batch.
    public enum Batch: Sendable, Equatable {
      /// The leading extent of the inputs becomes 1, whatever the file says.
      case one

      /// The extents stay as in the file; a symbolic one must be given in `inputShapes`.
      case asInFile
    }

    /// What happens to the batch; `.one` by default.
    public var batch = Batch.one

    /// Shapes of inputs by name, where the file leaves an extent open.
    public var inputShapes: [String: [Int]] = [:]

    /// Inputs that are to be constants, by name; each value is the bytes of an ONNX `TensorProto`.
    public var boundInputs: [String: [UInt8]] = [:]

    /// The defaults.
    public init() {}
  }

  /// Reads a network.
  ///
  /// - Parameters:
  ///   - bytes: The whole file, below 2 GiB.
  ///   - options: What the file leaves open.
  ///   - externalData: Answers the bytes of another file by the relative path (never with `..`) that the network names,
  ///     or `nil` where there is none.
  /// - Throws: The place and kind of the first fault.
  public static func read(
    _ bytes: [UInt8], options: Options = Options(), externalData: (_ location: String) -> [UInt8]? = { _ in nil }
  ) throws(ONNXError) -> Graph {
    try reading(try ONNXModel(parsing: bytes), options, keepsScales: false, externalData).graph
  }

  private static func reading(
    _ model: ONNXModel, _ options: Options, keepsScales: Bool, _ externalData: (_ location: String) -> [UInt8]?
  ) throws(ONNXError) -> QuantizedONNX {
    guard let version = model.opsets[""] else {
      // A network of other operators alone: decision trees, as scikit-learn's exporter writes them.
      if let node = model.nodes.first, let version = model.opsets[node.domain], let opset = Int(exactly: version) {
        throw ONNXError(
          at: .node(index: 0, operator: node.operatorName, name: node.name),
          .unsupportedOperator(domain: node.domain, opset: opset))
      }
      throw ONNXError(at: .file, .noOpset)
    }
    guard let opset = Int(exactly: version), supportedOpsets.contains(opset) else {
      throw ONNXError(at: .file, .opset(version, supported: supportedOpsets))
    }
    return try withoutActuallyEscaping(externalData) { externalData throws(ONNXError) in
      try Importer(model, opset: opset, options: options, keepsScales: keepsScales, externalData: externalData).run()
    }
  }

  /// Whether the network computes with integers: a node of it quantises activations, or takes quantised ones.
  package static func isQuantized(_ bytes: [UInt8]) throws(ONNXError) -> Bool {
    try ONNXModel(parsing: bytes).nodes.contains { node in
      node.operatorName == "QuantizeLinear" || node.operatorName.hasPrefix("QLinear")
    }
  }

  /// Reads a network of int8 as the float network that its integers stand for, with their scales.
  ///
  /// Parameters and errors are those of `read(_:options:externalData:)`.
  package static func readQuantized(
    _ bytes: [UInt8], options: Options = Options(), externalData: (_ location: String) -> [UInt8]? = { _ in nil }
  ) throws(ONNXError) -> QuantizedONNX {
    try reading(try ONNXModel(parsing: bytes), options, keepsScales: true, externalData)
  }

  /// Reads one tensor from the bytes of an ONNX `TensorProto` file; integers become floats.
  public static func readTensor(_ bytes: [UInt8]) throws(ONNXError) -> FloatTensor {
    let constant = try Constant(tensorFile: bytes, name: "")
    return FloatTensor(shape: constant.shape, values: constant.floats)
  }
}

extension ONNXReader {
  /// The names of the operators that are read, in alphabetical order.
  public static var supportedOperators: [String] { ONNXOperator.allCases.map(\.rawValue).sorted() }
}
