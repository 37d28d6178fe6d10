import Quill
import QuillConverter
import QuillFloat

/// Measures how an int8 network drifts from its float self.
package struct Drift: Sendable {
  private let network: SharedModel
  private let program: FloatProgram
  private let lowered: Graph
  private let pairs: [DriftTensor]
  private let isolation: IsolatedLayers

  /// Images on which layers are measured on their own as well: float arithmetic on int8 operands, one layer at a time.
  package static let isolatedImageCount = 64

  /// Pairs a float network with a `.quill` file.
  ///
  /// - Parameters:
  ///   - graph: the float network, as it was read.
  ///   - network: the file that was made from it.
  package init(_ graph: Graph, _ network: SharedModel) throws(DriftError) {
    self.network = network
    let addsSoftmax = network.model.outputMeaning == .probabilities
    var lowered: Graph
    do throws(ConverterError) {
      lowered = try graph.lowered(addsSoftmax: addsSoftmax)
    } catch { throw .float(error.description) }
    // Layers are compared at the sizes of channels that the file has.
    lowered = lowered.scaled(byExponents: try network.model.channelExponents())
    self.lowered = lowered
    do throws(GraphError) { program = try FloatProgram(lowered) } catch { throw .float(error.description) }
    let floatInputs = lowered.inputs.map { lowered[$0].shape.product }
    var quantizedInputs: [Int] = []
    for index in 0..<network.model.inputCount {
      quantizedInputs.append(network.model.tensors[network.model.inputTensor(index)].count)
    }
    if floatInputs != quantizedInputs { throw .inputs(float: floatInputs, quantized: quantizedInputs) }
    let outputCount = network.model.tensors[network.model.outputTensor()].count
    let floatCount = lowered.outputs.first.map { lowered[$0].shape.product } ?? 0
    if floatCount != outputCount { throw .outputs(float: floatCount, quantized: outputCount) }
    pairs = Self.pair(lowered, network)
    isolation = IsolatedLayers(lowered, network, pairs)
  }

  private static func pair(_ lowered: Graph, _ network: SharedModel) -> [DriftTensor] {
    let byName = Dictionary(
      lowered.nodes.map { (lowered[$0.output].name, $0.output) }, uniquingKeysWith: { first, _ in first })
    let reaches = lowered.reaches()
    let scores = QuillConverter.Calibration.scores(of: lowered)
    var pairs: [DriftTensor] = []
    for index in 0..<network.model.operatorCount {
      let tensor = network.model.outputIndex(index)
      guard let id = byName[network.model.tensorName(tensor)],
        lowered[id].shape.product == network.model.tensors[tensor].count
      else { continue }
      let (scale, zeroPoint) = (network.model.tensors[tensor].scale, network.model.tensors[tensor].zeroPoint)
      pairs.append(
        DriftTensor(
          operation: index, quantized: tensor, float: id, reach: reaches[id.index],
          holdsScores: scores.contains(id.index),
          held: QuillConverter.Calibration.Range(
            low: scale * (Float(-128 - zeroPoint) - 0.5), high: scale * (Float(127 - zeroPoint) + 0.5))))
    }
    return pairs
  }

  // MARK: Running

  /// What some images showed.
  private struct Tally: Sendable {
    var layers: [LayerMeasure]
    var isolated: [LayerMeasure]
    var answers: [(float: Int, quantized: Int)] = []
    var largest = 0.0
    var total = 0.0
    var count = 0
  }

  /// Runs both networks on every image.
  ///
  /// - Parameters:
  ///   - count: the number of images.
  ///   - labels: the right class of each; `nil` where nothing is labelled.
  ///   - threadCount: nothing depends on it.
  ///   - level: the instructions of the int8 network; nothing depends on them.
  ///   - inputs: the networks' inputs for an image, as floats.
  ///   - progress: called once an image, from any thread.
  package func measure(
    count: Int, labels: [Int]?, threadCount: Int = 2, level: Quill.KernelLevel = .best,
    inputs: @escaping @Sendable (Int) -> [FloatTensor],
    progress: @escaping @Sendable () -> Void = {}
  ) throws(DriftError) -> DriftReport {
    guard count > 0 else { throw .noImages }
    let blank = [LayerMeasure](repeating: LayerMeasure(), count: pairs.count)
    let tally = program.foldSamples(
      count: count, threadCount: threadCount, initial: Tally(layers: blank, isolated: blank)
    ) { tally, engine, image in
      compare(inputs(image), engine, level, &tally, isolates: image < Self.isolatedImageCount)
      progress()
    } combine: { total, chunk in
      for index in total.layers.indices {
        total.layers[index].add(chunk.layers[index])
        total.isolated[index].add(chunk.isolated[index])
      }
      total.answers += chunk.answers
      total.largest = max(total.largest, chunk.largest)
      total.total += chunk.total
      total.count += chunk.count
    }
    return report(tally, count: count, labels: labels)
  }

  private func compare(
    _ inputs: [FloatTensor], _ floatEngine: FloatEngine, _ level: Quill.KernelLevel, _ tally: inout Tally,
    isolates: Bool
  ) {
    let model = network
    let inputs = lowered.arranged(inputs)
    var engine = Engine(for: model.model, level: level)
    for (index, input) in inputs.enumerated() {
      let tensor = model.model.tensors[model.model.inputTensor(index)]
      let values = input.values.map { quantize($0, scale: tensor.scale, zeroPoint: tensor.zeroPoint) }
      engine.setInput(values.span, at: index, of: model.model)
    }
    var floats: [Graph.TensorID: [Float]] = [:]
    let needed = Set(pairs.map(\.float))
    let outputs = floatEngine.run(inputs) { id, values in
      if needed.contains(id) { floats[id] = values.withUnsafeBufferPointer { Array($0) } }
    }
    var next = 0
    for index in 0..<model.model.operatorCount {
      let operands = isolates ? isolation.operands(of: index, in: engine) : nil
      engine.step(model.model, operator: index)
      guard next < pairs.count, pairs[next].operation == index else { continue }
      let tensor = model.model.tensors[pairs[next].quantized]
      let values = model.values(of: pairs[next].quantized, in: engine)
      let int8 = values.map { dequantize($0, scale: tensor.scale, zeroPoint: tensor.zeroPoint) }
      pairs[next].compare(floats[pairs[next].float] ?? [], int8, &tally.layers[next])
      if let operands, let own = isolation.run(index, operands) {
        pairs[next].compare(own, int8, &tally.isolated[next])
      }
      next += 1
    }
    compareOutputs(outputs[0].values, floats, engine, &tally)
  }

  private func compareOutputs(
    _ float: [Float], _ floats: [Graph.TensorID: [Float]], _ engine: borrowing Engine, _ tally: inout Tally
  ) {
    let index = network.model.outputTensor()
    let tensor = network.model.tensors[index]
    for (x, value) in zip(float, network.values(of: index, in: engine)) where x.isFinite {
      let difference = abs(Double(x) - Double(dequantize(value, scale: tensor.scale, zeroPoint: tensor.zeroPoint)))
      tally.largest = max(tally.largest, difference)
      tally.total += difference
      tally.count += 1
    }
    guard let decision = engine.decision(of: network.model) else {
      if lowered.sigmoidInput != nil, float.count == 1 {
        // One probability, of the second of two classes.
        let value = Int32(engine.outputValue(0, of: network.model))
        let half = Int32((0.5 / tensor.scale).rounded()) + tensor.zeroPoint
        tally.answers.append((float[0] > 0.5 ? 1 : 0, value > half ? 1 : 0))
      }
      return
    }
    // The scores before the softmax decide in float too: a softmax can round two of them to the same number.
    let scores = pairs.first { $0.quantized == network.model.decisionTensor }.flatMap { floats[$0.float] } ?? float
    var best = 0
    for candidate in scores.indices where scores[candidate] > scores[best] { best = candidate }
    tally.answers.append((best, decision))
  }

  // MARK: Reporting

  private func report(_ tally: Tally, count: Int, labels: [Int]?) -> DriftReport {
    var flips = DriftReport.Flips(changed: 0, lost: 0, gained: 0)
    var flipped: [DriftReport.Flip] = []
    var right = (float: 0, quantized: 0)
    for (image, answer) in tally.answers.enumerated() {
      let label = labels?[image]
      if answer.float == label { right.float += 1 }
      if answer.quantized == label { right.quantized += 1 }
      guard answer.float != answer.quantized else { continue }
      flips.changed += 1
      if answer.float == label { flips.lost += 1 }
      if answer.quantized == label { flips.gained += 1 }
      if flipped.count < 100 {
        flipped.append(
          DriftReport.Flip(image: image, label: label, float: answer.float, quantized: answer.quantized))
      }
    }
    let decides = !tally.answers.isEmpty
    func score(_ correct: Int) -> DriftReport.Score? {
      decides && labels != nil
        ? DriftReport.Score(correct: correct, accuracy: Double(correct) / Double(count)) : nil
    }
    let layers = zip(pairs, zip(tally.layers, tally.isolated)).compactMap { pair, measures in
      layer(pair, measures.0, measures.1)
    }
    var report = DriftReport(
      images: count, float: score(right.float), quantized: score(right.quantized),
      agreement: decides ? 1 - Double(flips.changed) / Double(count) : nil, flips: decides ? flips : nil,
      flippedImages: flipped,
      outputs: DriftReport.Outputs(
        largestDifference: tally.largest, meanDifference: tally.total / Double(max(tally.count, 1))),
      layers: layers, verdict: "")
    report.verdict = report.sentence
    return report
  }

  private func layer(_ pair: DriftTensor, _ measure: LayerMeasure, _ isolated: LayerMeasure) -> DriftReport.Layer? {
    let operation = network.model.operation(pair.operation)
    if case .reshape = operation { return nil }
    return DriftReport.Layer(
      name: network.model.tensorName(pair.quantized), operator: operation.name, sqnrDecibels: measure.sqnrDecibels,
      ownSqnrDecibels: isolated.sqnrDecibels, cosine: measure.cosine, saturated: measure.saturated)
  }
}
