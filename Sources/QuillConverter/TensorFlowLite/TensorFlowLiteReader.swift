import QuillFloat

/// Reads `.tflite` files: float networks into a `Graph`, int8 networks into a description that keeps their scales.
public enum TensorFlowLiteReader {
  /// Whether the bytes have the identifier of a `.tflite` file.
  public static func recognizes(_ bytes: [UInt8]) -> Bool { TensorFlowLiteParser.recognizes(bytes) }

  /// The network as the file describes it.
  package static func model(_ bytes: [UInt8]) throws(ImportError) -> TensorFlowLiteModel {
    try TensorFlowLiteParser.parse(bytes).withDilatedConvolutions()
  }

  /// The float network in a file; int8 or float16 weights become floats. A network that calculates with integers
  /// throws `TensorFlowLiteFault.unsupportedType`.
  public static func read(_ bytes: [UInt8], named name: String) throws(ImportError) -> Graph {
    try graph(of: try model(bytes), named: name)
  }

  /// The float network of a description.
  package static func graph(of model: TensorFlowLiteModel, named name: String) throws(ImportError) -> Graph {
    try TensorFlowLiteImporter.graph(of: model, named: name)
  }
}
