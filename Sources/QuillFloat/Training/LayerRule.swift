/// The shape rule of a layer, for operands of given shapes of one sample. It asks the graph's rules, so that a network
/// that can be trained can be exported.
struct LayerRule {
  /// The layer.
  let layer: Layer

  /// The operands' shapes, without the batch.
  let inputs: [[Int]]

  /// The shape of the result, without the batch.
  func shape() throws(GraphError) -> [Int] {
    let expected = layer == .add || layer == .multiply ? 2 : 1
    guard inputs.count == expected else {
      throw fail(.operandCount(found: inputs.count, expected: expected...expected))
    }
    let input = inputs[0]
    switch layer {
    case .convolution(let channels, let window, let fused):
      try expectAtLeastOne(channels, .channels)
      let image = try expectImage()
      let operation = Operation.conv2D(
        window.convolution(height: image[0], width: image[1], activation: fused.activation))
      return try infer(operation, [channels, window.height, window.width, image[2]])
    case .depthwiseConvolution(let window):
      let image = try expectImage()
      let operation = Operation.depthwiseConv2D(
        window.convolution(height: image[0], width: image[1], groups: image[2]))
      return try infer(operation, [1, window.height, window.width, image[2]])
    case .dense(let units, _):
      try expectAtLeastOne(units, .units)
      guard input.count == 1 else { throw fail(.rank(.input, shape: input, expected: 1)) }
      return try infer(.fullyConnected(.none), [units, input[0]])
    case .maxPool(let window):
      let image = try expectImage()
      return try infer(.maxPool2D(window.pooling(height: image[0], width: image[1])))
    case .averagePool(let window):
      let image = try expectImage()
      return try infer(.averagePool2D(window.pooling(height: image[0], width: image[1]), countsPadding: false))
    case .globalAveragePool: return [try expectImage()[2]]
    case .batchNormalization(let momentum, let epsilon):
      try expectShare(momentum, .momentum)
      guard epsilon.isFinite, epsilon >= 0 else { throw fail(.negativeParameter(.epsilon, epsilon)) }
      return try infer(.unary(.negate))
    case .dropout(let rate):
      try expectShare(rate, .rate)
      return try infer(.unary(.negate))
    case .activation(let function): return try infer(.unary(function.unary))
    case .flatten: return [try infer(.unary(.negate)).product]
    case .add:
      guard inputs[0] == inputs[1] else { throw fail(.broadcast(inputs[0], inputs[1])) }
      return input
    case .multiply:
      guard inputs[1] == input || inputs[1] == Array(input.suffix(1)) else {
        throw fail(.broadcast(inputs[0], inputs[1]))
      }
      return input
    }
  }

  private func fail(_ problem: GraphError.Problem) -> GraphError {
    GraphError(at: .operation(layer.name), problem)
  }

  private func expectImage() throws(GraphError) -> [Int] {
    guard inputs[0].count == 3 else { throw fail(.rank(.input, shape: inputs[0], expected: 3)) }
    return inputs[0]
  }

  private func expectAtLeastOne(_ value: Int, _ parameter: GraphError.Parameter) throws(GraphError) {
    guard value >= 1 else { throw fail(.tooSmall(parameter, found: value, minimum: 1)) }
  }

  /// A number from 0 up to, but not including, 1.
  private func expectShare(_ value: Float, _ parameter: GraphError.Parameter) throws(GraphError) {
    guard value >= 0, value < 1 else { throw fail(.notAShare(parameter, value)) }
  }

  private func infer(_ operation: Operation, _ weights: [Int]...) throws(GraphError) -> [Int] {
    Array(try operation.outputShape(of: [[1] + inputs[0]] + weights).dropFirst())
  }
}
