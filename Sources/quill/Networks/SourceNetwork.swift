import QuillConverter

/// A network that `convert` makes a file of.
enum SourceNetwork: Sendable {
  /// Floats, to be calibrated and quantised.
  case float(FloatNetwork)

  /// Integers with scales of their own, to be kept.
  case integer(IntegerNetwork)
}

/// A network, and the bytes that it was read from.
struct SourceFile {
  let network: SourceNetwork
  let bytes: [UInt8]
}

/// An int8 network of another runtime.
struct IntegerNetwork: Sendable {
  let graph: QuantizedGraph
  let path: String
  let byteCount: Int

  let format: NetworkFormat

  /// How many dilated convolutions TensorFlow Lite Micro pads otherwise than the network says.
  var microPaddedCount = 0

  /// How many layers had weights of uint8 with a zero point, which are rounded anew.
  var reroundedCount = 0

  /// The network as a `.quill` file.
  ///
  /// Where the caller gives no range for pixels, bytes 0...255 are the first input's -128...127: the quantiser of an
  /// image network has seen every brightness.
  func converted(
    _ options: Converter.Options, pixelRange: Calibration.Range? = nil
  ) throws(ToolError) -> Converter.Result {
    var options = options
    options.pixelRange = pixelRange ?? inputRange
    do throws(ConverterError) {
      return try Converter.rehost(graph, options)
    } catch {
      throw ToolError.converter(path: path, error)
    }
  }

  /// The network ready to run.
  func rehosted() throws(ToolError) -> QuantizedNetwork {
    let result = try converted(Converter.Options())
    return try QuantizedNetwork(result.bytes, path: path, format: format, fileByteCount: byteCount)
  }

  /// The real numbers that the first input's -128 and 127 stand for.
  private var inputRange: Calibration.Range {
    guard let first = graph.inputs.first else { return Calibration.Range(low: 0, high: 1) }
    let input = graph.tensors[first]
    return Calibration.Range(
      low: input.scale * Float(-128 - input.zeroPoint), high: input.scale * Float(127 - input.zeroPoint))
  }
}
