import Quill
import QuillFloat

/// Turns a float network into a flat file: lower, calibrate, quantise, balance channels, narrow ranges, correct biases, write.
package enum Converter {
  /// What a caller can choose.
  package struct Options: Sendable {
    /// One weight scale a layer instead of one a channel.
    package var perTensor = false
    /// Whose bytes the integers give.
    package var match = Match.tensorFlowLiteMicro
    /// Whether a classifier that ends in logits gets a softmax.
    package var addsSoftmax = true
    /// Calibration images that run at a time; the file does not depend on it.
    package var threadCount = 2
    /// The range of the first input's values for pixel bytes 0...255; other inputs take the range that was seen.
    package var pixelRange = Calibration.Range(low: 0, high: 1)
    /// Which of ink and paper is bright in the digits that the network has learnt.
    package var inkPolarity = Preprocessing.Polarity.lightOnDark
    /// Class names; empty for the numbers.
    package var labels: [String] = []
    /// SHA-256 of the file that the network came from.
    package var sourceSHA256: [UInt8]?
    /// Tool and version, for the provenance.
    package var tool = "quill"
    /// The options as they were given, for the provenance.
    package var optionText = ""

    package init() {}
  }

  /// A written file, and the float network that it quantises tensor by tensor.
  package struct Result: Sendable {
    package var bytes: [UInt8]
    package var arenaLowerBound: Int
    package var lowered: Graph
    package var quantized: QuantizedGraph
    /// The tensors whose range training has learnt.
    package var learntRangeCount = 0
    /// The layers whose channels were given like sizes (`UnequalChannels`); `lowered` has them too.
    package var balancedTensorCount = 0
    /// The tensors whose rare values are cut off (`Calibration.narrowed`).
    package var narrowedTensorCount = 0
  }

  /// Converts a float network.
  ///
  /// Ranges that training has learnt (`LearntRanges`) go before those that calibration sees, and leave no bias to correct.
  /// - Parameters:
  ///   - graph: any network that `Graph.lowered` can bring to the runtime's operations.
  ///   - calibrationCount: the number of calibration images, at least 1.
  ///   - calibrationInputs: the network's inputs for an image.
  package static func convert(
    _ graph: Graph, _ options: Options, calibrationCount: Int,
    calibrationInputs: @escaping @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) -> Result {
    var named = try graph.lowered(addsSoftmax: options.addsSoftmax)
    // A network in words may be longer than a flat file's names.
    named.name = ImportedName.clean(named.name)
    let lowered = named
    let steps = QuantizationSteps(
      learnt: LearntRanges.ranges(of: graph), options: options, count: calibrationCount,
      inputs: { lowered.arranged(calibrationInputs($0)) })
    let quantization = try steps.quantization(of: lowered)
    var description = try describe(quantization.quantized, options)
    description.channelExponents = quantization.exponents
    let file = try FlatFileWriter.write(quantization.quantized, match: options.match, description)
    return Result(
      bytes: file.bytes, arenaLowerBound: file.arenaLowerBound, lowered: quantization.graph,
      quantized: quantization.quantized,
      learntRangeCount: quantization.learntRangeCount, balancedTensorCount: quantization.exponents.count,
      narrowedTensorCount: quantization.narrowedTensorCount)
  }

  /// Writes a network that was quantised elsewhere, keeping its scales.
  package static func rehost(_ given: QuantizedGraph, _ options: Options) throws(ConverterError) -> Result {
    let quantized = given.withRowsBehindBatch()
    let file = try FlatFileWriter.write(quantized, match: options.match, try describe(quantized, options))
    return Result(
      bytes: file.bytes, arenaLowerBound: file.arenaLowerBound, lowered: Graph(name: quantized.name),
      quantized: quantized)
  }

  /// Labels, preprocessing, provenance and the meaning of the output.
  private static func describe(
    _ graph: QuantizedGraph, _ options: Options
  ) throws(ConverterError) -> FlatFileDescription {
    var description = FlatFileDescription()
    description.sourceSHA256 = options.sourceSHA256
    description.tool = options.tool
    description.options = options.optionText
    guard let output = graph.outputs.first else { throw .interface(inputs: graph.inputs.count, outputs: 0) }
    let classes = graph.tensors[output].shape.product
    if !options.labels.isEmpty && options.labels.count != classes {
      throw .labelCount(found: options.labels.count, expected: classes)
    }
    description.labels = options.labels
    if let (meaning, tensor) = decision(graph, output) {
      description.meaning = meaning
      description.decisionTensor = tensor
    }
    describePictures(graph, options, &description)
    return description
  }

  /// What the output means, and which tensor names the class; `nil` where the network is no classifier.
  private static func decision(_ graph: QuantizedGraph, _ output: Int) -> (OutputMeaning, Int)? {
    let shape = graph.tensors[output].shape
    guard graph.outputs.count == 1, let classes = shape.last, classes > 1, classes == shape.product else { return nil }
    let producers = Dictionary(graph.nodes.map { ($0.output, $0) }, uniquingKeysWith: { first, _ in first })
    var tensor = output
    while let node = producers[tensor] {
      switch node.operation {
      case .softmax: return (.probabilities, node.inputs[0])
      // A probability a class, each by itself: what enters tells classes apart where these are rounded to the same.
      case .lookup(.logistic), .lookup(.other(.sigmoid)):
        let answer = graph.tensors[output]
        return answer.scale == 0x1p-8 && answer.zeroPoint == -128 ? (.probabilities, node.inputs[0]) : (.logits, output)
      case .reshape: tensor = node.inputs[0]
      default: return (.logits, output)
      }
    }
    return nil
  }

  /// Tables from pixel bytes to int8, where the first input is a picture of one or three channels.
  private static func describePictures(
    _ graph: QuantizedGraph, _ options: Options, _ description: inout FlatFileDescription
  ) {
    guard graph.inputs.count == 1 else { return }
    let input = graph.tensors[graph.inputs[0]]
    let channels = input.shape.count == 4 ? input.shape[3] : 1
    guard channels == 1 || channels == 3, input.shape.count == 2 || input.shape.count == 4 else { return }
    let isDigit = channels == 1 && input.shape.product == 28 * 28
    description.preprocessing = Preprocessing(
      fit: isDigit ? .digit : .crop, polarity: isDigit ? options.inkPolarity : .any,
      channelOrder: channels == 1 ? .grey : .redGreenBlue)
    let range = options.pixelRange
    let table = (0...255).map { byte in
      let value = range.low + Float(byte) / 255 * (range.high - range.low)
      return quantize(value, scale: input.scale, zeroPoint: input.zeroPoint)
    }
    description.tables = [[Int8]](repeating: table, count: channels)
  }
}
