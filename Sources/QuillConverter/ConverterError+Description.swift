// Every sentence that a network which cannot be converted can cause. Pinned by `ConverterErrorTests`.

extension ConverterError: CustomStringConvertible {
  /// One line: where, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .unsupported(let node, let operation, let reason): "node \"\(node)\" (\(operation)): \(reason)"
    case .shape(let tensor, let shape, let reason): "tensor \"\(tensor)\" of shape \(shape): \(reason)"
    case .scales(let node, let operation, let reason): "node \"\(node)\" (\(operation)): \(reason)"
    case .accumulator(let node, let channel):
      "node \"\(node)\": the sum of channel \(channel) can leave 32 bits; its weights or bias are too large beside its input's range"
    case .weightMinus128(let node, let position):
      "node \"\(node)\": weight \(position) is -128; expected -127...127: quantise the network with symmetric weights"
    case .notFinite(let tensor, let image):
      "tensor \"\(tensor)\" takes a value that is not finite on calibration image \(image); check the network's weights and the input range"
    case .noCalibrationImages: "the calibration set has no images; name a folder that holds some, or `synthetic`"
    case .calibrationSize(let found, let expected, let shape):
      "a calibration image has \(found) values; the network's input \(shape) takes \(expected)"
    case .interface(let inputs, let outputs):
      "the network has \(inputs) inputs and \(outputs) outputs; expected 1 to 4 of each"
    case .labelCount(let found, let expected): "\(found) labels for \(expected) classes; name one label a class"
    case .text(let text):
      "the name \"\(text)\" is longer than 255 bytes or holds control characters; expected plain text"
    case .tooLarge(let bytes): "the file would have \(bytes) bytes; expected less than 2 GiB"
    case .graph(let sentence): sentence
    case .rejected(let sentence):
      "the written file does not pass its own check, which is a mistake in Quill: \(sentence)"
    }
  }
}
