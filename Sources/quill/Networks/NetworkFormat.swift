/// The kind of file that a network was read from; the raw value is its word for people and scripts.
enum NetworkFormat: String, Sendable, Encodable {
  case onnx
  case keras
  case tensorFlowLite = "tflite"
  case integerONNX = "onnx int8"
  case integerTensorFlowLite = "tflite int8"
  case quill
}
