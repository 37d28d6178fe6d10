import QuillFloat

/// A float network as integers.
struct Quantization {
  /// The float network that the integers round, tensor by tensor.
  var graph: Graph
  var quantized: QuantizedGraph
  /// The tensors whose range training has learnt.
  var learntRangeCount = 0
  /// By tensor, the sizes that its channels were given (`UnequalChannels`).
  var exponents: [String: [Int]] = [:]
  /// The tensors whose rare values are cut off (`Calibration.narrowed`).
  var narrowedTensorCount = 0
}

/// The steps from a lowered float network to integers, all on the same calibration images.
struct QuantizationSteps {
  /// Images on which ways of rounding are compared, at most.
  private static let comparedImageCount = 64
  /// The share of the answers' squared error that another way than the plain one has to leave at most.
  private static let worthwhileShare = 0.8

  let learnt: [String: LearntRanges.Range]
  let options: Converter.Options
  let count: Int
  let inputs: @Sendable (Int) -> [FloatTensor]

  /// The integers of a network.
  ///
  /// Ranges that training has learnt are taken as they are: such a network has channels and biases that allow for its
  /// rounding. Elsewhere channels of like sizes are tried, where they differ, and then ranges without rare values; each is
  /// kept where it takes a fifth of the error of the answers away at least. Mostly neither does.
  func quantization(of lowered: Graph) throws(ConverterError) -> Quantization {
    var calibration = try calibration(of: lowered)
    let adopted = calibration.adopt(learnt, lowered)
    if !adopted.isEmpty {
      let quantized = try quantized(lowered, calibration, learnt: adopted)
      return Quantization(graph: lowered, quantized: quantized, learntRangeCount: adopted.count)
    }
    var best = Quantization(graph: lowered, quantized: try corrected(lowered, calibration))
    var error = try error(of: best.quantized, lowered)
    func keepsIfBetter(_ other: Quantization) throws(ConverterError) -> Bool {
      let otherError = try self.error(of: other.quantized, lowered)
      guard otherError < error * Self.worthwhileShare else { return false }
      (best, error) = (other, otherError)
      return true
    }
    let exponents = try UnequalChannels.exponents(
      in: lowered, count: count, threadCount: options.threadCount, inputs: inputs)
    if !exponents.isEmpty {
      let graph = lowered.scaled(byExponents: exponents)
      let own = try self.calibration(of: graph)
      let balanced = Quantization(graph: graph, quantized: try corrected(graph, own), exponents: exponents)
      if try keepsIfBetter(balanced) { calibration = own }
    }
    let narrowed = try calibration.narrowed(
      best.graph, count: count, threadCount: options.threadCount, inputs: inputs)
    var other = best
    other.quantized = try corrected(best.graph, narrowed)
    other.narrowedTensorCount = narrowed.differenceCount(from: calibration)
    _ = try keepsIfBetter(other)
    return best
  }

  private func calibration(of graph: Graph) throws(ConverterError) -> Calibration {
    try Calibration(graph, count: count, threadCount: options.threadCount, inputs: inputs)
  }

  private func quantized(
    _ graph: Graph, _ calibration: Calibration, learnt: Set<Int> = []
  ) throws(ConverterError) -> QuantizedGraph {
    let ranges = graph.inputs.enumerated().map { index, input in
      index == 0 ? options.pixelRange.union(calibration[input]) : calibration[input]
    }
    return try Quantizer.quantize(
      graph, calibration, learnt: learnt, inputRanges: ranges, perTensor: options.perTensor)
  }

  /// The integers without the systematic part of their rounding error.
  private func corrected(_ graph: Graph, _ calibration: Calibration) throws(ConverterError) -> QuantizedGraph {
    try BiasCorrection.corrected(
      try quantized(graph, calibration), graph, match: options.match, count: count, inputs: inputs)
  }

  private func error(of network: QuantizedGraph, _ lowered: Graph) throws(ConverterError) -> Double {
    try network.squaredError(
      from: lowered, match: options.match, count: min(count, Self.comparedImageCount),
      threadCount: options.threadCount, inputs: inputs)
  }
}
