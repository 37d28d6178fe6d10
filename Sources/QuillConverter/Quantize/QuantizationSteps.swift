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
    var best = try attempt(lowered, calibration)
    for way in [withLikeChannels, withoutRareValues] {
      if let other = try way(best), other.error < best.error * Self.worthwhileShare { best = other }
    }
    return best.quantization
  }

  // MARK: Ways of rounding

  /// One way of rounding a network, and how far its answers are from those of float.
  private struct Attempt {
    var quantization: Quantization
    var calibration: Calibration
    var reference: FloatReference
    var error: Double
  }

  /// Channels of like sizes; `nil` where they are so.
  private func withLikeChannels(_ plain: Attempt) throws(ConverterError) -> Attempt? {
    let lowered = plain.quantization.graph
    let exponents = try UnequalChannels.exponents(
      in: lowered, count: count, threadCount: options.threadCount, inputs: inputs)
    if exponents.isEmpty { return nil }
    let graph = lowered.scaled(byExponents: exponents)
    var attempt = try attempt(graph, try calibration(of: graph))
    attempt.quantization.exponents = exponents
    return attempt
  }

  /// Ranges without rare values; `nil` where no tensor is better off so.
  private func withoutRareValues(_ best: Attempt) throws(ConverterError) -> Attempt? {
    let graph = best.quantization.graph
    let narrowed = try best.calibration.narrowed(graph, count: count, threadCount: options.threadCount, inputs: inputs)
    let narrowedTensorCount = narrowed.differenceCount(from: best.calibration)
    if narrowedTensorCount == 0 { return nil }
    var attempt = try attempt(graph, narrowed, try quantized(graph, narrowed), best.reference)
    attempt.quantization.exponents = best.quantization.exponents
    attempt.quantization.narrowedTensorCount = narrowedTensorCount
    return attempt
  }

  private func attempt(_ graph: Graph, _ calibration: Calibration) throws(ConverterError) -> Attempt {
    let rounded = try quantized(graph, calibration)
    let reference = try FloatReference(
      graph, of: rounded, match: options.match, count: count, threadCount: options.threadCount, inputs: inputs)
    return try attempt(graph, calibration, rounded, reference)
  }

  /// Integers without the systematic part of their rounding error, and what is left of it.
  private func attempt(
    _ graph: Graph, _ calibration: Calibration, _ rounded: QuantizedGraph, _ reference: FloatReference
  ) throws(ConverterError) -> Attempt {
    let corrected = try BiasCorrection.corrected(rounded, reference)
    return Attempt(
      quantization: Quantization(graph: graph, quantized: corrected), calibration: calibration, reference: reference,
      error: try corrected.squaredError(from: reference))
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
}
