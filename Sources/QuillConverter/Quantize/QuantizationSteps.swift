import QuillFloat

/// The steps from a lowered float network to integers, all on the same calibration images.
struct QuantizationSteps {
  /// An int8 network, and how many of its ranges training has learnt.
  struct Network {
    var quantized: QuantizedGraph
    var learntCount: Int
  }

  /// Images on which two ways of rounding are compared, at most.
  private static let comparedImageCount = 64

  let learnt: [String: LearntRanges.Range]
  let options: Converter.Options
  let count: Int
  let inputs: @Sendable (Int) -> [FloatTensor]

  /// The network with the ranges that calibration sees, or training has learnt.
  func rounded(_ lowered: Graph) throws(ConverterError) -> Network {
    var calibration = try Calibration(lowered, count: count, threadCount: options.threadCount, inputs: inputs)
    let adopted = calibration.adopt(learnt, lowered)
    let ranges = lowered.inputs.enumerated().map { index, input in
      index == 0 ? options.pixelRange.union(calibration[input]) : calibration[input]
    }
    let quantized = try Quantizer.quantize(
      lowered, calibration, learnt: adopted, inputRanges: ranges, perTensor: options.perTensor)
    return Network(quantized: quantized, learntCount: adopted.count)
  }

  /// The network with channels of like sizes, where that halves the error of the answers at least; mostly `nil`, since the
  /// channels of trained networks are alike.
  func balanced(
    _ lowered: Graph, _ plain: Network
  ) throws(ConverterError) -> (graph: Graph, network: Network, exponents: [String: [Int]])? {
    let exponents = try UnequalChannels.exponents(
      in: lowered, count: count, threadCount: options.threadCount, inputs: inputs)
    if exponents.isEmpty { return nil }
    let graph = lowered.scaled(byExponents: exponents)
    let network = try rounded(graph)
    let before = try error(of: plain, lowered)
    return try error(of: network, lowered) * 4 < before ? (graph, network, exponents) : nil
  }

  private func error(of network: Network, _ lowered: Graph) throws(ConverterError) -> Double {
    try network.quantized.squaredError(
      from: lowered, match: options.match, count: min(count, Self.comparedImageCount),
      threadCount: options.threadCount, inputs: inputs)
  }

  /// The network without the systematic part of its rounding error.
  func corrected(_ network: Network, _ lowered: Graph) throws(ConverterError) -> QuantizedGraph {
    try BiasCorrection.corrected(network.quantized, lowered, match: options.match, count: count, inputs: inputs)
  }
}
