import QuillFloat

extension QuantizedGraph {
  /// How far this network's answers are from those of the float network that it was made from: the mean square, in the
  /// outputs' own units, over images. Of a softmax its scores count, which do not saturate.
  func squaredError(
    from lowered: Graph, match: Match, count: Int, threadCount: Int, inputs: @Sendable (Int) -> [FloatTensor]
  ) throws(ConverterError) -> Double {
    let program: FloatProgram
    do throws(GraphError) { program = try FloatProgram(lowered) } catch { throw .graph(error.description) }
    var total = 0.0
    for answer in lowered.outputs.map({ lowered.scores(behind: $0) }) {
      guard let tensor = tensors.firstIndex(where: { $0.name == lowered[answer].name }) else { continue }
      let floats = program.mapSamples(count: count, threadCount: threadCount) { engine, image in
        var found: [Float] = []
        engine.run(inputs(image)) { id, values in
          if id == answer { found = values.withUnsafeBufferPointer { Array($0) } }
        }
        return found
      }
      let (scale, zeroPoint) = (tensors[tensor].scale, tensors[tensor].zeroPoint)
      var sum = 0.0
      try forEachImage(count: count, tensor: tensor, match: match, inputs: inputs) { image, values in
        for (float, value) in zip(floats[image], values) {
          let error = Double(float) - Double(scale) * Double(Int32(value) - zeroPoint)
          sum += error * error
        }
      }
      total += sum / Double(count * max(tensors[tensor].shape.product, 1))
    }
    return total
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
