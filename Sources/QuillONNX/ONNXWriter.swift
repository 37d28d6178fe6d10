import QuillFloat

/// Writes float graphs in the ONNX format: operator set 17, IR version 8.
public enum ONNXWriter {
  /// The version of the standard operator set that is written.
  public static let opset = 17

  /// The bytes of an ONNX file with a network.
  ///
  /// Inputs, outputs and their layouts keep their names and order; images are NHWC in the graph and NCHW in ONNX's
  /// operators, and the transposes between cancel where neighbours allow. A leading extent of 1 is written as the symbol
  /// `N`. `metadata` becomes `metadata_props`, but for what the reader notes of the file itself (`onnx.*`). The same
  /// graph gives the same bytes.
  ///
  /// - Throws: `.graph` where the graph is not valid, `.tooLarge` where the file would reach 2 GiB, and
  ///   `.unsupportedAttribute` for a resize that ONNX has no word for.
  public static func write(_ graph: Graph) throws(ONNXError) -> [UInt8] {
    do throws(GraphError) {
      try graph.validate()
    } catch {
      throw ONNXError(graph: error)
    }
    let weightBytes = graph.tensors.reduce(0) { $0 + ($1.constant?.count ?? 0) * 4 }
    guard weightBytes < ONNXModel.maximumByteCount else {
      throw ONNXError(at: .file, .tooLarge(byteCount: weightBytes))
    }
    var exporter = Exporter(graph)
    try exporter.run()
    let bytes = exporter.model()
    guard bytes.count < ONNXModel.maximumByteCount else {
      throw ONNXError(at: .file, .tooLarge(byteCount: bytes.count))
    }
    return bytes
  }
}
