import QuillFloat

extension QuantizedGraph {
  /// How far this network's answers are from those of the float network that it was made from: the mean square, in the
  /// outputs' own units, over images. Of a softmax its scores count, which do not saturate.
  func squaredError(
    from lowered: Graph, match: Match, count: Int, threadCount: Int, inputs: @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) -> Double {
    var run = try QuantizedRun(self, match: match, count: count, inputs: inputs)
    let answers = lowered.outputs.map { lowered.scores(behind: $0) }
    let floats = try lowered.values(of: answers, count: run.count, threadCount: threadCount, inputs: inputs)
    // In the order in which they are computed: a tensor is read as soon as it is there.
    let places = answers.indices.compactMap { answer in
      tensors.firstIndex { $0.name == lowered[answers[answer]].name }.map { tensor in
        (answer, tensor, operator: (nodes.lastIndex { $0.output == tensor } ?? -1) + 1)
      }
    }.sorted { $0.operator < $1.operator }
    var total = 0.0
    for (answer, tensor, index) in places {
      let (scale, zeroPoint) = (tensors[tensor].scale, tensors[tensor].zeroPoint)
      var sum = 0.0
      try run.values(of: tensor, in: self, beforeOperator: index) { image, values in
        for (float, value) in zip(floats[image][answer], values) {
          let error = Double(float) - Double(scale) * Double(Int32(value) - zeroPoint)
          sum += error * error
        }
      }
      total += sum / Double(run.count * max(tensors[tensor].shape.product, 1))
    }
    return total
  }
}

extension Graph {
  /// What tensors hold for each image.
  fileprivate func values(
    of wanted: [TensorID], count: Int, threadCount: Int, inputs: @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) -> [[[Float]]] {
    try program().mapSamples(count: count, threadCount: threadCount) { engine, image in
      var found = [[Float]](repeating: [], count: wanted.count)
      engine.run(inputs(image)) { id, values in
        for place in wanted.indices where wanted[place] == id {
          found[place] = values.withUnsafeBufferPointer { Array($0) }
        }
      }
      return found
    }
  }

  /// What a softmax made an answer of, or the answer itself.
  fileprivate func scores(behind answer: TensorID) -> TensorID {
    guard let node = nodes.first(where: { $0.output == answer }) else { return answer }
    return switch node.operation {
    case .softmax, .reshape: scores(behind: node.inputs[0])
    default: answer
    }
  }
}
