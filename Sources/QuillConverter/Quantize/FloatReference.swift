import QuillFloat

/// What a float network computes on calibration images: what each way of rounding it is held against.
struct FloatReference {
  /// Images that means are taken over, at most.
  private static let mostImages = 256
  /// Images whose answers are compared, at most.
  private static let mostAnswers = 64

  let graph: Graph
  /// Values beyond a tensor's reach count as its ends, in float and in int8.
  let reaches: [Calibration.Range]
  /// The outputs, or the scores that a softmax made them of.
  let answerTensors: [Graph.TensorID]
  /// Of each tensor that a linear layer reads, the mean over the images, position by position.
  let means: [Graph.TensorID: [Double]]
  /// Of the first images, what `answerTensors` hold.
  let answers: [[[Float]]]
  /// Images that `means` were taken over.
  let count: Int
  private let match: Match
  private let inputs: @Sendable (Int) -> [FloatTensor]

  /// - Parameters:
  ///   - graph: the network.
  ///   - quantized: any integers of it: how large they are limits the images that can be held at a time.
  init(
    _ graph: Graph, of quantized: QuantizedGraph, match: Match, count: Int, threadCount: Int,
    inputs: @escaping @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) {
    let count = try QuantizedRun.count(of: quantized, match: match, atMost: min(count, Self.mostImages))
    let reaches = graph.reaches()
    let answerTensors = graph.outputs.map { graph.scores(behind: $0) }
    let operands = Set(graph.nodes.filter(\.operation.isLinear).map { $0.inputs[0] })
    let seen = try graph.program().foldSamples(count: count, threadCount: threadCount, initial: Observation()) {
      seen, engine, image in
      var answers = [[Float]](repeating: [], count: answerTensors.count)
      engine.run(inputs(image)) { id, values in
        if operands.contains(id) { seen.add(values, id, within: reaches[id.index]) }
        for answer in answers.indices where image < Self.mostAnswers && answerTensors[answer] == id {
          answers[answer] = values.withUnsafeBufferPointer { Array($0) }
        }
      }
      if image < Self.mostAnswers { seen.answers.append(answers) }
    } combine: { total, chunk in
      total.add(chunk)
    }
    self.graph = graph
    self.reaches = reaches
    self.answerTensors = answerTensors
    means = seen.sums.mapValues { sum in sum.map { $0 / Double(count) } }
    answers = seen.answers
    self.count = count
    self.match = match
    self.inputs = inputs
  }

  /// Integers of the network, ready to run on the first images.
  func run(of quantized: QuantizedGraph, count: Int) throws(ConverterError) -> QuantizedRun {
    try QuantizedRun(quantized, match: match, count: count, inputs: inputs)
  }
}

/// What some images showed.
private struct Observation: Sendable {
  var sums: [Graph.TensorID: [Double]] = [:]
  var answers: [[[Float]]] = []

  mutating func add(_ values: Span<Float>, _ id: Graph.TensorID, within reach: Calibration.Range) {
    var sum = sums[id] ?? [Double](repeating: 0, count: values.count)
    sums[id] = nil
    for position in 0..<values.count { sum[position] += Double(reach.clamping(values[position])) }
    sums[id] = sum
  }

  mutating func add(_ other: Observation) {
    sums.merge(other.sums) { zip($0, $1).map(+) }
    answers += other.answers
  }
}

extension Graph {
  /// What a softmax made an answer of, or the answer itself.
  fileprivate func scores(behind answer: TensorID) -> TensorID {
    guard let node = nodes.first(where: { $0.output == answer }) else { return answer }
    return switch node.operation {
    case .softmax, .reshape: scores(behind: node.inputs[0])
    default: answer
    }
  }
}

extension Operation {
  /// Whether the operation is a sum of products with weights.
  fileprivate var isLinear: Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .fullyConnected: true
    default: false
    }
  }
}
