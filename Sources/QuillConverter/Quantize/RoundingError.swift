import QuillFloat

extension QuantizedGraph {
  /// How far this network's answers are from those of the float network that it was made from: the mean square, in the
  /// outputs' own units, over images. Of a softmax its scores count, which do not saturate.
  func squaredError(from reference: FloatReference) throws(ConverterError) -> Double {
    var run = try reference.run(of: self, count: reference.answers.count)
    // In the order in which they are computed: a tensor is read as soon as it is there.
    let places = reference.answerTensors.enumerated().compactMap { answer, id in
      tensors.firstIndex { $0.name == reference.graph[id].name }.map { tensor in
        (answer, tensor, operator: (nodes.lastIndex { $0.output == tensor } ?? -1) + 1)
      }
    }.sorted { $0.operator < $1.operator }
    var total = 0.0
    for (answer, tensor, index) in places {
      let (scale, zeroPoint) = (tensors[tensor].scale, tensors[tensor].zeroPoint)
      var sum = 0.0
      try run.values(of: tensor, in: self, beforeOperator: index) { image, values in
        for (float, value) in zip(reference.answers[image][answer], values) {
          let error = Double(float) - Double(scale) * Double(Int32(value) - zeroPoint)
          sum += error * error
        }
      }
      total += sum / Double(run.count * max(tensors[tensor].shape.product, 1))
    }
    return total
  }
}
