/// Whose bytes an int8 network gives (`arithmetic.md`, "Which bytes").
public enum Match: String, Sendable, CaseIterable {
  /// TensorFlow Lite Micro's reference kernels.
  case tensorFlowLiteMicro = "tflite-micro"

  /// LiteRT's reference kernels.
  case liteRT = "litert"
}
