/// An int8 network as read from a `.tflite` file, with its own scales, and what stood at its edges.
package struct TensorFlowLiteIntegerNetwork: Sendable, Equatable {
  /// What the file's input or output tensor holds; the graph's is int8 always.
  package enum Edge: Sendable, Equatable {
    /// The graph's values.
    case int8

    /// The graph's values plus 128.
    case uint8

    /// Real numbers; the graph's tensor says how they are quantised.
    case float32
  }

  package var graph: QuantizedGraph

  /// One for each of the graph's inputs.
  package var inputEdges: [Edge]

  /// One for each of the graph's outputs.
  package var outputEdges: [Edge]

  /// How many dilated convolutions are padded with bytes of 0 where zero is another byte, as TensorFlow Lite Micro does it.
  package var microPaddedCount = 0

  /// How many linear operators had weights of uint8, which became int8: their results are near the file's.
  package var reroundedCount = 0
}

extension TensorFlowLiteReader {
  /// The int8 network of a description; one that calculates with floats throws.
  /// - Parameter match: the runtime whose answers are wanted, where the runtimes read a file differently.
  package static func integerNetwork(
    of model: TensorFlowLiteModel, named name: String, match: Match = .tensorFlowLiteMicro
  ) throws(ImportError) -> TensorFlowLiteIntegerNetwork {
    try TensorFlowLiteIntegerImporter.network(of: model, named: name, match: match)
  }
}
